"""Makes the first tables: accounts, recovery codes, sessions, tokens, places, failures, facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _make_people()
    _make_visits()
    _make_counts()


def _make_people() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("folded", sa.String, nullable=False, unique=True),
        sa.Column("password", sa.String),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("units", sa.Text),
        sa.Column("document_types", sa.Text),
        sa.Column("levels", sa.Text),
        sa.Column("is_disabled", sa.Boolean, nullable=False),
        sa.Column("must_change_password", sa.Boolean, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("signed_in", sa.BigInteger),
        sa.Column("issuer", sa.String),
        sa.Column("subject", sa.String),
        sa.Column("factor", sa.String),
        sa.Column("factor_begun", sa.String),
        sa.Column("factor_step", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_table("recovery_codes", sa.Column("mark", sa.String, primary_key=True), _account())
    op.create_index("recovery_codes_account", "recovery_codes", ["account"])


def _make_counts() -> None:
    op.create_table(
        "places",
        _account(primary_key=True),
        sa.Column("address", sa.String, primary_key=True),
        sa.Column("seen", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "failures",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )


def _make_visits() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("hash", sa.String, nullable=False, unique=True),
        _account(),
        sa.Column("passed_factor", sa.Boolean, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("agent", sa.String, nullable=False),
    )
    op.create_index("sessions_account", "sessions", ["account"])
    op.create_table(
        "tokens",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("hash", sa.String, nullable=False),
        _account(),
        sa.Column("rights", sa.Text, nullable=False),
        sa.Column("units", sa.Text),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger),
        sa.Column("is_revoked", sa.Boolean, nullable=False),
    )
    op.create_index("tokens_account", "tokens", ["account"])


def _account(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "account",
        sa.String,
        sa.ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )

"""Makes the table of searches that people saved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column(
            "account",
            sa.String,
            sa.ForeignKey("accounts.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )

"""Makes the table of purposes that unmasked data is looked at for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "purposes",
        sa.Column(
            "session",
            sa.String,
            sa.ForeignKey("sessions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("dossier", sa.String, primary_key=True),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("file_number", sa.String, nullable=False),
        sa.Column("chosen", sa.BigInteger, nullable=False),
    )

"""Runs the steps on the connection that ``accounts.upgrade`` has locked; Alembic loads this."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema=context.config.attributes["schema"],
)
context.run_migrations()

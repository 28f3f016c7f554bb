"""Defines the tables of the index of owners, and makes them where they are missing."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    text,
)

from owners.database import SCHEMA, transaction

_TABLES = MetaData()
DOSSIERS = Table(
    "owned_dossiers",
    _TABLES,
    Column("dossier", String(40), primary_key=True),
    Column("sequence", Integer, nullable=False),
)
PAPERS = Table(
    "owned_papers",
    _TABLES,
    Column("owner", LargeBinary(32), primary_key=True),
    Column("dossier", String(40), primary_key=True),
    Column("page", Integer, primary_key=True),
    Index("owned_papers_of_dossier", "dossier"),
    sqlite_with_rowid=False,  # the papers of an owner lie together
)
FACTS = Table(
    "owned_facts",
    _TABLES,
    Column("name", String(20), primary_key=True),
    Column("value", String(100), nullable=False),
)
# Facts: fingerprint of the key; set while the store has more; which keys papers are kept under.
KEY, BEHIND, KEYED = "key", "behind", "keyed"
_KEYED_AS = "2"  # raise it when pipeline/owners/numbers.py finds papers under other keys
_LOCK = 0x534F484F  # of PostgreSQL's advisory locks: one process makes the tables


def make_tables(engine: Engine, fingerprint: str, *, is_behind: bool) -> str:
    """Make what is missing, and return the fingerprint of the key that the database knows.

    Args:
        engine: the database.
        fingerprint: the fingerprint of this process's key; a new database notes it.
        is_behind: whether a new database is to be filled from the store.

    Raises:
        OwnersUnavailableError: the database is away or damaged.
    """
    with transaction(engine, writing=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            make_schema(connection)
        _TABLES.create_all(connection)
        known = find_fact(connection, KEY)
        if known is None:
            facts = [{"name": KEY, "value": fingerprint}]
            facts += [{"name": BEHIND, "value": "1"}] if is_behind else []
            connection.execute(insert(FACTS), facts)
        _renew_keys(connection)
        return known or fingerprint


def find_fact(connection: Connection, name: str) -> str | None:
    """Return what is noted under a name."""
    return connection.execute(select(FACTS.c.value).where(FACTS.c.name == name)).scalar()


def _renew_keys(connection: Connection) -> None:
    """Have all dossiers kept anew where an older version kept them under fewer keys."""
    known = find_fact(connection, KEYED)
    if known == _KEYED_AS:
        return
    facts = [{"name": KEYED, "value": _KEYED_AS}]
    if connection.execute(delete(DOSSIERS)).rowcount and find_fact(connection, BEHIND) is None:
        facts.append({"name": BEHIND, "value": "1"})
    connection.execute(delete(FACTS).where(FACTS.c.name == KEYED))
    connection.execute(insert(FACTS), facts)


def make_schema(connection: Connection) -> None:
    """Make the schema unless it is there; asking for it needs no right to make one."""
    known = text("SELECT 1 FROM information_schema.schemata WHERE schema_name = :name")
    if connection.execute(known, {"name": SCHEMA}).scalar() is None:
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))

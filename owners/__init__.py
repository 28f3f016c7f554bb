"""Opens the index of owners: in a file of the home, or in PostgreSQL where it is served."""

from __future__ import annotations

from pathlib import Path

from owners.database import open_engine
from owners.keys import load_key
from owners.store import OwnerStore
from pipeline.ports.owners import OwnerIndex
from pipeline.settings import OwnerSettings

__all__ = ["open_owners"]


def open_owners(settings: OwnerSettings, home: Path) -> OwnerIndex:
    """Open the index of owners; nothing is made before it is first used.

    Args:
        settings: where its database is, and its key.
        home: the folder of the embedded database and of the key.

    Raises:
        MisconfiguredError: the address is none of PostgreSQL, or the key is too short.
    """
    return OwnerStore(lambda: open_engine(settings, home), lambda: load_key(settings, home))

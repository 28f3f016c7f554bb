"""Opens the indexes of owners and duplicates: in files of the home, or in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from owners.database import open_engine
from owners.duplicates import FILE as DUPLICATES
from owners.duplicates import DuplicateStore
from owners.keys import load_key
from owners.store import OwnerStore
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.ports.owners import OwnerIndex
from pipeline.settings import OwnerSettings

__all__ = ["open_duplicates", "open_owners"]


def open_owners(settings: OwnerSettings, home: Path) -> OwnerIndex:
    """Open the index of owners; nothing is made before it is first used.

    Args:
        settings: where its database is, and its key.
        home: the folder of the embedded database and of the key.

    Raises:
        MisconfiguredError: the address is none of PostgreSQL, or the key is too short.
    """
    return OwnerStore(lambda: open_engine(settings, home), lambda: load_key(settings, home))


def open_duplicates(settings: OwnerSettings, home: Path) -> DuplicateIndex:
    """Open the index of duplicates; nothing is made before it is first used.

    Args:
        settings: where its database is, and the key that its own comes from.
        home: the folder of the embedded database and of the key.
    """
    is_served = bool(settings.url.get_secret_value().strip())
    return DuplicateStore(
        lambda: open_engine(settings, home, DUPLICATES),
        lambda: load_key(settings, home),
        None if is_served else home / DUPLICATES,
    )

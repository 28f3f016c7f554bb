"""Opens the indexes of owners and duplicates: in files of the home, or in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from owners.checks import PART, check_store, prepare_store
from owners.database import FILE, open_engine
from owners.duplicates import FILE as DUPLICATES
from owners.duplicates import DuplicateStore
from owners.keys import load_key
from owners.store import OwnerStore
from pipeline.model import Check
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.ports.owners import OwnerIndex
from pipeline.settings import OwnerSettings

__all__ = ["PART", "check_owners", "open_duplicates", "open_owners", "prepare_owners"]


def open_owners(settings: OwnerSettings, home: Path) -> OwnerIndex:
    """Open the index of owners; nothing is made before it is first used.

    Args:
        settings: where its database is, and its key.
        home: the folder of the embedded database and of the key.

    Raises:
        MisconfiguredError: the address is none of PostgreSQL, or the key is too short.
    """
    return _open(settings, home)


def open_duplicates(settings: OwnerSettings, home: Path) -> DuplicateIndex:
    """Open the index of duplicates; nothing is made before it is first used.

    Args:
        settings: where its database is, and the key that its own comes from.
        home: the folder of the embedded database and of the key.
    """
    return DuplicateStore(
        lambda: open_engine(settings, home, DUPLICATES),
        lambda: load_key(settings, home),
        None if _is_served(settings) else home / DUPLICATES,
    )


def check_owners(settings: OwnerSettings, home: Path) -> Iterator[Check]:
    """Yield the checks of the index of owners; never raises."""
    with closing(_open(settings, home)) as store:
        yield from check_store(store, home, is_served=_is_served(settings))


def prepare_owners(settings: OwnerSettings, home: Path) -> Iterator[Check]:
    """Make the tables of a served index; the embedded one makes itself with the first paper."""
    if _is_served(settings):
        with closing(_open(settings, home)) as store:
            yield from prepare_store(store)


def _open(settings: OwnerSettings, home: Path) -> OwnerStore:
    file = None if _is_served(settings) else home / FILE
    return OwnerStore(lambda: open_engine(settings, home), lambda: load_key(settings, home), file)


def _is_served(settings: OwnerSettings) -> bool:
    return bool(settings.url.get_secret_value().strip())

"""Opens the indexes of owners and duplicates: in files of the home, or in PostgreSQL.

Importing the package loads no SQLAlchemy, so that a command that needs none of both starts quickly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from owners.keys import load_key
from pipeline.model import Check
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.ports.owners import OwnerIndex
from pipeline.settings import OwnerSettings

if TYPE_CHECKING:
    from owners.store import OwnerStore

__all__ = ["PART", "check_owners", "open_duplicates", "open_owners", "prepare_owners"]

PART = "kho của tổ chức, cá nhân"  # as `sohoa doctor` calls it


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
    from owners.database import open_engine  # noqa: PLC0415 — SQLAlchemy takes 0.15 s to import
    from owners.duplicates import FILE, DuplicateStore  # noqa: PLC0415 — as above

    return DuplicateStore(
        lambda: open_engine(settings, home, FILE),
        lambda: load_key(settings, home),
        None if _is_served(settings) else home / FILE,
    )


def check_owners(settings: OwnerSettings, home: Path) -> Iterator[Check]:
    """Yield the checks of the index of owners; never raises."""
    from owners.checks import check_store  # noqa: PLC0415 — SQLAlchemy takes 0.15 s to import

    with closing(_open(settings, home)) as store:
        yield from check_store(store, home, is_served=_is_served(settings))


def prepare_owners(settings: OwnerSettings, home: Path) -> Iterator[Check]:
    """Make the tables of a served index; the embedded one makes itself with the first paper."""
    from owners.checks import prepare_store  # noqa: PLC0415 — SQLAlchemy takes 0.15 s to import

    if _is_served(settings):
        with closing(_open(settings, home)) as store:
            yield from prepare_store(store)


def _open(settings: OwnerSettings, home: Path) -> OwnerStore:
    from owners.database import FILE, open_engine  # noqa: PLC0415 — SQLAlchemy takes 0.15 s
    from owners.store import OwnerStore  # noqa: PLC0415 — as above

    file = None if _is_served(settings) else home / FILE
    return OwnerStore(lambda: open_engine(settings, home), lambda: load_key(settings, home), file)


def _is_served(settings: OwnerSettings) -> bool:
    return bool(settings.url.get_secret_value().strip())

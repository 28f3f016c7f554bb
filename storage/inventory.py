"""What lies in the store, by name: read from listings, so a million objects take seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import groupby

from pipeline.errors import ObjectMissingError, RecordError
from pipeline.fixity import Inventory
from pipeline.ports import ObjectStore
from pipeline.records import OWNER
from storage import keys
from storage.fixity import FOLDERS, Named, named


def records(store: ObjectStore) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield each dossier's id, oldest first, and the numbers of its records, ascending."""
    names = (name for key in store.keys(keys.DOSSIERS) if (name := named(key)))
    for dossier, versions in groupby(names, key=lambda name: name["dossier"]):
        yield dossier, tuple(sorted(int(version["record"]) for version in versions))


def inventory(store: ObjectStore, unfinished_before: datetime) -> Inventory:
    """Return what lies in the store; only owner notes are opened.

    Args:
        store: what to look through.
        unfinished_before: what was begun before then and has no name yet counts as left behind.
    """
    shelves = _Sorter(store)
    for folder in FOLDERS:
        for key in store.keys(folder):
            shelves.put(key, named(key))
    return Inventory(
        frozenset(shelves.originals),
        shelves.owners,
        dict(records(store)),
        frozenset(shelves.readings),
        frozenset(shelves.pictures - shelves.results),
        frozenset(shelves.leased),
        frozenset(shelves.strangers),
        store.unfinished(unfinished_before),
        frozenset(shelves.bound),
    )


class _Sorter:
    """Sorts names of objects as they are listed."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.originals = set[str]()
        self.owners: dict[str, str | None] = {}
        self.readings = set[tuple[str, str]]()
        self.pictures = set[str]()  # keys without their ending, and so are the results
        self.results = set[str]()
        self.leased = set[str]()
        self.bound = set[str]()
        self.strangers = set[str]()

    def put(self, key: str, name: Named) -> None:
        """Put an object where it belongs."""
        if not name:
            self.strangers.add(key)
        elif name["owner"]:
            self.owners[name["original"]] = self._owner(key)
        elif name["original"]:
            self.originals.add(name["original"])
        elif name["page"]:
            self.readings.add((name["scan"], name["recipe"]))
            (self.pictures if name["form"] == "webp" else self.results).add(key[:-5])
        elif name["bound"]:
            self.bound.add(name["bound"])
        elif name["leased"]:
            self.leased.add(name["leased"])

    def _owner(self, key: str) -> str | None:
        with suppress(ObjectMissingError, RecordError):
            return OWNER.load(self._store.get(key)).dossier
        return None

"""Takes the inventory of a store from listings of its keys: a million objects take seconds."""

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
from storage.keys import ParsedKey, parse_key


def record_numbers(store: ObjectStore) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield each dossier's id, oldest first, and the numbers of its records, ascending."""
    parsed = (parts for key in store.keys(keys.DOSSIERS) if (parts := parse_key(key)))
    for dossier, versions in groupby(parsed, key=lambda parts: parts["dossier"]):
        yield dossier, tuple(sorted(int(version["record"]) for version in versions))


def take_inventory(store: ObjectStore, unfinished_before: datetime) -> Inventory:
    """Return the inventory of a store; only owner notes are opened.

    Args:
        store: the store whose keys are listed.
        unfinished_before: files begun before this moment and never finished are counted.

    Raises:
        StorageUnavailableError: a folder of the store cannot be listed.
    """
    sorter = _KeySorter(store)
    for folder in keys.FOLDERS:
        for key in store.keys(folder):
            sorter.add(key, parse_key(key))
    return Inventory(
        originals=frozenset(sorter.originals),
        owners=sorter.owners,
        records=dict(record_numbers(store)),
        readings=frozenset(sorter.readings),
        orphan_pictures=frozenset(sorter.pictures - sorter.results),
        leased=frozenset(sorter.leased),
        unknown_keys=frozenset(sorter.unknown_keys),
        unfinished=store.unfinished(unfinished_before),
        with_searchable_pdf=frozenset(sorter.with_searchable_pdf),
    )


class _KeySorter:
    """Sorts the keys of objects by kind as they are listed."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.originals = set[str]()  # SHA-256
        self.owners: dict[str, str | None] = {}  # original -> dossier; None: a damaged note
        self.readings = set[tuple[str, str]]()  # scan, recipe
        self.pictures = set[str]()  # keys without their suffix, and so are the results
        self.results = set[str]()
        self.leased = set[str]()  # dossiers
        self.with_searchable_pdf = set[str]()  # originals that have one, or a note about one
        self.unknown_keys = set[str]()

    def add(self, key: str, parts: ParsedKey) -> None:
        """Add a key to its kind.

        Args:
            key: the key as it was listed.
            parts: the key as ``parse_key`` returns it.
        """
        if not parts:
            self.unknown_keys.add(key)
        elif parts["owner"]:
            self.owners[parts["original"]] = self._owner(key)
        elif parts["original"]:
            self.originals.add(parts["original"])
        elif parts["page"]:
            self.readings.add((parts["scan"], parts["recipe"]))
            (self.pictures if parts["form"] == "webp" else self.results).add(key[:-5])
        elif parts["derived"]:
            self.with_searchable_pdf.add(parts["derived"])
        elif parts["leased"]:
            self.leased.add(parts["leased"])

    def _owner(self, key: str) -> str | None:
        with suppress(ObjectMissingError, RecordError):
            return OWNER.load(self._store.get(key)).dossier
        return None

"""Finds papers and dossiers of a person: where the index says, as the newest records have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipeline.access import may_hand_out
from pipeline.errors import ObjectMissingError
from pipeline.model import Document, OwnedPaper, PaperValidity, Record
from pipeline.owners.numbers import is_owned_by, keys_of, names_of, owners_of
from pipeline.owners.validity import validity_on
from pipeline.ports import Archive
from pipeline.ports.owners import OwnerIndex
from pipeline.versions import newest_record

MOST_PAPERS = 200  # papers in one answer
_AT_ONCE = 200  # places that are asked of the index together
_MOST_LOOKED = 3_000  # places that are looked at, seen or not; the newest ones
_MOST_NAMES = 5  # spellings of an owner's name that suggestions are looked for under

Sees = Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper of an owner, and whether it holds."""

    record: Record  # the newest one of its dossier
    document: Document
    validity: PaperValidity

    @property
    def number(self) -> int:
        """Its position among the papers of its dossier, from 1."""
        return self.record.dossier.documents.index(self.document) + 1


def papers_held(
    number: str,
    owners: OwnerIndex,
    archive: Archive,
    day: date,
    may_see: Sees = lambda _: True,
) -> Iterator[HeldPaper]:
    """Yield the papers of an owner, those of the newest dossiers first.

    The index may be behind: a paper counts while the newest record says so, too. Whoever wants a
    limit sets it on what is yielded: what the visitor may not see does not count.

    Args:
        number: the number as ``owner_number`` gives it.
        owners: the index of owners; it is asked for more while more papers are wanted.
        archive: the store.
        day: the day on which the papers are wanted.
        may_see: tells whether the visitor may know of a dossier.
    """
    for record, document in _found(number, owners, archive, may_see):
        if is_owned_by(document, number):
            yield HeldPaper(record, document, validity_on(document, day))


def papers_suggested(
    held: Iterable[HeldPaper], owners: OwnerIndex, archive: Archive, day: date, may_see: Sees
) -> Iterator[HeldPaper]:
    """Yield papers without a number that carry name and birth of an owner's papers.

    They may be another person's: somebody has to look. Papers about which somebody has decided
    are left out.

    Args:
        held: the papers of the owner.
        owners: the index of owners.
        archive: the store.
        day: the day on which the papers are wanted.
        may_see: tells whether the visitor may know of a dossier.
    """
    names = dict.fromkeys(name for each in held for name in names_of(each.document))
    told = set[tuple[str, tuple[tuple[int, int], ...]]]()
    for name in islice(names, _MOST_NAMES):
        for record, document in _found(name, owners, archive, may_see):
            key = record.dossier.id, document.span
            is_open = not owners_of(document) and "owner_id" not in document.absent
            if is_open and key not in told and name in names_of(document):
                told.add(key)
                yield HeldPaper(record, document, validity_on(document, day))


def dossiers_found(
    keys: Iterable[str], owners: OwnerIndex, archive: Archive, may_see: Sees
) -> dict[str, Record]:
    """Return the newest records of the dossiers with a paper under one of the keys, by id.

    Args:
        keys: keys as ``pipeline.owners.numbers`` makes them.
        owners: the index of owners.
        archive: the store.
        may_see: tells whether the visitor may know of a dossier.
    """
    found: dict[str, Record] = {}
    for key in keys:
        for record, document in _found(key, owners, archive, may_see):
            if len(found) >= MOST_PAPERS:
                break
            if key in keys_of(document):
                found[record.dossier.id] = record
    return dict(sorted(found.items(), reverse=True))


def _found(
    key: str, owners: OwnerIndex, archive: Archive, may_see: Sees
) -> Iterator[tuple[Record, Document]]:
    """Yield the papers that begin where the index says, each once."""
    records: dict[str, Record | None] = {}
    for place in islice(_places(key, owners), _MOST_LOOKED):
        if place.dossier not in records:
            records[place.dossier] = _record(place.dossier, archive, may_see)
        record = records[place.dossier]
        if record is None:
            continue
        for document in record.dossier.documents:
            if document.pages[:1] == (place.page,):
                yield record, document


def _places(key: str, owners: OwnerIndex) -> Iterator[OwnedPaper]:
    last: OwnedPaper | None = None
    while batch := owners.find(key, _AT_ONCE, last):
        yield from batch
        if len(batch) < _AT_ONCE:
            return
        last = batch[-1]


def _record(dossier: str, archive: Archive, may_see: Sees) -> Record | None:
    try:
        record = newest_record(dossier, archive)
    except ObjectMissingError:
        return None
    return record if may_hand_out(record) and may_see(record) else None

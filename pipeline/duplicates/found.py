"""Tells which duplicates of a dossier hold now: where the index says, as the newest records say.

The index may be behind, so a pair counts while both places are still there, both dossiers may be
handed out, the papers still carry what made them equal, and nobody said that they are none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pipeline.access import may_hand_out
from pipeline.duplicates.prints import paper_key
from pipeline.errors import ArchiveError, ObjectMissingError
from pipeline.model import (
    DossierPage,
    DuplicateKind,
    DuplicatePair,
    NotDuplicate,
    PagePlace,
    Record,
)
from pipeline.ports import Archive
from pipeline.versions import newest_record

log = logging.getLogger(__name__)

MOST_PAIRS = 100  # in one answer
_NO_KEY = b"\0" * 32  # equal papers are equal under any key


@dataclass(frozen=True, slots=True)
class DuplicateSide:
    """One of two places that may hold the same."""

    record: Record  # the newest one of its dossier
    place: PagePlace
    page: int  # its number within the dossier, from 1
    paper: int | None  # number of the paper that it is on, from 1; None: it is on none


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two places that hold the same paper or page, as far as machines see."""

    kind: DuplicateKind
    one: DuplicateSide
    other: DuplicateSide


class DuplicatesNow:
    """Looks pairs up in the newest records; each record is read once.

    Args:
        archive: the store.
        may_see: tells whether the visitor may know of a dossier.
    """

    def __init__(
        self, archive: Archive, may_see: Callable[[Record], bool] = lambda _: True
    ) -> None:
        self._archive, self._may_see = archive, may_see
        self._records: dict[str, Record | None] = {}

    def holding(self, pairs: Iterable[DuplicatePair]) -> Iterator[Duplicate]:
        """Yield those of the pairs that hold now and that the visitor may know of, in order.

        Two equal papers whose first pages look alike, too, come once.

        Args:
            pairs: the pairs as the index has them, papers before pages.
        """
        seen = set()
        for kind, one, other in pairs:
            if frozenset((one, other)) in seen:
                continue
            mine, theirs = self._side(one), self._side(other)
            if mine is None or theirs is None:
                continue
            said = Duplicate(kind, mine, theirs)
            found = _with_equal_papers(said) if kind is DuplicateKind.PAPER else said
            if found is not None and not _is_said_apart(found):
                seen.add(frozenset((one, other)))
                yield found

    def _side(self, where: DossierPage) -> DuplicateSide | None:
        record = self._record(where.dossier)
        if record is None:
            return None
        for number, note in enumerate(record.dossier.pages, 1):
            if PagePlace(note.scan, note.number) == where.place:
                papers = enumerate(record.dossier.documents, 1)
                paper = next((at for at, each in papers if number in each.pages), None)
                return DuplicateSide(record, where.place, number, paper)
        return None

    def _record(self, dossier: str) -> Record | None:
        if dossier not in self._records:
            self._records[dossier] = self._newest(dossier)
        return self._records[dossier]

    def _newest(self, dossier: str) -> Record | None:
        try:
            record = newest_record(dossier, self._archive)
        except ObjectMissingError:
            return None
        except ArchiveError as error:  # a damaged record keeps no page about the other from opening
            if error.retryable:
                raise
            log.warning("%s has no duplicates to tell: %s", dossier, error)
            return None
        return record if may_hand_out(record) and self._may_see(record) else None


def says_apart(said: NotDuplicate, keeper: str, *sides: DossierPage) -> bool:
    """Tell whether what a person said is about these two places.

    Places of scans stay when dossiers are joined or parted, so ids count only where both places
    are one: the same file in two dossiers.

    Args:
        said: the word of the person.
        keeper: the dossier that keeps it.
        sides: the two places.
    """
    if {said.place, said.other} != {each.place for each in sides}:
        return False
    return said.place != said.other or {keeper, said.dossier} == {each.dossier for each in sides}


def _is_said_apart(found: Duplicate) -> bool:
    sides = [DossierPage(each.record.dossier.id, each.place) for each in (found.one, found.other)]
    return any(
        says_apart(said, each.record.dossier.id, *sides)
        for each in (found.one, found.other)
        for said in each.record.dossier.not_duplicates
    )


def _with_equal_papers(found: Duplicate) -> Duplicate | None:
    """Name the papers of the same number, symbol, date and issuer that both places still begin."""
    one, other = map(_papers_at, (found.one, found.other))
    for key in one:
        if key in other:
            sides = replace(found.one, paper=one[key]), replace(found.other, paper=other[key])
            return Duplicate(found.kind, *sides)
    return None


def _papers_at(side: DuplicateSide) -> dict[str, int]:
    """Return the papers that begin on a page, by their keys: on a sheet there may be several."""
    papers = enumerate(side.record.dossier.documents, 1)
    begun = {paper_key(each, _NO_KEY): at for at, each in papers if each.pages[:1] == (side.page,)}
    return {key: at for key, at in begun.items() if key}


def row_of(found: Duplicate) -> dict[str, Any]:
    """Return two places in the shape of `sohoa duplicates --json`."""
    return {"kind": str(found.kind), "one": _row(found.one), "other": _row(found.other)}


def _row(side: DuplicateSide) -> dict[str, Any]:
    dossier = side.record.dossier
    paper = dossier.documents[side.paper - 1].type if side.paper else ""
    return {"dossier": dossier.id, "code": dossier.code, "page": side.page, "paper": paper}

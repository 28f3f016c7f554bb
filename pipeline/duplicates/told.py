"""Has the search index say which dossiers may have duplicates, as far as each visitor may know.

What is told of a dossier are the keys of those who may know of one of its partners. Who may see it
and none of its partners finds nothing by asking for duplicates: not even that there is another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from pipeline.duplicates.found import MOST_PAIRS, DuplicatesNow
from pipeline.errors import (
    ArchiveError,
    SearchUnavailableError,
    ServiceUnavailableError,
)
from pipeline.model import Scope, UnsettledMarks
from pipeline.people.scopes import asked_keys, is_within, knowing_keys
from pipeline.ports import Archive, SearchIndex
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.stages import publish

log = logging.getLogger(__name__)

_AT_ONCE = 100  # dossiers; of their partners each record is read once
_AT_MOST = 1_000  # dossiers in one pass: what is new is compared before the rest is told
_MOST_ASKED = 8  # partners of one dossier that are read to show it


def tell_search(
    archive: Archive,
    duplicates: DuplicateIndex,
    search: Callable[[], SearchIndex],
    track: Callable[[Sequence[UnsettledMarks]], Iterable[UnsettledMarks]] = iter,
) -> int:
    """Publish the dossiers of whose duplicates there is something else to say; return how many.

    Of very many the next pass tells the rest. A kill in between loses none: what is unsettled is
    worked out again.

    Args:
        archive: the store.
        duplicates: the index of duplicates.
        search: opens the search index, whose publications carry what is to be said; it is opened
            only where there is something to publish.
        track: passes the dossiers on, and may end early.

    Raises:
        ServiceUnavailableError: the store or one of the indexes is away.
    """
    published, seen = 0, set[UnsettledMarks]()
    while len(seen) < _AT_MOST:
        batch = [each for each in duplicates.unsettled(_AT_ONCE) if each not in seen]
        seen.update(batch)
        now, passed = DuplicatesNow(archive), 0
        for each in track(batch):
            published += _told(each, now, archive, duplicates, search)
            passed += 1
        if not batch or passed < len(batch):
            break
    return published


def settle_now(
    dossier: str, archive: Archive, duplicates: DuplicateIndex, search: SearchIndex
) -> None:
    """Publish a dossier at once where there is something else to say of its duplicates.

    Args:
        dossier: its id.
        archive: the store.
        duplicates: the index of duplicates.
        search: the search index, whose publications carry what is to be said.

    Raises:
        ServiceUnavailableError: the store or one of the indexes is away.
    """
    marks = duplicates.marks([dossier]).get(dossier, ())
    known = UnsettledMarks(dossier, 0, marks, is_published=True)
    _told(known, DuplicatesNow(archive), archive, duplicates, lambda: search)


def with_duplicates(
    dossiers: Sequence[str], scope: Scope, archive: Archive, duplicates: DuplicateIndex
) -> frozenset[str]:
    """Return those of some dossiers that have a duplicate which a visitor may know of.

    Args:
        dossiers: the ids of dossiers that the visitor may know of.
        scope: the dossiers whose existence the visitor may know.
        archive: the store.
        duplicates: the index of duplicates; none are told while it, or the store, is away.
    """
    now = DuplicatesNow(archive, lambda record: is_within(scope, record))
    try:
        marked, asked = duplicates.marks(dossiers), asked_keys(scope)
        return frozenset(
            dossier
            for dossier, marks in marked.items()
            # What lies outside the scope costs nothing, so the time taken tells nothing of it.
            if not asked.isdisjoint(marks) and _has_duplicate(dossier, now, duplicates)
        )
    except ServiceUnavailableError as error:  # a hint, which must keep no page away
        log.warning("duplicates are not shown: %s", error)
        return frozenset()


def _has_duplicate(dossier: str, now: DuplicatesNow, duplicates: DuplicateIndex) -> bool:
    """Tell whether a dossier with a mark has a duplicate; where too many partners, by its mark."""
    pairs = duplicates.find(dossier, MOST_PAIRS)
    partners = list(dict.fromkeys(pair.other.dossier for pair in pairs))
    asked = partners[:_MOST_ASKED]
    found = next(now.holding(pair for pair in pairs if pair.other.dossier in asked), None)
    return found is not None or len(partners) > len(asked)


def _told(
    unsettled: UnsettledMarks,
    now: DuplicatesNow,
    archive: Archive,
    duplicates: DuplicateIndex,
    search: Callable[[], SearchIndex],
) -> bool:
    """Settle what is said of one dossier; tell whether it was published."""
    marks, is_published = unsettled.marks, False
    try:
        marks = _marks_now(unsettled.dossier, now, duplicates)
        if marks != unsettled.marks:
            duplicates.mark(unsettled.dossier, marks)
        record = archive.find_record(unsettled.dossier)
        if record and (marks != unsettled.marks or not unsettled.is_published):
            publish(record, archive, search())
            is_published = True
    except (ArchiveError, SearchUnavailableError) as error:
        if error.retryable:
            raise  # else it is trouble of this dossier, which must not keep the others waiting
        log.warning("duplicates of %s are not told: %s", unsettled.dossier, error)
    duplicates.settle(unsettled._replace(marks=marks))
    return is_published


def _marks_now(dossier: str, now: DuplicatesNow, duplicates: DuplicateIndex) -> tuple[str, ...]:
    found = now.holding(duplicates.find(dossier, MOST_PAIRS))
    others = {each.other.record.dossier.id: each.other.record for each in found}
    keys = {key for record in others.values() for key in knowing_keys(record.dossier)}
    return tuple(sorted(keys))

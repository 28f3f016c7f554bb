"""Builds the search index anew from the store, beside the one that serves, and switches."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from pipeline import stages
from pipeline.errors import ArchiveError, SearchUnavailableError, StorageUnavailableError
from pipeline.model import Publication
from pipeline.ports import Archive, Rebuild, SearchIndex

log = logging.getLogger(__name__)

BATCH = 2_000  # pages that go to the index together
_ROUNDS = 20  # of catching up with what is published meanwhile

Track = Callable[[list[str]], Iterable[str]]


class Rebuilt(NamedTuple):
    """What became of a rebuild."""

    dossiers: int  # in the index that serves now
    lost: tuple[str, ...]  # could not be published; the log says why


def rebuild_index(archive: Archive, index: SearchIndex, track: Track) -> Rebuilt:
    """Build the index anew; searching and publishing go on, and end in the new one too.

    Whoever publishes has written the record before, so comparing with the store finds all that
    was published meanwhile.

    Raises:
        StorageUnavailableError: the store holds nothing and the index does.
        SearchUnavailableError: an index is away, or the new one is not complete.
    """
    dossiers = list(archive.dossiers())
    if not dossiers and _holds_any(index):
        raise StorageUnavailableError(
            "Kho không có hồ sơ nào, mà chỉ mục thì có: có lẽ ổ đĩa của kho chưa được gắn.",
            "Gắn lại ổ đĩa. Nếu kho đúng là trống: xóa chỉ mục bằng tay.",
        )
    build = index.rebuild()
    try:
        lost = _fill(archive, build, track(dossiers))
        _catch_up(archive, build, lost)
        _check(archive, build, lost)
        build.serve()
    except BaseException:
        with suppress(SearchUnavailableError):
            build.abandon()
        raise
    _catch_up(archive, index, lost)  # what was published to the old one until the switch
    return Rebuilt(len(dict(index.sequences())), tuple(sorted(lost)))


def _holds_any(index: SearchIndex) -> bool:
    try:
        return next(index.sequences(), None) is not None
    except SearchUnavailableError as error:
        if error.retryable:
            raise
        return False  # damaged, or of another version: that is why it is built anew


def _fill(archive: Archive, build: Rebuild, dossiers: Iterable[str]) -> set[str]:
    """Publish dossiers, many pages together; return those that could not be read."""
    lost: set[str] = set()
    for batch in _batches(_publications(archive, dossiers, lost)):
        _is_taken(build, batch)
    return lost


def _catch_up(archive: Archive, index: Rebuild | SearchIndex, lost: set[str]) -> None:
    """Publish what the store has newer, until there is nothing; note what is refused."""
    for _ in range(_ROUNDS):
        held = dict(index.sequences())
        behind = [
            dossier
            for dossier, newest in archive.sequences()
            if newest > held.get(dossier, 0) and dossier not in lost
        ]
        if not behind:
            return
        for publication in _publications(archive, behind, lost):
            if not _is_taken(index, [publication]):
                lost.add(publication.dossier.id)


def _check(archive: Archive, build: Rebuild, lost: set[str]) -> None:
    """Compare what was built with the store before anybody searches it.

    Raises:
        SearchUnavailableError: it does not hold the dossiers of the store, each once.
    """
    held = dict(build.sequences())
    kept = dict(archive.sequences())
    missing = kept.keys() - held.keys() - lost
    if missing or held.keys() - kept.keys():
        raise SearchUnavailableError(
            f"Chỉ mục mới có {len(held)} hồ sơ, kho có {len(kept)}: chưa thay chỉ mục cũ.",
            "Chạy lại `sohoa reindex`.",
        )


def _publications(
    archive: Archive, dossiers: Iterable[str], lost: set[str]
) -> Iterator[Publication]:
    for dossier in dossiers:
        try:
            yield stages.publication(stages.newest_record(dossier, archive), archive)
        except ArchiveError as error:
            log.warning("%s cannot be published: %s", dossier, error)
            lost.add(dossier)


def _batches(publications: Iterable[Publication]) -> Iterator[list[Publication]]:
    batch: list[Publication] = []
    for publication in publications:
        batch.append(publication)
        if sum(max(1, len(one.entries)) for one in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_taken(index: Rebuild | SearchIndex, batch: list[Publication]) -> bool:
    """Publish; tell whether the index takes every entry as it is."""
    try:
        index.publish(batch)
    except SearchUnavailableError as error:
        if error.retryable:
            raise
        log.warning("an entry is refused: %s", error)
        return False
    return True

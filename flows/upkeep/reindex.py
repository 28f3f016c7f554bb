"""Builds a new search index from the store while the old one serves, then switches to it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from pipeline import stages
from pipeline.errors import ArchiveError, SearchUnavailableError, StorageUnavailableError
from pipeline.model import Publication, Record
from pipeline.ports import Archive, Rebuild, SearchIndex
from search.embedded.damage import EngineFailedError

log = logging.getLogger(__name__)

BATCH = 2_000  # pages that are published together
_CATCH_UPS = 20  # most comparisons with the store for what is published meanwhile

Track = Callable[[list[str]], Iterable[str]]  # passes ids on and shows progress


class Rebuilt(NamedTuple):
    """Result of a rebuild."""

    dossiers: int  # number of dossiers in the index that serves now
    lost: tuple[str, ...]  # ids that could not be published; the log says why


def rebuild_index(archive: Archive, index: SearchIndex, track: Track) -> Rebuilt:
    """Build the index anew; searching and publishing go on, and end in the new one too.

    Whoever publishes has written the record before, so comparing with the store finds all that
    was published meanwhile.

    Args:
        archive: the archive to publish from.
        index: the index that serves.
        track: passes the ids of the dossiers on and shows progress.

    Raises:
        StorageUnavailableError: the store holds nothing and the index does.
        SearchUnavailableError: an index is away, or the new one is not complete.
    """
    dossiers = list(archive.dossiers())
    if not dossiers and _has_entries(index):
        raise StorageUnavailableError(
            "Kho không có hồ sơ nào, mà chỉ mục thì có: có lẽ ổ đĩa của kho chưa được gắn.",
            "Gắn lại ổ đĩa. Nếu kho đúng là trống: xóa chỉ mục bằng tay.",
        )
    build = index.rebuild()
    try:
        lost = _fill(archive, build, track(dossiers))
        _catch_up(archive, build, lost)
        _check(archive, build, set(dossiers) - lost)
        build.serve()
    except BaseException:
        with suppress(SearchUnavailableError):
            build.abandon()
        raise
    _catch_up(archive, index, lost)  # what was published to the old one until the switch
    return Rebuilt(len(dict(index.sequences())), tuple(sorted(lost)))


def _has_entries(index: SearchIndex) -> bool:
    """Tell whether an index has any dossier; one that cannot be read counts as empty."""
    try:
        return next(index.sequences(), None) is not None
    except EngineFailedError:
        raise  # the index is whole, and what it has is not to be lost
    except SearchUnavailableError as error:
        if error.retryable:
            raise
        return False  # damaged, or of another version, which is why it is built anew


def _fill(archive: Archive, build: Rebuild, dossiers: Iterable[str]) -> set[str]:
    """Publish dossiers, many pages together; return those that could not be read."""
    lost: set[str] = set()
    for batch in _batches(_publications(archive, dossiers, lost)):
        _try_publish(build, batch)
    return lost


def _catch_up(archive: Archive, index: Rebuild | SearchIndex, lost: set[str]) -> None:
    """Publish what the store has newer until there is nothing; add what is refused to ``lost``."""
    for _ in range(_CATCH_UPS):
        indexed = dict(index.sequences())
        behind = [
            dossier
            for dossier, newest in archive.sequences()
            if newest > indexed.get(dossier, 0) and dossier not in lost
        ]
        if not behind:
            return
        for publication in _publications(archive, behind, lost):
            if not _try_publish(index, [publication]):
                lost.add(publication.dossier.id)


def _check(archive: Archive, build: Rebuild, wanted: set[str]) -> None:
    """Compare what was built with the store before anybody searches it.

    Args:
        archive: the archive that was published from.
        build: the new index.
        wanted: ids it must have while the store has them; newer ones come after the switch.

    Raises:
        SearchUnavailableError: the build lacks such a dossier, or has one that the store lacks.
    """
    indexed = dict(build.sequences())
    stored = dict(archive.sequences())
    missing = (stored.keys() & wanted) - indexed.keys()
    if missing or indexed.keys() - stored.keys():
        raise SearchUnavailableError(
            f"Chỉ mục mới có {len(indexed)} hồ sơ, kho có {len(stored)}: chưa thay chỉ mục cũ.",
            "Chạy lại `sohoa reindex`.",
        )


def _publications(
    archive: Archive, dossiers: Iterable[str], lost: set[str]
) -> Iterator[Publication]:
    for dossier in dossiers:
        try:
            record = stages.newest_record(dossier, archive)
            _note_code(record, archive)
            yield stages.publication(record, archive)
        except ArchiveError as error:
            log.warning("%s cannot be published: %s", dossier, error)
            lost.add(dossier)


def _note_code(record: Record, archive: Archive) -> None:
    """Note a dossier's code where the note is lost, or 0.1 wrote the record."""
    if record.dossier.code:
        with suppress(StorageUnavailableError):  # a store that may only be read is indexed as well
            archive.note_code(record.dossier.code, record.dossier.id)


def _batches(publications: Iterable[Publication]) -> Iterator[list[Publication]]:
    batch: list[Publication] = []
    for publication in publications:
        batch.append(publication)
        if sum(max(1, len(one.entries)) for one in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _try_publish(index: Rebuild | SearchIndex, batch: list[Publication]) -> bool:
    """Publish a batch; tell whether the index accepts every entry.

    Raises:
        SearchUnavailableError: the index is away; an entry it refuses raises nothing.
    """
    try:
        index.publish(batch)
    except SearchUnavailableError as error:
        if error.retryable:
            raise
        log.warning("an entry is refused: %s", error)
        return False
    return True

"""Implements ``SearchIndex`` in a folder of the home, with Tantivy in this process."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import tantivy

from pipeline.errors import SearchUnavailableError
from pipeline.model import Check, Publication, Query, Results, Scope, Suggestion
from pipeline.plain_text import one_line
from pipeline.ports.index import SUGGESTED
from search.embedded.damage import broken_files, reachable, translated
from search.embedded.generations import Generations
from search.embedded.listing import sequences
from search.embedded.read_only import LinkedIndex, ReadOnlyDiskError
from search.embedded.searching import find
from search.embedded.suggesting import IndexValues
from search.embedded.writing import BUILD_HEAP, Writer, WriteSession, opened, settle
from search.query.parser import check
from search.query.suggesting import suggestions
from search.text.hidden_numbers import NumberHash

log = logging.getLogger(__name__)


class EmbeddedIndex:
    """Finds dossiers in a folder; any number of threads and processes may share it."""

    def __init__(self, path: Path, hashing: NumberHash) -> None:
        self._hashing = hashing
        self._generations = Generations(path, lambda: hashing.fingerprint)
        self._writer = Writer(self._generations, hashing)
        self._open: _OpenIndex | None = None
        self._opening = Lock()

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless the index has a newer record of it."""
        self._writer.publish(publications)

    def withdraw(self, dossier: str) -> None:
        """Delete a dossier's entries; a dossier that is not indexed is fine."""
        self._writer.withdraw(dossier)

    def find(self, query: Query) -> Results:
        """Search; an empty text lists all dossiers that pass the filters, newest first.

        Raises:
            QueryError: a filter is unknown, or the limit or offset is negative.
        """
        started = time.perf_counter()
        check(query)
        generation, searcher = self._searcher()
        with translated(generation):
            results = find(searcher, query, self._hashing)
        took_ms = (time.perf_counter() - started) * 1000
        return replace(results, took_ms=took_ms)

    def suggest(
        self, text: str, scope: Scope | None = None, limit: int = SUGGESTED
    ) -> tuple[Suggestion, ...]:
        """Return values of dossiers of a scope that a typed text begins."""
        generation, searcher = self._searcher()
        with translated(generation):
            return tuple(suggestions(IndexValues(searcher), text, scope, limit))

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its indexed record, in any order."""
        generation, searcher = self._searcher()
        with translated(generation):
            found = sequences(searcher)
        yield from found

    def clear(self) -> None:
        """Forget everything, before a rebuild; a damaged index is made anew."""
        with self._generations.locked():
            self._generations.switch(self._generations.new())
        self._generations.remove_old()

    def rebuild(self) -> FolderRebuild:
        """Begin an empty index beside this one, which goes on to serve."""
        _tidy(self._generations.remove_unusable)  # what killed rebuilds left fills the disk
        return FolderRebuild(self._generations, self._hashing)

    def remove_old(self) -> int:
        """Forget the indexes that no longer serve."""
        return self._generations.remove_old()

    def checks(self) -> Iterator[Check]:
        """Yield whether the files are what was written; all of them are read."""
        try:
            generation = self._generations.serving()
            broken = broken_files(generation) if generation else []
        except SearchUnavailableError as error:
            yield Check("tệp chỉ mục", error.message, error.remedy)
            return
        remedy = "Chạy `sohoa reindex`: chỉ mục được dựng lại từ kho." if broken else ""
        said = f"hỏng: {', '.join(broken[:3])}" if broken else "nguyên vẹn"
        yield Check("tệp chỉ mục", said, remedy)

    def _searcher(self) -> tuple[Path, tantivy.Searcher]:
        """Return the newest state of the generation that serves."""
        generation = self._generations.first()
        try:
            return generation, self._opened(generation)
        except SearchUnavailableError:
            newer = self._generations.first()
            if newer == generation:
                raise
            return newer, self._opened(newer)  # it was switched, and the old one removed

    def _opened(self, generation: Path) -> tantivy.Searcher:
        with self._opening:
            try:
                return self._newest(generation)
            except ReadOnlyDiskError:
                with translated(generation):
                    return self._newest(generation, LinkedIndex(generation))

    def _newest(self, generation: Path, links: LinkedIndex | None = None) -> tantivy.Searcher:
        """Return the newest state of a generation; it is read where its links are, if given."""
        with translated(generation):
            state = (generation / "meta.json").stat()  # a commit replaces it
            commit = state.st_ino, state.st_mtime_ns
            held = self._open if self._open and self._open.generation == generation else None
            if held and held.commit == commit:
                return held.engine.searcher()
            if held is None or held.links or links:
                index = tantivy.Index.open(str(links.folder if links else generation))
                index.config_reader("manual")
            else:
                index = held.engine
            index.reload()
            self._open = _OpenIndex(generation, index, commit, links)
            return index.searcher()


class _OpenIndex(NamedTuple):
    """An open index, and which of its commits it has read."""

    generation: Path
    engine: tantivy.Index
    commit: tuple[int, int]  # inode of its list of files, and when it was written
    links: LinkedIndex | None  # where it is read, of one on a read-only disk


class FolderRebuild:
    """A generation being filled that will take the place of another."""

    def __init__(self, generations: Generations, hashing: NumberHash) -> None:
        self._generations = generations
        self._hashing = hashing
        self._held = ExitStack()
        with generations.locked():  # a folder that nobody builds may be taken away
            self._folder = generations.new()
            self._held.enter_context(generations.building(self._folder))
        self._session: WriteSession | None = None
        self._writing = ExitStack()

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless this index has a newer record of it."""
        with translated(self._folder):
            if self._session is None:
                writing = opened(self._folder, self._hashing, BUILD_HEAP, lambda: None)
                self._session = self._writing.enter_context(writing)
            self._session.publish(publications)

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its indexed record, in any order."""
        self._commit()
        with translated(self._folder):
            found = sequences(tantivy.Index.open(str(self._folder)).searcher())
        yield from found

    def serve(self) -> None:
        """Take the place of the generation that serves; it is kept until somebody removes it."""
        self._commit()
        settle(self._folder)
        with self._generations.locked():
            self._generations.switch(self._folder)
        self._held.close()
        _tidy(self._generations.remove_unusable)
        _tidy(self._generations.remove_outgrown)

    def abandon(self) -> None:
        """Forget what was built, unless it serves by now."""
        try:
            self._discard()
        finally:
            with self._held, reachable(self._folder):
                if not self._generations.serves(self._folder):
                    shutil.rmtree(self._folder)

    def _discard(self) -> None:
        """Let go of the engine and commit nothing, for which a full disk has no room."""
        with translated(self._folder):
            if self._session is not None:
                self._session.discard()
            self._writing.close()

    def _commit(self) -> None:
        self._writing.close()
        self._session = None


def _tidy(remove: Callable[[], object]) -> None:
    """Remove what is not needed; where that fails, the index that serves is none the worse."""
    try:
        remove()
    except SearchUnavailableError as error:
        log.warning("old files of the search index stay: %s", one_line(str(error)))

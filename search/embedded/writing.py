"""Writes dossiers into the embedded index, in sessions that end with a commit.

The engine has one writer at a time and goes by what the index was when it was opened; so each
session holds the lock of the folder, opens the index anew, commits and lets go when the engine has
merged what it wants to. Threads that come while a session runs are served together by the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import NamedTuple

import tantivy

from pipeline.errors import SearchUnavailableError
from pipeline.model import Publication
from pipeline.plain_text import one_line
from search.embedded.damage import translated
from search.embedded.generations import Generations
from search.embedded.schema import documents, schema
from search.text.entries import dossier_entry
from search.text.hidden_numbers import NumberHash

log = logging.getLogger(__name__)

HEAP = 64 << 20  # bytes of the engine's memory for what is not yet written, of one session
_WAITED_FOR = 0.5  # seconds that a publication waits for merges
_MOST_MERGES = 5  # rounds; each takes eight parts of a size together
BUILD_HEAP = 256 << 20  # bytes, of a generation that is built from the store


# What making the documents of a dossier, or handing them to the engine, raises when a value is not
# of its type or range: trouble of that dossier alone, never of those written together with it.
_FAULTS = (
    SearchUnavailableError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError,
)  # fmt: skip


class _Change(NamedTuple):
    """What a caller wants done, and how it ended."""

    publications: Sequence[Publication]
    withdrawn: str | None
    done: Future[None]


class Writer:
    """Writes to the generation that serves; any number of threads may share it."""

    def __init__(self, generations: Generations, hashing: NumberHash) -> None:
        self._generations = generations
        self._hashing = hashing
        self._turn, self._guard = Lock(), Lock()
        self._waiting: list[_Change] = []

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier, unless the index has a newer record of it."""
        self._change(_Change(publications, None, Future()))

    def withdraw(self, dossier: str) -> None:
        """Delete a dossier; one that is not indexed is fine."""
        self._change(_Change((), dossier, Future()))

    def _change(self, change: _Change) -> None:
        with self._guard:
            self._waiting.append(change)
        with self._turn:
            if not change.done.done():
                with self._guard:
                    changes, self._waiting = self._waiting, []
                self._carry_out(changes)
        change.done.result()

    def _carry_out(self, changes: list[_Change]) -> None:
        """Carry out changes in one session; when that fails, each by itself."""
        try:
            self._session(changes)
        except _FAULTS as error:
            if len(changes) > 1:
                for change in changes:
                    self._carry_out([change])
            else:
                changes[0].done.set_exception(error)
        else:
            for change in changes:
                change.done.set_result(None)
        finally:
            for change in changes:
                change.done.cancel()  # where the session ended by anything else; the rest stays

    def _session(self, changes: list[_Change]) -> None:
        self._generations.prepare()
        with ExitStack() as held:
            held.enter_context(self._generations.locked())
            generation = self._generations.first_held()
            let_go = held.pop_all().close
            with opened(generation, self._hashing, HEAP, let_go, _WAITED_FOR) as session:
                for change in changes:
                    session.publish(change.publications)
                    if change.withdrawn is not None:
                        session.withdraw(change.withdrawn)


class WriteSession:
    """An open writer of one generation."""

    def __init__(
        self, index: tantivy.Index, writer: tantivy.IndexWriter, hashing: NumberHash
    ) -> None:
        self._hashing = hashing
        self._searcher = index.searcher()
        self._writer = writer
        self._written: dict[str, int] = {}  # sequences; 0: withdrawn

    def publish(self, publications: Iterable[Publication]) -> None:
        """Replace each dossier, unless a newer record of it is there."""
        for publication in publications:
            dossier = publication.dossier.id
            if self._sequence(dossier) > publication.sequence:
                continue
            entry = dossier_entry(publication, self._hashing)
            made = list(documents(entry))  # all of them, or nothing is changed
            self._writer.delete_documents_by_term("owner", dossier)
            for document in made:
                self._writer.add_document(document)
            self._written[dossier] = publication.sequence

    def withdraw(self, dossier: str) -> None:
        """Delete a dossier."""
        if self._sequence(dossier) >= 0:
            self._writer.delete_documents_by_term("owner", dossier)
            self._written[dossier] = -1

    def discard(self) -> None:
        """Forget what was not committed."""
        self._written.clear()
        with suppress(ValueError):  # a writer whose thread died
            self._writer.rollback()

    @property
    def has_changed(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self._written)

    def _sequence(self, dossier: str) -> int:
        """Return the number of a dossier's record; -1 when there is none."""
        if dossier in self._written:
            return self._written[dossier]
        of_it = tantivy.Query.term_query(schema(), "id", dossier, index_option="basic")
        hits = self._searcher.search(of_it, 1, count=False).hits
        if not hits:
            return -1
        (number,) = self._searcher.fast_field_values("sequence", [hits[0][1]])
        return int(number or 0)


def commit(writer: tantivy.IndexWriter) -> None:
    """Keep what a writer was given; when this returns it is on the disk."""
    writer.commit()


@contextmanager
def opened(
    generation: Path,
    hashing: NumberHash,
    heap: int,
    let_go: Callable[[], None],
    patience: float | None = None,
) -> Iterator[WriteSession]:
    """Lend a writer of a generation; what it did is committed at the end, or none of it.

    Args:
        generation: the folder.
        hashing: hashes numbers of people.
        heap: bytes of the engine's memory for what is not yet written.
        let_go: called when nothing is written any more; merging may outlast the session.
        patience: seconds to wait for merges at most; None: as long as they take.
    """
    with ExitStack() as ending:
        ending.callback(let_go)
        with translated(generation):
            index = tantivy.Index.open(str(generation))
            writer = index.writer(heap, 1)
            try:
                session = WriteSession(index, writer, hashing)
                yield session
                if session.has_changed:
                    commit(writer)
            except BaseException:
                with suppress(ValueError):  # a writer whose thread died
                    writer.rollback()
                with suppress(ValueError):  # lets go of the engine's own lock
                    writer.wait_merging_threads()
                raise
        ending.callback(writer.wait_merging_threads)
        _finish(ending.pop_all().close, generation, patience)


def _finish(end: Callable[[], None], generation: Path, patience: float | None) -> None:
    """Wait for merges and let go; long ones go on by themselves, for what is committed is there.

    A process that ends before them leaves files that the next commit clears away.
    """

    def finish() -> None:
        try:
            with translated(generation):
                end()
        except SearchUnavailableError as error:
            log.warning("merging files of the search index failed: %s", one_line(str(error)))

    merging = Thread(target=finish, name="merge-index", daemon=True)
    merging.start()
    merging.join(patience)


def settle(generation: Path) -> None:
    """Merge what a build left in parts, so that no dossier published later waits for that.

    Args:
        generation: the folder; nobody else writes to it.
    """
    for _ in range(_MOST_MERGES):
        with translated(generation):
            before = tantivy.Index.open(str(generation)).searcher().num_segments
            writer = tantivy.Index.open(str(generation)).writer(HEAP, 1)
            writer.commit()  # the engine looks for what to merge after each commit
            writer.wait_merging_threads()
            if tantivy.Index.open(str(generation)).searcher().num_segments == before:
                return

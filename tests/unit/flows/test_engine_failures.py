"""The engine fails on one dossier or query of an index that is whole: the rest goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy

from flows import wiring
from flows.upkeep import reindex, restore_index
from pipeline import stages
from pipeline.model import Publication
from search.embedded import damage, index, schema, writing
from search.embedded.damage import EngineFailedError
from search.text.entries import DossierEntry
from tests.support.indexed import generation_of
from tests.support.stored import fill


def fail_in_the_engine(*_: object) -> None:
    """A panic of the engine itself: a phrase of one word."""
    tantivy.Query.phrase_query(schema.schema(), "folded", ["một"])


@pytest.fixture
def dossiers(home: Path, tmp_path: Path) -> list[str]:
    """Ids of two digitised dossiers, both published, and of one that waits."""
    return fill(wiring.archive(), wiring.index(), tmp_path)


@pytest.fixture
def poisonous(dossiers: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of the first dossier, at which the engine fails from now on."""

    def documents(entry: DossierEntry) -> Iterator[tantivy.Document]:
        if entry.dossier == dossiers[0]:
            fail_in_the_engine()
        yield from schema.documents(entry)

    monkeypatch.setattr(writing, "documents", documents)
    return dossiers[0]


def test_a_dossier_that_the_engine_fails_at_stops_no_restore(
    dossiers: list[str], poisonous: str
) -> None:
    wiring.index().clear()
    restore_index.restore_index_when_available(threading.Event())  # comes to its end
    assert dict(wiring.index().sequences()).keys() == {dossiers[1]}
    again = dict(restore_index.publish_again(dossiers[:2], wiring.archive(), wiring.index()))
    assert again == {poisonous: False, dossiers[1]: True}


def test_a_dossier_that_the_engine_fails_at_stops_no_rebuild(
    dossiers: list[str], poisonous: str
) -> None:
    rebuilt = reindex.rebuild_index(wiring.archive(), wiring.index(), list)
    assert rebuilt.lost == (poisonous,)
    assert dict(wiring.index().sequences()).keys() == {*dossiers[1:]}


def test_a_failing_search_makes_nobody_build_a_whole_index_anew(
    dossiers: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving, said = generation_of(home), list[str]()
    monkeypatch.setattr(index, "find", fail_in_the_engine)
    restore_index.restore_index(said.append)
    assert generation_of(home) == serving
    assert not said


def test_an_index_that_cannot_say_what_it_has_counts_as_empty_only_when_it_is_damaged(
    dossiers: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's disk is not mounted, and the engine fails: what the index has stays."""
    serving = generation_of(home)
    monkeypatch.setattr(wiring.archive(), "dossiers", lambda: iter(()))
    monkeypatch.setattr(index, "sequences", fail_in_the_engine)
    with pytest.raises(EngineFailedError):
        reindex.rebuild_index(wiring.archive(), wiring.index(), list)
    assert generation_of(home) == serving
    assert not (serving / damage.MARK).exists()


def test_a_code_that_utf_8_cannot_encode_is_published(dossiers: list[str]) -> None:
    """A lone surrogate in a code, as in a title, is no reason to lack the dossier."""
    record = stages.newest_record(dossiers[0], wiring.archive())
    odd = replace(record.dossier, code="H26.19.25-\udcff0105-0007")
    wiring.index().publish([Publication(odd, record.sequence + 1, ())])
    assert dict(wiring.index().sequences())[dossiers[0]] == record.sequence + 1

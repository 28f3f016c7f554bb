"""What the search index is to be told of duplicates, and that no change in between is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from owners import open_duplicates
from owners.database import open_engine
from pipeline.model import (
    DossierPage,
    DossierPrints,
    DuplicateKind,
    DuplicatePair,
    PagePlace,
    UnsettledMarks,
)
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.settings import OwnerSettings

KEY = "0" * 32
MARKS = ("\t", "so mau\tQuyết định")


@pytest.fixture
def index(either: OwnerSettings, tmp_path: Path) -> Iterator[DuplicateIndex]:
    with closing(open_duplicates(either, tmp_path)) as made:
        yield made


def keep(index: DuplicateIndex, dossier: str, key: str = KEY) -> None:
    index.keep(DossierPrints(dossier, ((key, PagePlace(dossier * 16, 1)),)))
    index.relate(dossier, 2, ())


def alike(one: str, other: str) -> DuplicatePair:
    ends = (DossierPage(each, PagePlace(each * 16, 1)) for each in (one, other))
    return DuplicatePair(DuplicateKind.PAGE, *ends)


def unsettled(index: DuplicateIndex) -> dict[str, UnsettledMarks]:
    return {each.dossier: each for each in index.unsettled(100)}


def settle_all(index: DuplicateIndex, marks: tuple[str, ...] = MARKS) -> None:
    for each in index.unsettled(100):
        index.mark(each.dossier, marks)
        index.settle(each._replace(marks=marks))
    assert unsettled(index) == {}


def test_only_a_dossier_with_partners_is_to_be_told_of(index: DuplicateIndex) -> None:
    keep(index, "0a01")
    keep(index, "0a02", "1" * 32)
    assert unsettled(index) == {}
    keep(index, "0a03")
    assert unsettled(index).keys() == {"0a01", "0a03"}
    index.relate("0a02", 2, [alike("0a02", "0a04")])
    assert unsettled(index).keys() == {"0a01", "0a02", "0a03", "0a04"}


def test_what_is_marked_is_told_again_until_it_was_published(index: DuplicateIndex) -> None:
    keep(index, "0a01")
    keep(index, "0a02")
    index.mark("0a01", MARKS)
    assert index.marks(["0a01", "0a02", "0a09"]) == {"0a01": MARKS}
    seen = unsettled(index)["0a01"]
    assert (seen.marks, seen.is_published) == (MARKS, False)
    settle_all(index)
    assert index.marks(["0a01", "0a02"]) == {"0a01": MARKS, "0a02": MARKS}
    index.mark("0a01", ())
    assert unsettled(index).keys() == {"0a01"}, "a kill came before it was published"
    assert index.marks(["0a01"]) == {}


def test_a_change_while_it_is_told_is_told_as_well(index: DuplicateIndex) -> None:
    keep(index, "0a01")
    keep(index, "0a02")
    before = unsettled(index)["0a01"]
    keep(index, "0a03")
    index.settle(before)
    assert "0a01" in unsettled(index)


@pytest.mark.parametrize("ends", ["corrected", "gone"])
def test_the_partner_of_what_ends_is_told(index: DuplicateIndex, ends: str) -> None:
    keep(index, "0a01")
    keep(index, "0a02")
    settle_all(index)
    if ends == "gone":
        index.forget(["0a02"])
    else:
        keep(index, "0a02", "1" * 32)
    assert "0a01" in unsettled(index)
    assert ("0a02" in unsettled(index)) is (ends == "corrected")


def test_all_partners_are_told_however_many_there_are(index: DuplicateIndex) -> None:
    partners = [f"0b{at:02d}" for at in range(40)]
    for dossier in ("0a01", *partners):
        keep(index, dossier)
    settle_all(index)
    keep(index, "0a01", "1" * 32)
    assert unsettled(index).keys() == {"0a01", *partners}


def test_what_is_told_by_then_settles_nothing_that_became_doubtful(index: DuplicateIndex) -> None:
    keep(index, "0a01")
    keep(index, "0a02")
    settle_all(index)
    keep(index, "0a03")
    before = unsettled(index)["0a01"]
    index.unsettle(["0a01", "0a09"])
    index.settle(before)
    assert not unsettled(index)["0a01"].is_published
    assert not unsettled(index)["0a09"].is_published, "of one that had no partner, too"


def test_pairs_that_are_older_than_the_table_of_marks_are_told(
    either: OwnerSettings, tmp_path: Path
) -> None:
    with closing(open_duplicates(either, tmp_path)) as index:
        for dossier in ("0a01", "0a02", "0a03"):
            keep(index, dossier, KEY if dossier != "0a03" else "1" * 32)
        index.relate("0a04", 2, [alike("0a04", "0a05")])
    engine = open_engine(either, tmp_path, "duplicates.sqlite3")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE duplicate_marks"))
    engine.dispose()
    with closing(open_duplicates(either, tmp_path)) as index:
        assert unsettled(index).keys() == {"0a01", "0a02", "0a04", "0a05"}

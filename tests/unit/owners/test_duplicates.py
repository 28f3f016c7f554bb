"""The index of duplicates: what is kept and found, in both databases, and how it mends itself."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from owners import open_duplicates
from owners.damage import aside
from owners.duplicate_tables import MOST_SHARED
from pipeline.errors import DuplicatesUnavailableError
from pipeline.model import (
    DossierPage,
    DossierPrints,
    DuplicateKind,
    DuplicatePair,
    PagePlace,
    PagePrint,
)
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.settings import OwnerSettings

KEY = "0" * 32


@pytest.fixture
def index(either: OwnerSettings, tmp_path: Path) -> Iterator[DuplicateIndex]:
    with closing(open_duplicates(either, tmp_path)) as made:
        yield made


def at(dossier: str, number: int = 1) -> DossierPage:
    return DossierPage(dossier, PagePlace(dossier * 16, number))


def prints(dossier: str, *buckets: int, key: str = "") -> DossierPrints:
    place = at(dossier).place
    papers = ((key, place),) if key else ()
    return DossierPrints(dossier, papers, (PagePrint(place, buckets),) if buckets else ())


def alike(one: str, other: str) -> DuplicatePair:
    return DuplicatePair(DuplicateKind.PAGE, at(one), at(other))


def test_papers_of_one_key_are_told_from_either_side(index: DuplicateIndex) -> None:
    for dossier in ("0a01", "0a02", "0a03"):
        index.keep(prints(dossier, key=KEY if dossier != "0a02" else "1" * 32))
    pair = DuplicatePair(DuplicateKind.PAPER, at("0a03"), at("0a01"))
    assert index.find("0a03", 10) == index.all(10) == (pair,)
    assert index.find("0a01", 10) == (pair._replace(one=pair.other, other=pair.one),)
    assert index.find("0a02", 10) == ()
    index.keep(prints("0a01"))  # its number was corrected
    assert index.find("0a03", 10) == index.all(10) == ()


def test_pages_are_found_by_rare_buckets_those_that_share_most_first(index: DuplicateIndex) -> None:
    form = 7
    for number in range(MOST_SHARED + 1):
        index.keep(prints(f"0b{number:02}", form, 1_000 + number))
    index.keep(prints("0a01", form, -1, 2**63 - 1, 3))
    index.keep(prints("0a02", form, -1, 2**63 - 1))
    index.keep(prints("0a03", form, 3))
    assert index.candidates((form, -1, 2**63 - 1), 10) == (at("0a02"), at("0a01"))
    assert index.candidates((form,), 10) == index.candidates((), 10) == ()
    assert index.candidates((3, -1, 2**63 - 1), 1) == (at("0a01"),)
    index.keep(prints("0a01", 55))
    assert index.candidates((-1,), 10) == (at("0a02"),)


def test_a_dossier_counts_as_compared_only_when_its_pairs_are_there(index: DuplicateIndex) -> None:
    index.keep(prints("0a01", 1))
    assert index.sequences() == {"0a01": 0}
    index.relate("0a01", 4, [])
    index.keep(prints("0a02", 1))
    index.relate("0a02", 2, [alike("0a02", "0a01"), alike("0a01", "0a02")])
    assert index.sequences() == {"0a01": 4, "0a02": 2}
    assert index.find("0a02", 10) == (alike("0a02", "0a01"),)
    assert index.find("0a01", 10) == (alike("0a01", "0a02"),)
    assert len(index.all(10)) == 1
    index.forget(["0a01"])
    assert index.sequences() == {"0a02": 2}
    assert index.all(10) == ()
    assert index.candidates((1,), 10) == (at("0a02"),)


def test_a_damaged_file_is_made_anew_and_a_lost_key_empties_it(tmp_path: Path) -> None:
    index = open_duplicates(OwnerSettings(), tmp_path)
    index.keep(prints("0a01", 1))
    index.relate("0a01", 2, [])
    file = tmp_path / "duplicates.sqlite3"
    index.close()
    file.write_bytes(b"no database" * 1_000)
    with pytest.raises(DuplicatesUnavailableError, match="tự dựng lại"):
        index.sequences()
    assert index.sequences() == {}
    assert aside(file).read_bytes() == b"no database" * 1_000, "kept for whoever wants to know why"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    index.keep(prints("0a01", 1))
    file.unlink()
    assert index.sequences() == {}, "a file that somebody removed is not written on unseen"
    index.keep(prints("0a01", 1))
    index.close()
    (tmp_path / "keys" / "owners").unlink()
    other = open_duplicates(OwnerSettings(), tmp_path)
    assert other.sequences() == {}
    other.close()

"""Fronts and backs of a stack, dropped as two files into ``hai_mat``, become one dossier."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import clock, corrections, stages
from pipeline.intake.watched.standing import standing_folders
from pipeline.joining import passes
from pipeline.model import DropReceipts, Outcome, Record
from pipeline.model.two_sides import TwoSides, in_order
from pipeline.settings import WatchSettings
from pipeline.versions import Act
from tests.support.drops import Office

pytestmark = pytest.mark.slow

FRONTS = "mặt 1\nmặt 3\nmặt 5"
BACKS = "mặt 6\nmặt 4\nmặt 2"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def drop(office: Office, name: str, text: str, above: str = "hai_mat") -> str:
    """Receive a file as a watcher does, with its receipts; return the drop's id."""
    taken = office.prepared(name, text)
    taken = replace(taken, files=tuple(replace(one, above=(above,)) for one in taken.files))
    reception = office.receives(taken)
    assert all("trước đó" not in line.reason for line in reception.receipts)
    office.archive.keep_receipts(
        DropReceipts(taken.dossier, "một cửa", clock.today(), reception.receipts)
    )
    return taken.dossier


def words(office: Office, record: Record) -> list[str]:
    pages = stages.pages_of(record.dossier, record.dossier.pages, office.archive)
    return [each.page.text.text for each in pages]


@pytest.mark.parametrize("is_read_between", [False, True])
def test_fronts_and_backs_are_one_dossier_sheet_by_sheet(
    office: Office, *, is_read_between: bool
) -> None:
    first = drop(office, "quét 1.pdf", FRONTS)
    if is_read_between:
        office.digitises_all()
        alone = office.newest(first).dossier
        assert alone.outcome is Outcome.PARTIAL
        assert "chờ tệp mặt sau" in alone.reasons[0]
    second = drop(office, "quét 2.pdf", BACKS)
    office.digitises_all()
    both = office.newest(first)
    assert words(office, both) == [f"mặt {number}" for number in range(1, 7)]
    assert (both.dossier.outcome, both.dossier.reasons) == (Outcome.COMPLETE, ())
    assert office.newest(second).dossier.joined_into == first
    assert len(both.dossier.scans) == 2
    office.assert_nothing_differs()


def test_a_name_says_which_file_has_the_backs(office: Office) -> None:
    first = drop(office, "xấp mặt sau.pdf", BACKS)
    drop(office, "xấp mặt trước.pdf", FRONTS)
    office.digitises_all()
    assert words(office, office.newest(first)) == [f"mặt {number}" for number in range(1, 7)]


def test_stacks_are_paired_in_the_order_in_which_they_came(office: Office) -> None:
    drops = [drop(office, f"{at}.pdf", f"xấp {at // 2} mặt {at % 2}") for at in range(6)]
    office.digitises_all()
    for at in (0, 2, 4):
        assert words(office, office.newest(drops[at])) == [
            f"xấp {at // 2} mặt 0",
            f"xấp {at // 2} mặt 1",
        ]


def test_other_page_counts_join_nothing_lose_nothing_and_say_so_on_both(office: Office) -> None:
    first = drop(office, "1.pdf", FRONTS)
    office.digitises_all()
    second = drop(office, "2.pdf", "mặt 4\nmặt 2")
    office.digitises_all()
    for dossier, text in ((first, FRONTS), (second, "mặt 4\nmặt 2")):
        record = office.newest(dossier)
        assert record.dossier.outcome is Outcome.PARTIAL
        assert "trước có 3 trang, lượt sau 2 trang" in record.dossier.reasons[0]
        assert words(office, record) == text.split("\n")
    again = [
        drop(office, f"lại {at}.pdf", text + "\nmới") for at, text in enumerate((FRONTS, BACKS))
    ]
    office.digitises_all()
    assert office.newest(again[1]).dossier.joined_into == again[0]
    office.assert_nothing_differs()


def test_a_file_that_comes_too_late_begins_another_stack(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drop(office, "1.pdf", FRONTS)
    monkeypatch.setattr(passes, "LONGEST", timedelta(0))
    second = drop(office, "2.pdf", BACKS)
    office.digitises_all()
    for dossier in (first, second):
        assert "chờ tệp mặt sau" in office.newest(dossier).dossier.reasons[0]


def test_elsewhere_nothing_is_paired(office: Office) -> None:
    drops = [drop(office, f"{at}.pdf", text, "quét") for at, text in enumerate((FRONTS, BACKS))]
    office.digitises_all()
    for dossier in drops:
        assert office.newest(dossier).dossier.outcome is Outcome.COMPLETE


def test_what_a_person_took_apart_stays_apart_and_whole(office: Office) -> None:
    first = drop(office, "1.pdf", FRONTS)
    second = drop(office, "2.pdf", BACKS)
    office.digitises_all()
    corrections.part(second, office.archive, Act("lan", "không phải một xấp"))
    office.digitises_all()
    assert words(office, office.newest(first)) == FRONTS.split("\n")
    assert words(office, office.newest(second)) == BACKS.split("\n")
    stages.ask_again(second, office.archive)
    office.digitises_all()
    assert office.newest(second).dossier.joined_into is None


def test_the_backs_of_what_is_withheld_are_withheld_and_joined_to_nothing(office: Office) -> None:
    first = drop(office, "1.pdf", FRONTS)
    office.digitises_all()
    office.withholds(first)
    second = drop(office, "2.pdf", BACKS)
    office.digitises_all()
    for dossier in (first, second):
        assert office.newest(dossier).dossier.withheld
        assert office.newest(dossier).dossier.joined_into is None


def test_a_mark_of_secrecy_on_a_back_withholds_the_whole_stack(office: Office) -> None:
    first = drop(office, "1.pdf", FRONTS)
    office.digitises_all()
    drop(office, "2.pdf", "mặt 6\nTUYỆT MẬT\nmặt 2")
    office.digitises_all()
    both = office.newest(first).dossier
    assert both.withheld
    assert (len(both.scans), both.documents) == (2, ())


def test_a_boundary_that_a_person_set_before_the_backs_came_stays(office: Office) -> None:
    first = drop(office, "1.pdf", FRONTS)
    office.digitises_all()
    corrections.begin_paper(first, 2, office.archive, Act("lan"))
    drop(office, "2.pdf", BACKS)
    office.digitises_all()
    assert [one.pages for one in office.newest(first).dossier.documents] == [(1, 2), (3, 4, 5, 6)]


def test_passes_that_do_not_match_are_left_in_the_order_of_the_scans() -> None:
    pages = [("a", 1), ("x", 1), ("b", 1), ("b", 2)]
    assert in_order(pages, TwoSides("a", "b")) == pages
    assert in_order(pages[:3], TwoSides("b", "a")) == [("b", 1), ("a", 1), ("x", 1)]


def test_the_folders_stay_and_loose_papers_are_drops_of_their_own() -> None:
    standing = standing_folders(WatchSettings(standing=["quét/*"]))
    stay = [("hai_mat",), ("HAI_MAT",), ("tung_giay",), ("tung_giay", "sáng"), ("quét", "lan")]
    assert all(map(standing.contain, stay))
    assert not any(map(standing.contain, [("hai_mat", "xấp"), ("khác",), ("x", "tung_giay")]))

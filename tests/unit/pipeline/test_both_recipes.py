"""A store of two recipes: nothing is read again unasked, and what people did of old pages holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.upkeep.reread import older_readings
from pipeline import corrections, stages
from pipeline.corrections import FieldAct, FieldChange, PageSeen
from pipeline.documents.secrecy import find_secrecy_mark
from pipeline.model import Query, Record
from pipeline.page_edits import secret_pages
from pipeline.pdf_binding import recipe_of
from tests.support.drops import CODE, FIXED, PARTIAL, Office, RefusingReader
from tests.support.mended import LAN, five_pages, read_anew, scan_of, texts
from tests.support.stored import TextReader

OLD, NEW = "text-1", "text-2"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def upgraded(office: Office) -> None:
    """Have all later pages read by another recipe."""
    office.reader = RefusingReader(TextReader(NEW))


def recipes(record: Record) -> list[str]:
    return [note.recipe for note in record.dossier.pages]


def test_of_an_older_reading_only_the_page_that_was_turned_is_read_again(office: Office) -> None:
    dossier = five_pages(office)
    before = office.newest(dossier)
    made = recipe_of(before.dossier, scan_of(before))
    upgraded(office)
    corrections.turn_page(PageSeen(dossier, 2), 90, office.archive, LAN)
    office.digitises_all()
    turned = office.newest(dossier)
    assert recipes(turned) == [OLD, f"{NEW}-o90", OLD, OLD, OLD]
    assert texts(office, turned) == texts(office, before)
    assert recipe_of(turned.dossier, scan_of(turned)) not in (made, OLD, NEW)
    corrections.undo(dossier, turned.sequence - 1, office.archive, LAN)
    office.digitises_all()
    undone = office.newest(dossier)
    assert recipes(undone) == [OLD, NEW, OLD, OLD, OLD]
    assert recipe_of(undone.dossier, scan_of(undone)) not in (made, OLD, NEW)
    office.assert_nothing_differs()


def test_of_a_dossier_that_got_what_it_lacked_only_that_is_read(office: Office) -> None:
    dossier = office.partial()
    assert recipes(office.newest(dossier)) == [OLD, OLD]
    upgraded(office)
    office.drops(CODE, FIXED)
    office.digitises_all()
    assert recipes(office.newest(dossier)) == [OLD, NEW, NEW, OLD]
    assert office.index.find(Query("tờ khai")).total == 1


def test_a_page_whose_reading_is_gone_is_read_again(office: Office) -> None:
    dossier = five_pages(office)
    record = office.newest(dossier)
    lost = office.home / "store" / "pages" / scan_of(record) / OLD / "0003.json"
    lost.unlink()
    upgraded(office)
    corrections.reorder(dossier, [2, 1, 3, 4, 5], office.archive, LAN)
    office.digitises_all()
    assert recipes(office.newest(dossier)) == [OLD, OLD, NEW, OLD, OLD]


def test_who_asks_has_it_read_anew_and_what_people_decided_holds(office: Office) -> None:
    old, new = five_pages(office), None
    upgraded(office)
    new = office.drops("mới.pdf", PARTIAL["01 đơn.pdf"]).dossier
    office.digitises_all()
    change = FieldChange(1, "document_type", FieldAct.CORRECT, "Giấy khai sinh")
    corrections.amend(old, [change], office.archive, LAN)
    corrections.mend_words(PageSeen(old, 2), {1: "hộ khẩu thường trú"}, office.archive, LAN)
    corrections.leave_out(PageSeen(old, 5), office.archive, LAN)
    office.digitises_all()
    (found,) = older_readings(office.archive.dossiers(), NEW, office.archive)
    assert (found.record.dossier.id, found.pages, found.recipes) == (old, (1, 2, 3, 4), (OLD,))
    record = read_anew(office, old, NEW)
    assert recipes(record) == [NEW] * 4
    assert texts(office, record)[1] == "hộ khẩu thường trú"
    kind = record.dossier.documents[0].findings["document_type"]
    assert (kind.value, kind.confirmed_by) == ("Giấy khai sinh", LAN.actor)
    assert record.dossier.edits[-1].left_out or record.dossier.edits[0].left_out
    assert list(older_readings(office.archive.dossiers(), NEW, office.archive)) == []
    for query, dossier in (("hộ khẩu thường trú", old), ("đơn xin", new)):
        assert [hit.dossier for hit in office.index.find(Query(query)).hits] == [dossier]
    left_out = next(each for each in record.dossier.edits if each.left_out)
    back = corrections.restore(old, left_out.place, office.archive, LAN)
    assert recipes(back) == [NEW] * 4 + [OLD], "as it was read when it was left out"
    office.assert_nothing_differs()


def test_who_asks_while_a_turned_page_waits_has_all_pages_read_anew(office: Office) -> None:
    dossier = five_pages(office)
    upgraded(office)
    corrections.turn_page(PageSeen(dossier, 2), 90, office.archive, LAN)
    assert office.archive.is_queued(dossier)
    assert stages.ask_again(dossier, office.archive, actor="mai")
    assert not stages.ask_again(dossier, office.archive, actor="minh"), "asked for already"
    office.digitises_all()
    assert recipes(office.newest(dossier)) == [NEW, f"{NEW}-o90", NEW, NEW, NEW]


def test_who_is_withheld_joined_or_waits_is_not_offered(office: Office) -> None:
    held, waiting = five_pages(office), office.drops("chờ.pdf", "đơn").dossier
    office.withholds(held)
    assert waiting
    assert list(older_readings(office.archive.dossiers(), NEW, office.archive)) == []


def test_a_mark_on_a_page_left_out_under_the_older_recipe_still_counts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of rules that learn of a mark after the others were read again."""
    monkeypatch.setattr(secret_pages, "find_secrecy_mark", lambda _: None)
    dossier = office.drops("giấy.pdf", "đơn xin\nTỐI MẬT").dossier
    assert dossier
    office.digitises_all()
    corrections.leave_out(PageSeen(dossier, 2), office.archive, LAN)
    office.digitises_all()
    monkeypatch.setattr(secret_pages, "find_secrecy_mark", find_secrecy_mark)
    record = read_anew(office, dossier, NEW)
    assert record.action == stages.WITHHELD
    assert "TỐI MẬT" in record.dossier.reasons[0]

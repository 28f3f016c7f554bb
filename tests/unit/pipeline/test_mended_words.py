"""Words that people write over what was read: found at once, whatever reads them later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.access import may_hand_out
from pipeline.corrections import PageSeen
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Line, PageText, Query
from pipeline.ports import PageReading
from tests.support.drops import Office, RefusingReader
from tests.support.mended import (
    LAN,
    MAI,
    five_pages,
    published,
    read_anew,
    scan_of,
    texts,
)
from tests.support.stored import TextReader

pytestmark = pytest.mark.slow


class SharpReader(TextReader):
    """Reads a mark of secrecy where the first engine did not."""

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        reading = super().read_page(path, number, orientation)
        words = tuple(
            replace(word, text={"đơn": "TỐI", "xin": "MẬT"}.get(word.text, word.text))
            for word in reading.page.text.words
        )
        page = replace(reading.page, text=PageText((Line(words),)))
        return replace(reading, page=page)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def dossier(office: Office) -> str:
    return five_pages(office)


def test_mended_words_are_found_and_outlast_another_engine(office: Office, dossier: str) -> None:
    record = published(
        office,
        corrections.mend_words(PageSeen(dossier, 2), {1: "sổ đỏ"}, office.archive, LAN),
    )
    assert (record.action, record.actor) == ("reworded", "lan")
    assert texts(office, record)[1] == "sổ đỏ"
    assert [hit.page for hit in office.index.find(Query("sổ đỏ")).hits] == [2]
    assert not office.index.find(Query('"trang hai"')).hits
    again = read_anew(office, dossier)
    assert texts(office, again)[1] == "sổ đỏ"
    assert again.dossier.pages[1].recipe == "text-2"
    undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
    assert texts(office, undone)[1] == "trang hai"
    assert not undone.dossier.edits
    office.digitises_all()
    office.assert_nothing_differs()


def test_a_mended_line_is_mended_again_shortened_lengthened_and_emptied(
    office: Office, dossier: str
) -> None:
    for text in ("một", "một hai ba bốn năm", "hai", ""):
        record = corrections.mend_words(PageSeen(dossier, 2), {1: text}, office.archive, LAN)
        assert texts(office, record)[1] == text
        office.digitises_all()
    page = office.newest(dossier).dossier.find_edit(scan_of(record), 2)
    assert page
    assert page.words == 4
    kept = office.archive.find_mended(page.place, 2)
    assert kept
    boxes = [word.box for word in kept.lines[0].words]
    assert all(box.width > 0 for box in boxes)
    assert [box.left for box in boxes] == sorted({box.left for box in boxes})
    with pytest.raises(CorrectionRefusedError):
        corrections.mend_words(PageSeen(dossier, 2), {1: "x"}, office.archive, LAN)
    with pytest.raises(CorrectionRefusedError):
        corrections.mend_words(PageSeen(dossier, 4), {1: "trang bốn"}, office.archive, LAN)


def test_words_that_are_mended_tell_the_paper_anew(office: Office, dossier: str) -> None:
    title = {1: "TỜ KHAI ĐĂNG KÝ KHAI SINH"}
    record = corrections.mend_words(PageSeen(dossier, 3), title, office.archive, LAN)
    types = ["Tờ khai đăng ký kết hôn", "Tờ khai đăng ký khai sinh"]
    assert [one.type for one in record.dossier.documents] == types
    assert [one.type for one in read_anew(office, dossier).dossier.documents] == types


def test_a_mark_of_secrecy_that_is_written_withholds_at_once(office: Office, dossier: str) -> None:
    record = corrections.mend_words(PageSeen(dossier, 2), {1: "TỐI MẬT"}, office.archive, LAN)
    assert not may_hand_out(record)
    assert record.action == "withheld"


def test_a_mark_that_a_later_engine_reads_cannot_be_mended_away(office: Office) -> None:
    dossier = office.drops("đơn.pdf", "đơn xin\ntrang hai").dossier
    assert dossier
    office.digitises_all()
    assert may_hand_out(office.newest(dossier))
    corrections.mend_words(PageSeen(dossier, 1), {1: "trang một"}, office.archive, LAN)
    office.reader = RefusingReader(SharpReader("text-2"))
    stages.ask_again(dossier, office.archive)
    office.digitises_all()
    assert not may_hand_out(office.newest(dossier))

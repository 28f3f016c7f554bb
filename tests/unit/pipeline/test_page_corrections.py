"""What people decide about pages: it counts at once, outlasts readings, and can be taken back."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.access import may_hand_out
from pipeline.corrections import PageSeen
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Line, Outcome, PagePlace, PageText, Query, Record
from pipeline.page_edits.reading import find_page
from pipeline.ports import PageReading
from pipeline.versions import Act
from tests.support.drops import Office, RefusingReader
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


LAN, MAI = Act("lan", "trang của người khác"), Act("mai", "quét lại")
PAGES = "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ\ntrang bốn\ntrang năm"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def dossier(office: Office) -> str:
    """A digitised dossier of five pages; the first and the third begin papers."""
    dropped = office.drops("giấy.pdf", PAGES).dossier
    assert dropped
    office.digitises_all()
    return dropped


def published(office: Office, record: Record) -> Record:
    stages.publish(record, office.archive, office.index)
    return record


def read_anew(office: Office, dossier: str, recipe: str = "text-2") -> Record:
    """Read all pages of a dossier once more, with another engine."""
    office.reader = RefusingReader(TextReader(recipe))
    stages.ask_again(dossier, office.archive)
    office.digitises_all()
    return office.newest(dossier)


def texts(office: Office, record: Record) -> list[str]:
    """Return the words of each page as they are shown."""
    found = (find_page(record.dossier, note, office.archive) for note in record.dossier.pages)
    return [page.text.text if page else "" for page in found]


def cut(record: Record) -> list[tuple[int, ...]]:
    return [document.pages for document in record.dossier.documents]


def scan_of(record: Record) -> str:
    return record.dossier.scans[0].sha256


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


def test_a_turned_page_is_read_as_it_lies(office: Office, dossier: str) -> None:
    record = corrections.turn_page(PageSeen(dossier, 2), 90, office.archive, LAN)
    assert record.dossier.outcome is None
    office.digitises_all()
    read = office.newest(dossier).dossier
    assert (read.outcome, read.pages[1].recipe) == (Outcome.COMPLETE, "text-1-o90")
    more = corrections.turn_page(PageSeen(dossier, 2), 270, office.archive, LAN)
    edit = more.dossier.find_edit(scan_of(more), 2)
    assert edit
    assert edit.orientation == 0
    office.digitises_all()
    assert read_anew(office, dossier).dossier.pages[1].recipe == "text-2-o0"
    with pytest.raises(CorrectionRefusedError):
        corrections.turn_page(PageSeen(dossier, 2), 45, office.archive, LAN)


def test_a_page_is_left_out_for_a_reason_and_comes_back(office: Office, dossier: str) -> None:
    before = office.newest(dossier)
    with pytest.raises(CorrectionRefusedError):
        corrections.leave_out(PageSeen(dossier, 2), office.archive, Act("lan"))
    record = published(office, corrections.leave_out(PageSeen(dossier, 2), office.archive, LAN))
    assert cut(record) == [(1,), (2, 3, 4)]
    assert not office.index.find(Query('"trang hai"')).hits
    again = read_anew(office, dossier)
    assert cut(again) == cut(record)
    assert again.dossier.outcome is Outcome.COMPLETE
    with office.archive.original(scan_of(again)) as path:
        assert "trang hai" in path.read_text()
    back = corrections.restore(dossier, PagePlace(scan_of(again), 2), office.archive, MAI)
    assert cut(back) == cut(before)
    office.digitises_all()
    assert texts(office, office.newest(dossier)) == PAGES.splitlines()


def test_the_first_page_of_a_paper_is_left_out_and_the_rest_stays_a_paper(
    office: Office, dossier: str
) -> None:
    record = corrections.leave_out(PageSeen(dossier, 3), office.archive, LAN)
    assert cut(record) == [(1, 2), (3, 4)]
    undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
    assert cut(undone) == [(1, 2), (3, 4, 5)]
    assert [one.type for one in undone.dossier.documents][1] == "Tờ khai đăng ký khai tử"


def test_a_rescan_takes_the_place_of_a_page(office: Office, dossier: str) -> None:
    newer = office.drops("quét lại.pdf", "TỜ KHAI ĐĂNG KÝ KHAI TỬ rõ").dossier
    assert newer
    office.digitises_all()
    corrections.join(newer, dossier, office.archive, LAN)
    office.digitises_all()
    change = corrections.FieldChange(2, "summary", corrections.FieldAct.CORRECT, "đã xác nhận")
    corrections.amend(dossier, [change], office.archive, LAN)
    record = corrections.replace_page(PageSeen(dossier, 3), 6, office.archive, MAI)
    assert cut(record) == [(1, 2), (3, 4, 5)]
    for state in (record, read_anew(office, dossier)):
        assert texts(office, state)[2] == "TỜ KHAI ĐĂNG KÝ KHAI TỬ rõ"
        assert state.dossier.documents[1].findings["summary"].value == "đã xác nhận"
    undone = corrections.undo(dossier, record.sequence, office.archive, LAN)
    assert texts(office, undone) == [*PAGES.splitlines(), "TỜ KHAI ĐĂNG KÝ KHAI TỬ rõ"]
    assert cut(undone)[:2] == [(1, 2), (3, 4, 5)]


def test_pages_are_put_in_order_and_papers_go_along(office: Office, dossier: str) -> None:
    record = corrections.reorder(dossier, [3, 4, 5, 1, 2], office.archive, LAN)
    assert cut(record) == [(1, 2, 3), (4, 5)]
    again = read_anew(office, dossier)
    assert cut(again) == cut(record)
    misplaced = corrections.reorder(dossier, [1, 5, 2, 3, 4], office.archive, LAN)
    assert cut(misplaced) == [(1, 2, 3, 4), (5,)]
    for wrong in ([1, 2], [1, 1, 2, 3, 4], [0, 1, 2, 3, 4]):
        with pytest.raises(CorrectionRefusedError):
            corrections.reorder(dossier, wrong, office.archive, LAN)
    with pytest.raises(EditConflictError):
        corrections.undo(dossier, record.sequence, office.archive, MAI)
    undone = corrections.undo(dossier, misplaced.sequence, office.archive, MAI)
    assert cut(undone) == cut(record)


def test_two_people_who_decide_about_one_page_are_told_who_did_what(
    office: Office, dossier: str
) -> None:
    seen = office.newest(dossier).sequence
    corrections.leave_out(PageSeen(dossier, 1, seen), office.archive, LAN)
    with pytest.raises(EditConflictError, match="lan bỏ ra ở bản 3"):
        corrections.mend_words(PageSeen(dossier, 1, seen), {1: "x"}, office.archive, MAI)
    with pytest.raises(EditConflictError, match="lan"):
        corrections.reorder(dossier, [2, 1, 3, 4], office.archive, MAI, seen=seen)
    # Another page is another matter, whatever its number has become meanwhile.
    record = corrections.mend_words(PageSeen(dossier, 2, seen), {1: "hai"}, office.archive, MAI)
    assert texts(office, record)[0] == "hai"
    with pytest.raises(CorrectionRefusedError):
        corrections.turn_page(PageSeen(dossier, 2, 99), 90, office.archive, MAI)


def test_what_was_decided_of_pages_moves_along_and_comes_back(office: Office, dossier: str) -> None:
    older = office.drops("trước.pdf", "TỜ KHAI ĐĂNG KÝ KHAI TỬ").dossier
    assert older
    office.digitises_all()
    corrections.mend_words(PageSeen(dossier, 2), {1: "hai"}, office.archive, LAN)
    corrections.leave_out(PageSeen(dossier, 5), office.archive, LAN)
    joined = corrections.join(dossier, older, office.archive, LAN)
    office.digitises_all()
    assert texts(office, office.newest(older))[1:] == [
        PAGES.splitlines()[0],
        "hai",
        *PAGES.splitlines()[2:4],
    ]
    corrections.mend_words(PageSeen(older, 3), {1: "số hai"}, office.archive, MAI)
    with pytest.raises(CorrectionRefusedError, match="không hoàn tác"):
        corrections.undo(older, joined.older.sequence, office.archive, MAI)
    corrections.part(dossier, office.archive, MAI)
    office.digitises_all()
    assert texts(office, office.newest(dossier))[:2] == [PAGES.splitlines()[0], "số hai"]
    assert texts(office, office.newest(older)) == ["TỜ KHAI ĐĂNG KÝ KHAI TỬ"]
    office.assert_nothing_differs()


def _acts(office: Office, dossier: str, chance: random.Random) -> None:
    """Decide something about a page at random."""
    archive, count = office.archive, len(office.newest(dossier).dossier.pages)
    page = PageSeen(dossier, chance.randint(1, count))
    out = [each for each in office.newest(dossier).dossier.edits if each.left_out]
    acts = [
        lambda: corrections.mend_words(page, {1: f"chữ {chance.randint(1, 99)}"}, archive, LAN),
        lambda: corrections.turn_page(page, chance.choice((90, 180, 270)), archive, LAN),
        lambda: corrections.leave_out(page, archive, LAN),
        lambda: corrections.reorder(
            dossier, chance.sample(range(1, count + 1), count), archive, LAN
        ),
        lambda: corrections.replace_page(page, chance.randint(1, count), archive, LAN),
        lambda: corrections.begin_paper(dossier, page.page, archive, LAN),
        lambda: corrections.continue_paper(dossier, page.page, archive, LAN),
        lambda: corrections.restore(dossier, chance.choice(out).place, archive, MAI),
        lambda: corrections.undo(
            dossier, chance.randint(2, office.newest(dossier).sequence), archive, MAI
        ),
    ]
    if not out:
        del acts[7]
    chance.choice(acts)()


@pytest.mark.parametrize("seed", range(24))
def test_no_reading_changes_what_people_decided_about_pages(
    office: Office, dossier: str, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(10):
        try:
            _acts(office, dossier, chance)
        except CorrectionRefusedError:
            continue
        if chance.random() < 0.3:
            office.digitises_all()
    decided = office.newest(dossier)
    again = read_anew(office, dossier, f"text-{seed + 2}")
    for name in ("edits", "order", "boundaries"):
        assert getattr(again.dossier, name) == getattr(decided.dossier, name)
    shown = [(note.scan, note.number) for note in again.dossier.pages]
    assert shown == [(note.scan, note.number) for note in decided.dossier.pages]
    assert sorted(page for paper in cut(again) for page in paper) == list(range(1, len(shown) + 1))
    for note in again.dossier.pages:
        edit = again.dossier.find_edit(note.scan, note.number)
        mended = edit and office.archive.find_mended(edit.place, edit.words)
        page = find_page(again.dossier, note, office.archive)
        assert page
        if mended and mended.lines[0].words:
            assert page.text.lines[0].words == mended.lines[0].words
        if edit and edit.orientation is not None:
            assert note.recipe.endswith(f"-o{edit.orientation}")
    office.assert_nothing_differs()

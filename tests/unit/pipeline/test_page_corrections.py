"""What people decide about pages: it counts at once, outlasts readings, and can be taken back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import PageSeen
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Outcome, PagePlace, Query
from pipeline.page_edits.reading import find_page
from pipeline.versions import Act
from tests.support.drops import Office
from tests.support.mended import (
    LAN,
    MAI,
    PAGES,
    cut,
    five_pages,
    published,
    read_anew,
    scan_of,
    texts,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def dossier(office: Office) -> str:
    return five_pages(office)


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

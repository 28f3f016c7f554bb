"""A masked picture hides what was read under mended words too, and what the mended words are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import PageSeen
from pipeline.masking import PictureMask, join_masks, mask_page
from pipeline.model import (
    Box,
    Line,
    Page,
    PageEdit,
    PageMeasures,
    PageRef,
    PageState,
    PageText,
    PersonRole,
    Word,
)
from pipeline.ports import PageReading
from pipeline.versions import Act, keep_next
from tests.support.personal_papers import add_personal_papers
from tests.support.visitors import open_room

LAN = Act("lan", "đọc lại")


def page_of(*words: str) -> Page:
    boxes = (Box(100 * at, 10, 90, 20) for at in range(len(words)))
    placed = tuple(Word(word, 0.9, box) for word, box in zip(words, boxes, strict=True))
    measures = PageMeasures(600, 800, 72.0)
    return Page(1, PageState.READ, measures, PageText((Line(placed),)))


def test_a_number_that_was_mended_away_stays_painted() -> None:
    read, shown = page_of("số", "001085012345"), page_of("số", "bảy")
    mask = join_masks(mask_page(shown), [mask_page(read)])
    assert Box(100, 10, 90, 20) in mask.boxes
    assert mask.page.text.text == "số bảy"
    other = join_masks(mask_page(read), [mask_page(shown)])
    assert Box(100, 10, 90, 20) in other.boxes
    assert "001085012345" not in other.page.text.text


def test_a_card_under_mended_words_is_not_shown_at_all() -> None:
    card = page_of("IDVNM085012345<<<", "CĂN", "CƯỚC")
    mask = join_masks(mask_page(page_of("giấy", "khác", "x")), [mask_page(card)])
    assert (mask.picture, mask.page.text.text) == (PictureMask.WHOLE, "")


def test_what_is_not_read_is_not_pictured_whatever_was_written() -> None:
    unread = replace(page_of("x"), state=PageState.NOT_READ, text=PageText())
    mask = join_masks(mask_page(page_of("x")), [mask_page(unread)])
    assert mask.picture is PictureMask.NOT_READ


def test_mending_words_shows_a_reader_no_more_of_the_picture(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    paper = add_personal_papers(room.backend, 1)[0]
    reader = room.signed_in(room.person("đọc", PersonRole.READER))
    path = f"/ho-so/{paper.dossier}/trang/1"
    before = reader.get(f"{path}/anh.webp").content
    lines = {number: "dòng mới" for number in range(1, len(paper.page.text.lines) + 1)}
    corrections.mend_words(PageSeen(paper.dossier, 1), lines, room.backend.archive, LAN)
    answer = reader.get(path)
    assert "dòng" in answer.text
    assert not [one for one in paper.numbers if one in answer.text]
    assert reader.get(f"{path}/anh.webp").content == before


@pytest.mark.parametrize("state", [PageState.READ, PageState.DOUBTFUL])
def test_a_wrong_turn_shows_a_reader_no_more_of_the_picture(
    tmp_path: Path, state: PageState
) -> None:
    """Lying on its side a page is read badly: what was found of it upright stays hidden."""
    room = open_room(tmp_path)
    paper = add_personal_papers(room.backend, 1)[0]
    reader = room.signed_in(room.person("đọc", PersonRole.READER))
    path = f"/ho-so/{paper.dossier}/trang/1/anh.webp"
    before = reader.get(path).content
    record = room.backend.archive.find_record(paper.dossier)
    assert record is not None
    dossier, note = record.dossier, record.dossier.pages[0]
    ref = PageRef(dossier.id, note.scan, note.number)
    sideways = replace(paper.page, state=state, text=page_of("lờ", "mờ").text)
    picture = room.backend.archive.picture(ref, note.recipe)
    room.backend.archive.keep_page(ref, f"{note.recipe}-o90", PageReading(sideways, picture))
    turned = replace(
        dossier,
        pages=(replace(note, recipe=f"{note.recipe}-o90", state=state), *dossier.pages[1:]),
        documents=(),
        edits=(PageEdit(note.scan, note.number, "lan", orientation=90),),
    )
    keep_next(record, turned, "digitised", room.backend.archive, actor="sohoa")
    assert reader.get(path).content == before

"""Two papers on one sheet are told and read one after the other; one paper stays one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ocr import open_reader
from ocr.page.sheet_parts import with_parts
from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.rows import lines_of, merged_rows, papers_of
from pipeline.model import Box, Line, Page, PageMeasures, PageState, PageTable, PageText, View, Word
from pipeline.records import Codec
from pipeline.report import reading
from pipeline.settings import ReadingSettings
from tests.paper import draw_page

WIDTH, HEIGHT = 1754, 1240
HEADING = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
TEXT = "các cơ quan thực hiện theo quy định"


def line(x: int, y: int, text: str = TEXT) -> Line:
    words = []
    for word in text.split():
        words.append(Word(word, 0.9, Box(x, y, 12 * len(word), 22)))
        x += 12 * len(word) + 10
    return Line(tuple(words))


def page(lines: Iterable[Line], size: tuple[int, int] = (WIDTH, HEIGHT)) -> Page:
    view = View(*size, (1, 0, 0, 0, 1, 0))
    measures = PageMeasures(*size, 150.0)
    return Page(1, PageState.READ, measures, PageText(tuple(lines)), view)


def leaves(count: int, *, by_rows: bool = False) -> list[Line]:
    left = [line(100, 100 + 40 * row) for row in range(count)]
    right = [line(980, 100 + 40 * row) for row in range(count)]
    if by_rows:
        return [each for pair in zip(left, right, strict=True) for each in pair]
    return [*left, *right]


def test_two_leaves_side_by_side_are_two_parts_left_before_right() -> None:
    lines = leaves(12)
    mixed = page([*lines[:6], *lines[12:], *lines[6:12]])
    found = with_parts(mixed)
    left, right = found.parts
    assert (left.left, left.right, right.right) == (0, right.left, WIDTH)
    assert [each.words[0].box.left for each in found.text.lines] == [100] * 12 + [980] * 12
    assert sorted(map(id, found.text.words)) == sorted(map(id, mixed.text.words))


def test_a_line_that_was_joined_across_both_leaves_is_parted() -> None:
    lines = leaves(12)
    joined = Line((*lines[3].words, *lines[15].words))
    found = with_parts(page([*lines[:3], joined, *lines[4:15], *lines[16:]]))
    assert [each.words[0].box.left for each in found.text.lines] == [100] * 12 + [980] * 12


def test_what_lies_outside_of_all_parts_is_not_lost() -> None:
    stray = Line((Word("12", 0.9, Box(-30, -20, 20, 10)), Word("13", 0.9, Box(1800, 1300, 20, 10))))
    found = with_parts(page([*leaves(12), stray]))
    assert {"12", "13"} <= {word.text for word in found.text.words}


@pytest.mark.parametrize(
    "lines",
    [
        leaves(12, by_rows=True),
        leaves(5),
        [*leaves(12), line(600, 40, "DANH SÁCH CÁC TỔ CHỨC CÁ NHÂN ĐƯỢC KHEN THƯỞNG NĂM")],
        [line(100, 100 + 40 * row) for row in range(20)],
    ],
    ids=["rows of a table", "few lines", "a title across", "one column"],
)
def test_one_paper_has_no_parts(lines: list[Line]) -> None:
    one = page(lines)
    assert with_parts(one) is one


def test_a_ruled_table_across_the_middle_is_one_paper() -> None:
    box = Box(80, 80, 1500, 600)
    one = replace(page(leaves(12)), tables=(PageTable(box, 1, 1, ()),))
    assert with_parts(one) is one


def test_a_second_national_heading_begins_a_second_paper() -> None:
    def paper(top: int) -> list[Line]:
        rows = (line(100, top + 60 + 40 * row) for row in range(8))
        return [line(100, top - 4, "ỦY BAN NHÂN DÂN"), line(640, top, HEADING), *rows]

    first, second = paper(100), paper(900)
    found = with_parts(page([*first, *second], (HEIGHT, WIDTH)))
    above, below = found.parts
    assert above.bottom == below.top
    assert first[-1].words[0].box.bottom <= below.top <= second[0].words[0].box.top
    assert found.text.lines == (*first, *second)


def test_parts_are_stored_and_told_in_their_order() -> None:
    found = with_parts(page(leaves(12)))
    assert Codec(Page).load(Codec(Page).dump(found)) == found
    (told,) = reading([found], ())["pages"]
    assert told["parts"] == [list(part) for part in found.parts]
    assert len(told["text"].splitlines()) == 24


def backward(lines: Iterable[Line]) -> list[Line]:
    """Turn lines around the middle of a lying sheet's right half."""
    found = []
    for each in lines:
        boxes = [(WIDTH * 3 // 2 - w.box.right, HEIGHT - w.box.bottom) for w in each.words]
        words = zip(each.words, boxes, strict=True)
        found.append(
            Line(tuple(replace(w, box=w.box._replace(left=x, top=y)) for w, (x, y) in words))
        )
    return found


def test_a_paper_that_was_read_upside_down_is_a_part_with_rows_as_it_reads() -> None:
    lines = leaves(4)
    lines[4] = line(980, 100, "ĐƠN ĐỀ NGHỊ")
    found = with_parts(page([*lines[:4], *backward(lines[4:])]))
    left, right = found.parts
    assert left.right == right.left
    _, second = papers_of(found, lines_of(PageOfDossier(1, found)))
    assert merged_rows(second)[0].text == "ĐƠN ĐỀ NGHỊ"
    assert {row.text for row in merged_rows(second)[1:]} == {TEXT}


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.parametrize("turned", [0, 1])
def test_one_of_two_papers_may_lie_upside_down(turned: int, tmp_path: Path) -> None:
    size = HEIGHT, WIDTH // 2
    sheet = Image.new("RGB", (size[0], 2 * size[1]), "white")
    truths, kinds = [], []
    for at, layout in enumerate(("C", "F")):
        drawn = draw_page(layout, 7 + at, 200)
        truths.append(drawn.truth.text.split())
        kinds.append(drawn.truth.fields["document_type"].value)
        paper = drawn.image.convert("RGB")
        half = paper.crop((0, 0, paper.width, paper.width * size[1] // size[0]))
        half = half.resize(size, Image.Resampling.LANCZOS)
        sheet.paste(half.rotate(180) if at == turned else half, (0, at * size[1]))
    sheet = sheet.resize((sheet.width * 4 // 3, sheet.height * 4 // 3), Image.Resampling.LANCZOS)
    sheet.save(tmp_path / "page.png", dpi=(200, 200))
    read = open_reader(ReadingSettings()).read_page(tmp_path / "page.png", 1).page
    assert read.state is PageState.READ
    assert len(read.parts) == 2
    papers = assemble([PageOfDossier(1, read)])
    upright = read.measures.orientation == 0
    assert [paper.type for paper in papers] == (kinds if upright else kinds[::-1])
    sure = [word.text for word in read.text.words if word.confidence >= 0.8]
    printed = {*truths[0], *truths[1]}
    assert sum(word in printed for word in sure) > 0.97 * len(sure)


@pytest.mark.engine
@pytest.mark.slow
def test_two_papers_on_a_glass_of_a4_are_read_one_after_the_other(tmp_path: Path) -> None:
    size = WIDTH // 2, HEIGHT
    sheet = Image.new("RGB", (2 * size[0], size[1]), "white")
    truths, kinds = [], []
    for side, layout in enumerate(("C", "F")):
        drawn = draw_page(layout, 7 + side, 300)
        truths.append(drawn.truth.text.split())
        kinds.append(drawn.truth.fields["document_type"].value)
        leaf = drawn.image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        sheet.paste(leaf, (side * size[0], 0))
    sheet = sheet.resize((sheet.width * 4 // 3, sheet.height * 4 // 3), Image.Resampling.LANCZOS)
    sheet.save(tmp_path / "page.png", dpi=(200, 200))
    read = open_reader(ReadingSettings()).read_page(tmp_path / "page.png", 1).page
    assert len(read.parts) == 2
    middle = sheet.width / 2
    sides = [each.words[0].box.left > middle for each in read.text.lines]
    assert sides == sorted(sides)
    for truth, is_right in zip(truths, (False, True), strict=True):
        found = {word.text for word in read.text.words if (word.box.left > middle) == is_right}
        assert sum(word in found for word in truth) > 0.8 * len(truth)
    papers = assemble([PageOfDossier(1, read)])
    assert [(one.type, one.span) for one in papers] == [
        (kind, ((1, part),)) for part, kind in enumerate(kinds, 1)
    ]

"""A text layer counts only where it is seen and says what is drawn; the rest is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from ocr import open_reader
from ocr.reader import Reader
from pipeline.model import CERTAIN, Page, PageState, Source
from pipeline.settings import ReadingSettings
from tests.paper.curves import curved_page
from tests.paper.false_letters import (
    Says,
    chinese,
    private_use,
    tcvn3,
    vni,
    without_marks,
)
from tests.paper.text_layers import (
    PAPER,
    Manner,
    Part,
    digital_page,
    picture_of,
    scanned_page,
    stamp_of,
)

pytestmark = [pytest.mark.slow, pytest.mark.engine]

Read = Callable[[bytes], Page]
HEAD, REST = PAPER[:4], PAPER[4:]
POOR = tuple(line.replace("ế", "é").replace("ệ", "ê").replace("ủ", "ù") for line in PAPER)
BARE = tuple("".join(map(without_marks, line)) for line in PAPER)
SCRIPTS = {
    "Arabic": "هذه وثيقة رسمية صادرة عن المكتب",
    "Khmer": "ឯកសារនេះចេញដោយការិយាល័យរដ្ឋបាល",
    "Cham": "ꨀꨇꩉ ꨣꨮꩀ ꨅꩀ ꨆꨴꨭ ꨝꨤꩀ",
}
FOREIGN = "The annual report of this office is sent to all districts before June."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


@pytest.fixture
def read(reader: Reader, tmp_path: Path) -> Read:
    def page(data: bytes) -> Page:
        (tmp_path / "page.pdf").write_bytes(data)
        return reader.read_page(tmp_path / "page.pdf", 1).page

    return page


def lost(page: Page, lines: tuple[str, ...] = PAPER) -> list[str]:
    """Return the words of lines that a page lacks."""
    found = page.text.text.split()
    return [word for line in lines for word in line.split() if word not in found]


@pytest.mark.parametrize("manner", ["whole", "strips", "tiles", "mask", "card", "under"])
@pytest.mark.parametrize("hidden", [BARE, POOR], ids=["bare", "poor"])
def test_what_is_printed_is_read_under_a_hidden_layer(
    manner: Manner, hidden: tuple[str, ...], read: Read
) -> None:
    page = read(scanned_page(PAPER, hidden, manner))
    assert (page.source, lost(page)) == (Source.OCR, [])


@pytest.mark.parametrize("says", [tcvn3, vni])
def test_a_heading_in_an_old_font_is_converted(says: Says, read: Read) -> None:
    page = read(digital_page([Part(HEAD, says), Part(REST)]))
    assert (page.source, lost(page)) == (Source.TEXT_LAYER, [])


@pytest.mark.parametrize("says", [private_use, chinese, without_marks])
@pytest.mark.parametrize("parts", [1, 2])
def test_lines_that_are_no_words_are_read(says: Says, parts: int, read: Read) -> None:
    """Of a page that is wrong as a whole, and of a heading that alone is."""
    wrong, right = (PAPER, ()) if parts == 1 else (HEAD, REST)
    page = read(digital_page([Part(wrong, says), *([Part(right)] if right else [])]))
    assert lost(page) == []
    if parts == 2:
        sure = {word.text for word in page.text.words if word.confidence >= CERTAIN}
        assert {"QUYẾT", "ĐỊNH", "236/QĐ-UBND"}.isdisjoint(sure)
        assert "30" in sure


def test_letters_printed_apart_are_words(read: Read) -> None:
    spaced = ("Q U Y Ế T  Đ Ị N H", "V ề  v i ệ c  s ử a  c h ữ a  t r ạ m  b ơ m")
    page = read(digital_page([Part((*spaced, *REST))]))
    assert page.text.text.splitlines()[:2] == ["QUYẾT ĐỊNH", "Về việc sửa chữa trạm bơm"]
    scan = read(scanned_page((*spaced, *REST), ()))
    assert scan.source is Source.OCR
    assert "QUYẾT ĐỊNH" in scan.text.text


def test_a_pasted_picture_is_read_in_its_place(read: Read) -> None:
    picture = picture_of(("Danh sách hộ dân được hỗ trợ", "Thôn Nà Lượt: mười hộ"), 420, 80)
    page = read(digital_page([Part(HEAD), Part(())], picture=picture))
    assert lost(page, HEAD) == []
    assert page.text.text.splitlines()[-2:] == [
        "Danh sách hộ dân được hỗ trợ",
        "Thôn Nà Lượt: mười hộ",
    ]
    added = page.text.words[-9:]
    assert max(word.confidence for word in added) < CERTAIN


@pytest.mark.parametrize("colour", [(200, 20, 30), (20, 40, 180), (0, 0, 0)])
def test_a_stamp_on_a_digital_page_is_read(colour: tuple[int, int, int], read: Read) -> None:
    for lines in (("MẬT",), ("ĐẾN", "Số: 152", "Ngày: 03/11/2025")):
        page = read(digital_page([Part(PAPER)], picture=stamp_of(lines, colour)))
        assert page.text.text.splitlines() == [*PAPER, *lines]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_writing_is_shown_upright(turn: int, read: Read) -> None:
    page = read(digital_page([Part(PAPER)], turn=turn))
    assert page.text.text.splitlines() == list(PAPER)
    assert (page.source, page.measures.orientation) == (Source.TEXT_LAYER, turn)
    assert page.view is not None
    assert (page.view.width > page.view.height) == (turn != 180)


def test_figures_and_another_language_are_taken_when_a_band_proves_them(read: Read) -> None:
    figures = ("1.250.000 17 30/11/2025", "3.400.000 25 15/12/2025", "0912 345 678 2.100")
    for lines in (figures, (FOREIGN,), BARE):
        page = read(digital_page([Part(lines)]))
        assert (page.source, page.text.text.splitlines()) == (Source.TEXT_LAYER, list(lines))


def test_figures_that_a_font_exchanges_are_read(read: Read) -> None:
    def exchanged(letter: str) -> str:
        return str((int(letter) + 3) % 10) if letter.isdigit() else letter

    figures = ("1.250.000 17 30/11/2025", "3.400.000 25 15/12/2025")
    page = read(digital_page([Part(figures, exchanged)]))
    assert (page.source, lost(page, figures)) == (Source.OCR, [])


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_that_cannot_be_read_is_kept_and_doubted(script: str, read: Read) -> None:
    page = read(digital_page([Part((SCRIPTS[script],) * 6, script=script)]))
    assert page.state is PageState.DOUBTFUL
    assert "không phải chữ quốc ngữ" in page.reasons[0]
    assert page.text.text.splitlines()[0] == SCRIPTS[script]
    assert max(word.confidence for word in page.text.words) < CERTAIN


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_line_in_another_script_leaves_the_others_certain(script: str, read: Read) -> None:
    page = read(digital_page([Part(PAPER), Part((SCRIPTS[script],), script=script)]))
    assert (page.state, page.source, lost(page)) == (PageState.READ, Source.TEXT_LAYER, [])
    unsure = [word.text for word in page.text.words if word.confidence < CERTAIN]
    assert set(SCRIPTS[script].split()) >= set(unsure)


def test_a_form_drawn_in_curves_is_read(read: Read) -> None:
    data = curved_page(PAPER)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        drawn = {str(part.operator) for part in pikepdf.parse_content_stream(pdf.pages[0])}
    assert not drawn & {"Tj", "TJ", "'", '"', "Do", "BI"}, "neither text nor picture"
    page = read(data)
    assert (page.state, page.source, lost(page)) == (PageState.READ, Source.OCR, [])


def test_a_scan_without_a_layer_is_read(read: Read) -> None:
    page = read(scanned_page(PAPER, ()))
    assert (page.state, page.source, lost(page)) == (PageState.READ, Source.OCR, [])

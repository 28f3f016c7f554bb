"""Synthetic pages hold what their truth says, where it says, in letters that exist."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.errors import MisconfiguredError
from pipeline.vietnamese.text import has_mark, nfc, syllables
from tests.paper import (
    LAYOUTS,
    PERSONAL_LAYOUTS,
    STAMP,
    Degradation,
    DrawnPage,
    degrade,
    draw_page,
    fonts,
    missing_letters,
    typeface,
    vietnamese_letters,
)
from tests.paper.cases import make_case
from tests.paper.layouts import lay_out
from tests.paper.lens import crop, grey, told
from tests.paper.people import make_person, make_signer, make_tax_code
from tests.paper.picture import page_truth
from tests.paper.sheet import HEIGHT, MM, WIDTH
from tests.paper.spelled import printed_date, spelled_date

PRINTED = tuple(layout for layout in (*LAYOUTS, *PERSONAL_LAYOUTS) if layout != "blank")
FIELDS = {
    "A": {"number", "symbol", "issued_on", "issuer", "place", "document_type", "summary"}
    | {"signer", "signer_title", "recipients"},
    "B": {"number", "symbol", "issued_on", "issuer", "place", "summary", "signer", "recipients"},
    "C": {"number", "issued_on", "document_type", "full_name", "born_on", "personal_id", "signer"},
    "F": {"issued_on", "document_type", "full_name", "born_on", "address", "personal_id", "phone"},
    "G": {"dossier_code", "procedure_code", "document_type", "full_name", "address", "issuer"},
    "D": {"full_name", "subject", "personal_id", "born_on", "address", "issued_on"},
    "E": {"full_name", "subject", "personal_id", "born_on", "address", "land_title_serial"},
    "H": {"full_name", "subject", "personal_id", "born_on", "address"},
    "I": {"full_name", "applicant", "subject", "personal_id", "born_on", "phone"},
    "J": set(),
    "continuation": {"signer", "signer_title", "recipients"},
}


@pytest.fixture(scope="module")
def page() -> DrawnPage:
    return draw_page("A", 11, 120)


# --- letters ---


@pytest.mark.parametrize("name", ["termes", "noto-serif", "noto-sans"])
def test_fonts_have_every_vietnamese_letter(name: str) -> None:
    assert [missing_letters(path) for path in typeface(name).paths] == [()] * 4


def test_a_font_without_vietnamese_is_noticed() -> None:
    letters = vietnamese_letters()
    assert len(set(letters)) == 134
    assert all(nfc(letter) == letter and has_mark(letter) for letter in letters)
    thai = typeface("noto-sans").paths[0].with_name("NotoSansThai-Regular.ttf")
    assert missing_letters(thai) == letters


def test_a_missing_font_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_FOLDERS", ())
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MisconfiguredError, match="fonts-texgyre"):
        typeface.__wrapped__("termes")


# --- the truth is where it says ---


@pytest.mark.parametrize("layout", PRINTED)
def test_every_word_has_its_ink_in_its_box(layout: str) -> None:
    drawn = draw_page(layout, 3, 150)
    dark = grey(drawn) < 215
    for word in drawn.truth.words:
        inside = crop(dark, word.box)
        assert inside.mean() > 0.06, word
        # tight: ink reaches to within two pixels of the left and right side
        columns = np.flatnonzero(inside.any(axis=0))
        assert columns[0] <= 2, word
        assert columns[-1] >= word.box.width - 4, word


@pytest.mark.parametrize("layout", PRINTED)
def test_text_words_and_fields_tell_the_same(layout: str) -> None:
    truth = draw_page(layout, 4, 60).truth
    assert " ".join(word.text for word in truth.words) == truth.text.replace("\n", " ")
    assert truth.fields.keys() >= FIELDS[layout]
    flat = truth.text.replace("\n", " ")
    for name, known in truth.fields.items():
        if name not in {"recipients", "citations", "authority"}:  # parts of several lines
            assert known.raw in flat, name
        assert known.value, name
    assert nfc(truth.text) == truth.text


@pytest.mark.parametrize("layout", ["C", "F", "G"])
def test_cells_side_by_side_are_one_line_of_text(layout: str) -> None:
    truth = draw_page(layout, 6, 72).truth
    middles: dict[int, set[int]] = {}
    for word in truth.words:
        middles.setdefault(word.line, set()).add(word.box.top + word.box.height // 2)
    assert all(max(rows) - min(rows) < 9 for rows in middles.values())
    together = {"C": "Quốc tịch: Việt Nam", "F": "Nhận kết quả: Tại", "G": "01 Bản giấy"}[layout]
    line = next(line for line in truth.text.splitlines() if together in line)
    assert line != together


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_follow_the_degraded_picture(page: DrawnPage, rotation: int) -> None:
    worn = degrade(page, Degradation(dpi=150, skew=1.7, rotation=rotation), 5)
    assert worn.image.size == (worn.truth.width, worn.truth.height)
    dark = grey(worn) < 140
    for word in worn.truth.words:
        assert crop(dark, word.box).mean() > 0.02, word
    # what is not in a word's box is paper, rules, seal, signature and stamp: little ink
    outside = dark.copy()
    for word in worn.truth.words:
        crop(outside, word.box)[:] = False
    assert outside.sum() < 0.25 * dark.sum()


@pytest.mark.engine
def test_a_reader_finds_the_words_and_a_field_in_its_box(tmp_path: Path) -> None:
    drawn = draw_page("A", 2, 200)
    path = tmp_path / "page.png"
    drawn.image.save(path, dpi=(200, 200))
    read = Counter(syllables(told("tesseract", path, "-", "-l", "vie")))
    true = Counter(syllables(drawn.truth.text))
    assert (true & read).total() / true.total() >= 0.95
    place = drawn.truth.fields["place"]
    left, top, width, height = place.box
    drawn.image.crop((left - 9, top - 9, left + width + 9, top + height + 9)).save(path)
    assert place.value in told("tesseract", path, "-", "-l", "vie", "--psm", "7")


# --- the layouts ---


@pytest.mark.parametrize("layout", PRINTED)
def test_no_text_runs_out_of_the_page_or_into_other_text(layout: str) -> None:
    for seed in range(12):
        random = Random(seed)
        sheet = lay_out(layout, make_case(random), random, typeface("termes"))
        words = page_truth(sheet, 72, (round(WIDTH), round(HEIGHT))).words
        boxes = np.array([(*word.box[:2], word.box.right, word.box.bottom) for word in words])
        inner = 8 * MM
        assert boxes[:, :2].min() >= inner
        assert boxes[:, 2].max() <= WIDTH - inner
        assert boxes[:, 3].max() <= HEIGHT - inner
        shared = overlaps(boxes)
        at = np.unravel_index(np.argmax(shared), shared.shape)
        assert shared.max() <= 0.3, (seed, words[at[0]], words[at[1]])


def overlaps(boxes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return for each two boxes how much of the smaller lies in the other."""
    corner = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    across = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:]) - corner - 1  # a pixel of rounding
    shared: NDArray[np.int64] = np.clip(across, 0, None).prod(axis=2)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    share: NDArray[np.float64] = shared / np.minimum(areas[:, None], areas[None, :])
    np.fill_diagonal(share, 0)
    return share


def test_office_papers_fit_one_page_and_hold_enough_words() -> None:
    face = typeface("termes")
    for seed in range(30):
        for layout in ("A", "B"):
            random = Random(seed)
            sheet = lay_out(layout, make_case(random), random, face)
            assert 200 <= sheet.words <= 520
            assert sheet.values.keys() >= {"summary", "issued_on", "recipients"}
            assert any(piece.field == "signer" for piece in sheet.pieces)


@pytest.mark.parametrize("layout", PRINTED)
def test_every_printed_page_is_stamped(layout: str) -> None:
    drawn = draw_page(layout, 1, 100)
    assert STAMP in drawn.truth.optional_text
    assert STAMP not in drawn.truth.text
    foot = grey(drawn)[-round(13 / 25.4 * 100) : -round(6 / 25.4 * 100)]
    assert foot.min() < 170


def test_nobody_is_real() -> None:
    random = Random(0)
    for _ in range(200):
        person = make_person(random, "phường Cầu Giấy")
        assert re.fullmatch(r"0\d\d[89]\d{8}", person.personal_id)
        assert person.personal_id[4:6] == f"{person.born:%y}"
        assert (person.personal_id[3] == "9") == person.woman
        assert make_signer(random).split(maxsplit=2)[2] not in person.name
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    tax = make_tax_code(random)
    total = sum(int(d) * w for d, w in zip(tax[:9], weights, strict=True))
    assert int(tax[9]) == 10 - total % 11


def test_dates_are_padded_and_spelled_as_offices_do() -> None:
    assert printed_date(date(2020, 1, 5)) == "ngày 05 tháng 01 năm 2020"
    assert printed_date(date(2024, 9, 17)) == "ngày 17 tháng 9 năm 2024"
    assert spelled_date(date(2026, 3, 15)) == "Ngày mười lăm tháng ba năm hai nghìn " + (
        "không trăm hai mươi sáu"
    )
    assert spelled_date(date(1999, 12, 21)) == "Ngày hai mươi mốt tháng mười hai năm một nghìn " + (
        "chín trăm chín mươi chín"
    )

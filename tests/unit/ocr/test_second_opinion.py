"""A second opinion is asked for doubtful words alone, makes nothing certain, and may be missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr import open_reader
from ocr.checks import check_parts
from ocr.deadline import Deadline, page_timeout
from ocr.engines import letter_readers
from ocr.engines.letter_readers import FOLDER, LANGUAGE, open_second_readers
from ocr.engines.port import LetterChoice, OcrLine, OcrWord
from ocr.engines.tesseract import PytesseractEngine, open_engine
from ocr.image.geometry import Pixels
from ocr.image.geometry import upright_mapping as mapped
from ocr.image.preprocess import ReadingPicture
from ocr.page.page_text import page_text
from ocr.page.rereading.second_opinion import SecondOpinion
from pipeline.errors import ReadingError
from pipeline.model import CERTAIN, Box, Page, Word
from pipeline.settings import ReadingSettings
from setup import pack_second_network
from tests.paper import Degradation, degrade, draw_page, save_picture

SIZE = 1200
DPI = 150


class Says:
    """A reader that says the same of every picture, and keeps the sizes of those it was given."""

    recipe = "says"

    def __init__(self, text: str, sure: float = 0.95) -> None:
        self.asked: list[tuple[int, ...]] = []
        self._letters = [LetterChoice(letter, sure) for letter in text]

    def letters(self, line: Pixels, dpi: int, seconds: float) -> Sequence[LetterChoice]:
        assert (dpi, seconds > 0) == (DPI, True)
        self.asked.append(line.shape)
        return self._letters


def lines_of(*texts: str, sure: float = 0.95, **unsure: float) -> list[OcrLine]:
    """Return lines of words of 80 x 20 pixels, surely read but for those that are named."""
    return [
        OcrLine(
            tuple(
                OcrWord(word, unsure.get(word, sure), Box(20 + 90 * at, 20 + 40 * row, 80, 20))
                for at, word in enumerate(text.split())
            )
        )
        for row, text in enumerate(texts)
    ]


def words_of(lines: list[OcrLine], *readers: Says) -> tuple[Word, ...]:
    whole = mapped(SIZE, SIZE, 0, 0.0, 1.0)
    picture = ReadingPicture(np.full((SIZE, SIZE), 255, np.uint8), whole, whole, DPI)
    opinion = SecondOpinion(readers, picture, Deadline(600))
    return page_text(lines, whole, SIZE, SIZE, opinion).words


def test_a_doubtful_word_alone_is_cut_out_and_outvoted_but_never_certain() -> None:
    one, two = Says("phòng"), Says("phòng")
    read = lines_of("trụ sở văn phong của cơ quan", phong=0.7)
    words = words_of(read, one, two)
    changed = words[3]
    assert (changed.text, changed.raw, changed.box) == ("phòng", "phong", read[0].words[3].box)
    assert changed.confidence < CERTAIN
    assert [word.text for word in words if word.raw] == ["phòng"]
    assert one.asked == two.asked == [(20 + 8 + 20, 80 + 8 + 40)]


def test_what_all_say_stays_as_sure_as_it_was() -> None:
    words = words_of(lines_of("trụ sở văn phòng", phòng=0.7), Says("phòng"), Says("phòng"))
    assert (words[3].text, words[3].confidence, words[3].raw) == ("phòng", 0.7, "")


@pytest.mark.parametrize(
    "texts",
    [
        ("Ủy ban nhân dân thành phố ban hành quyết định",),
        ("12 345 2025", "1.250.000 15/2025", "III 7"),
        ("中文 文件", "وثيقة رسمية", "ឯកសារ"),
        (),
    ],
    ids=["no doubt", "figures only", "other scripts", "nothing"],
)
def test_nobody_is_asked_where_there_is_no_doubtful_word(texts: tuple[str, ...]) -> None:
    reader = Says("phòng")
    before = words_of(lines_of(*texts))
    assert words_of(lines_of(*texts), reader) == before
    assert reader.asked == []


def test_a_page_in_another_language_or_hardly_read_is_left_alone() -> None:
    reader = Says("phòng")
    words_of(lines_of("The quick brown fox jumps over the lazy dog again"), reader)
    words_of(lines_of("trụ sở văn phong của cơ quan", sure=0.5), reader)
    assert reader.asked == []


def test_a_page_asks_for_sixty_words_at_most() -> None:
    reader = Says("phòng")
    doubtful = "trụ sở văn phòng của cơ quan có hồ sơ"
    texts = [doubtful] * 14
    lines = lines_of(*texts, **{"sở": 0.85, "phòng": 0.85, "quan": 0.85, "có": 0.85, "hồ": 0.85})
    words_of(lines, reader)
    assert len(reader.asked) == 60


def test_two_words_in_the_place_of_one_do_not_count() -> None:
    read = lines_of("trụ sở văn phong của cơ quan", phong=0.7)
    one, two = Says("nhà ở"), Says("nhà ở")
    assert words_of(read, one, two) == words_of(read)
    assert len(one.asked) == len(two.asked) == 1


class Fails(Says):
    """A reader that fails on every picture."""

    def letters(self, line: Pixels, dpi: int, seconds: float) -> Sequence[LetterChoice]:
        raise ReadingError("Tesseract không đọc được trang này.", "Quét lại trang này.")


def test_a_reader_that_fails_on_a_word_spoils_neither_the_page_nor_the_vote() -> None:
    read = lines_of("trụ sở văn phong của cơ quan", phong=0.5)
    assert words_of(read, Fails("phòng")) == words_of(read)
    assert words_of(read, Fails("phòng"), Says("phòng"))[3].text == "phòng"


class Slow(Says):
    """A reader for whose second word there is no time any more."""

    def letters(self, line: Pixels, dpi: int, seconds: float) -> Sequence[LetterChoice]:
        said = super().letters(line, dpi, seconds)
        if len(self.asked) > 1:
            raise page_timeout(60)
        return said


def test_a_page_whose_time_ends_meanwhile_keeps_what_was_read_and_voted_on() -> None:
    read = lines_of(*["trụ sở văn phòng của cơ quam"] * 3, quam=0.5)
    slow = Slow("quan")
    words = words_of(read, Says("quan"), slow)
    assert [word.text for word in words[6::7]] == ["quan", "quam", "quam"]
    assert len(slow.asked) == 2


@pytest.mark.parametrize("seconds", [0.0, 4.0])
def test_nobody_is_asked_when_little_time_is_left(seconds: float) -> None:
    whole, reader = mapped(SIZE, SIZE, 0, 0.0, 1.0), Says("quan")
    picture = ReadingPicture(np.full((SIZE, SIZE), 255, np.uint8), whole, whole, DPI)
    late = SecondOpinion([reader], picture, Deadline(seconds))
    read = lines_of("trụ sở văn phòng của cơ quam", quam=0.5)
    assert page_text(read, whole, SIZE, SIZE, late).words == words_of(read)
    assert reader.asked == []


# With Tesseract ---------------------------------------------------------------------------------


def check() -> str:
    (found,) = [
        f"{each.detail} {each.remedy}".strip()
        for each in check_parts(ReadingSettings())
        if each.part.startswith("Ý kiến thứ hai")
    ]
    return found


def test_the_network_is_the_one_that_the_script_takes_out_of_its_package() -> None:
    assert letter_readers.SHA256 == pack_second_network.MODEL_SHA256
    assert letter_readers.is_there()
    assert (FOLDER / "LICENSE").read_text("utf-8").count("Apache License") >= 1


@pytest.mark.engine
def test_the_recipe_names_it_only_where_it_is_given() -> None:
    with_it = open_reader(ReadingSettings()).recipe
    without = open_reader(ReadingSettings(second_opinion="off")).recipe
    assert with_it.replace("-o1-", "-") == without != with_it
    assert "-o1-" not in open_reader(ReadingSettings(engine="pytesseract")).recipe
    assert check() == str(FOLDER)


@pytest.mark.engine
def test_a_missing_or_other_network_is_told_and_reading_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_readers, "FOLDER", tmp_path)
    assert check() == f"{letter_readers.lacking()} Cài lại phần mềm."
    (tmp_path / f"{LANGUAGE}.traineddata").write_bytes(b"another")
    assert check() == f"{letter_readers.lacking()} Cài lại phần mềm."
    reader = open_reader(ReadingSettings())
    assert "-o1-" not in reader.recipe
    page = read_page(tmp_path, Degradation(dpi=150))
    assert page.text.words


@pytest.mark.engine
def test_as_a_program_tesseract_is_not_asked_and_nothing_is_wrong() -> None:
    settings = ReadingSettings(engine="pytesseract")
    assert open_second_readers(settings, open_engine(settings)) == ()
    assert isinstance(open_engine(settings), PytesseractEngine)
    said = [each for each in check_parts(settings) if each.part.startswith("Ý kiến thứ hai")]
    assert [each.is_well for each in said] == [True]


@pytest.mark.engine
def test_both_networks_read_a_word_that_stands_alone(tmp_path: Path) -> None:
    page = read_page(tmp_path, Degradation(dpi=150), second_opinion="off")
    word = max(page.text.words, key=lambda word: (word.confidence, len(word.text)))
    grey = np.asarray(Image.open(tmp_path / "page.png").convert("L"), np.uint8)
    box = word.box
    piece = np.pad(grey[box.top : box.bottom, box.left : box.right], 20, constant_values=255)
    readers = open_second_readers(ReadingSettings(), open_engine(ReadingSettings()))
    assert [reader.recipe for reader in readers] == ["", letter_readers.RECIPE]
    for reader in readers:
        letters = reader.letters(piece, DPI, 10.0)
        assert "".join(letter.letter for letter in letters) == word.text
        assert all(0 < letter.confidence <= 1 for letter in letters)


@pytest.mark.engine
def test_a_read_page_gets_no_worse(tmp_path: Path) -> None:
    worn = Degradation(noise=15.0)
    drawn = draw_page("A", 511, 300)
    truth = set(degrade(drawn, worn, 511).truth.text.split())
    without = read_page(tmp_path, worn, 511, second_opinion="off")
    page = read_page(tmp_path, worn, 511)
    changed = [
        (old.text in truth, new.text in truth, new.confidence < CERTAIN)
        for old, new in zip(without.text.words, page.text.words, strict=True)
        if old.text != new.text
    ]
    assert changed, "a page on which the vote has something to mend"
    assert all(not was and now and unsure for was, now, unsure in changed)


def read_page(folder: Path, worn: Degradation, seed: int = 7, **settings: str) -> Page:
    path = folder / "page.png"
    save_picture(degrade(draw_page("A", seed, 300), worn, seed), path)
    return open_reader(ReadingSettings.model_validate(settings)).read_page(path, 1).page

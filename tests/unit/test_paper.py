"""The synthetic paper is what it says: its truth, its wear, its file forms, its bad files."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from paper import (
    LAYOUTS,
    STAMP,
    Degradation,
    DossierTruth,
    DrawnPage,
    PageTruth,
    broken,
    degrade,
    draw_page,
    fonts,
    make_dossiers,
    make_pages,
    make_pile,
    missing_letters,
    save_born_digital,
    save_pdf,
    typeface,
    vietnamese_letters,
)
from paper.cases import make_case
from paper.layouts import lay_out
from paper.people import make_person, make_signer, make_tax_code
from paper.picture import page_truth
from paper.sheet import HEIGHT, MM, WIDTH
from paper.spelled import printed_date, spelled_date
from PIL import Image

from pipeline.errors import MisconfiguredError
from pipeline.model import Box
from pipeline.vietnamese.text import has_mark, nfc, syllables

Pixel = TypeVar("Pixel", bound=np.generic)
PRINTED = tuple(layout for layout in LAYOUTS if layout != "blank")
FIELDS = {
    "A": {"number", "symbol", "issued_on", "issuer", "place", "document_type", "summary"}
    | {"signer", "signer_title", "recipients"},
    "B": {"number", "symbol", "issued_on", "issuer", "place", "summary", "signer", "recipients"},
    "C": {"number", "issued_on", "document_type", "full_name", "born_on", "personal_id", "signer"},
    "F": {"issued_on", "document_type", "full_name", "born_on", "address", "personal_id", "phone"},
    "G": {"dossier_code", "procedure_code", "document_type", "full_name", "address", "issuer"},
    "continuation": {"signer", "signer_title", "recipients"},
}


def grey(drawn: DrawnPage) -> NDArray[np.uint8]:
    return np.asarray(drawn.image.convert("L"))


def crop(picture: NDArray[Pixel], box: Box) -> NDArray[Pixel]:
    return picture[box.top : box.bottom, box.left : box.right]


def told(program: str, *arguments: str | Path) -> str:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[DossierTruth]]:
    """The demo's sample set, small."""
    out = tmp_path_factory.mktemp("sample")
    return out, make_dossiers(out, 8, 1, dpi=60)


@pytest.fixture(scope="module")
def page() -> DrawnPage:
    return draw_page("A", 11, 120)


# --- the same seed, the same paper ---


def test_a_seed_gives_the_same_bytes_in_another_process(
    sample: tuple[Path, list[DossierTruth]], tmp_path: Path
) -> None:
    """Another hash seed too: no set or clock may leak into what is written."""
    command = [sys.executable, "-m", "paper", "--out", str(tmp_path), "--dossiers", "8"]
    roots = os.pathsep.join(str(Path(__file__).parents[at]) for at in (1, 2))
    environment = os.environ | {"PYTHONPATH": roots, "PYTHONHASHSEED": "77"}
    subprocess.run([*command, "--seed", "1", "--dpi", "60"], env=environment, check=True)
    assert digests(tmp_path) == digests(sample[0])


def test_a_dossier_does_not_depend_on_how_many_are_made(
    sample: tuple[Path, list[DossierTruth]], tmp_path: Path
) -> None:
    (first,) = make_dossiers(tmp_path, 1, 1, dpi=60)
    assert first.pages == sample[1][0].pages


def test_another_seed_gives_another_page() -> None:
    texts = {draw_page("A", seed, 40).truth.text for seed in range(6)}
    assert len(texts) == 6


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


# --- wear ---


def test_the_default_degradation_changes_nothing(page: DrawnPage) -> None:
    same = degrade(page, Degradation(), 1)
    assert same.image.tobytes() == page.image.tobytes()
    assert same.truth == page.truth
    assert Degradation().told() == {}


@pytest.mark.parametrize("wear", [f.name for f in fields(Degradation)])
def test_each_degradation_changes_the_picture_alike_every_time(page: DrawnPage, wear: str) -> None:
    values: dict[str, Any] = {
        "dpi": 90, "skew": 2.0, "rotation": 90, "thin": 60, "blur": 2.0, "noise": 12.0,
        "salt_pepper": 0.01, "jpeg_quality": 40, "yellow": 0.7, "uneven_light": 0.4,
        "show_through": 0.3,
    }  # fmt: skip
    chosen: dict[str, Any] = {wear: values.get(wear, True)}
    plain: dict[str, Any] = {"one_bit": True} if wear == "thin" else {}
    one, two = (degrade(page, Degradation(**plain, **chosen), 3) for _ in range(2))
    before = degrade(page, Degradation(**plain), 3)
    assert one.image.tobytes() == two.image.tobytes() != before.image.tobytes()
    assert one.truth.degradation.told() == plain | chosen
    assert one.truth.text == page.truth.text


def test_geometry_is_what_it_says(page: DrawnPage) -> None:
    width, height = page.image.size
    half = degrade(page, Degradation(dpi=60), 1)
    assert half.image.size == (round(width / 2), round(height / 2))
    assert half.truth.dpi == 60
    turned = degrade(page, Degradation(rotation=90), 1)
    back = turned.image.transpose(Image.Transpose.ROTATE_90)
    assert back.tobytes() == page.image.tobytes()
    leaning = degrade(page, Degradation(skew=2.0), 1)
    assert sharp_rows(leaning, 2.0) > 2 * sharp_rows(leaning, -2.0)


def sharp_rows(drawn: DrawnPage, leaning: float) -> float:
    """Return how much rows differ once the page was turned back by so many degrees clockwise."""
    picture = grey(drawn)
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), leaning, 1.0)
    straight = cv2.warpAffine(picture, turn, (width, height), borderValue=255)
    return float(np.var(straight.mean(axis=1)))


def test_scanner_modes_and_noise_are_what_they_say(page: DrawnPage) -> None:
    assert degrade(page, Degradation(grey=True), 1).image.mode == "L"
    bits = degrade(page, Degradation(one_bit=True), 1)
    assert bits.image.mode == "1"
    thin = degrade(page, Degradation(one_bit=True, thin=80), 1)
    assert (grey(thin) == 0).sum() < 0.9 * (grey(bits) == 0).sum()
    grain = grey(degrade(page, Degradation(noise=12, grey=True, uneven_light=0.5), 1))
    corner = grain[-60:-20, 20:60] if grain[-40, 40] < grain[-40, -40] else grain[-60:-20, -60:-20]
    assert 9 < corner.std() < 15
    specks = grey(degrade(page, Degradation(salt_pepper=0.02), 1))[:40]
    assert 0.007 < (specks == 0).mean() < 0.013
    sharp, soft = (
        cv2.Laplacian(grey(degrade(page, Degradation(blur=blur), 1)), cv2.CV_64F).var()
        for blur in (0.0, 3.0)
    )
    assert soft < 0.5 * sharp


def test_paper_ages_where_it_says(page: DrawnPage) -> None:
    def worn(**chosen: Any) -> NDArray[np.int16]:
        return np.asarray(degrade(page, Degradation(**chosen), 2).image).astype(np.int16)

    plain = worn()
    mm = page.truth.dpi / 25.4
    old = worn(yellow=0.8)
    assert old[..., 0].mean() - old[..., 2].mean() > 20
    holes = worn(punch_holes=True)[:, round(12 * mm)]
    assert 50 < (holes.max(axis=1) < 90).sum() < 66  # two holes of 6 mm at 120 dpi: 57 rows
    folded = worn(fold=True) - plain
    assert 0.45 < np.argmin(folded.mean(axis=(1, 2))) / folded.shape[0] < 0.55
    assert worn(black_edge=True)[:, :3].mean() < 60
    shine = worn(show_through=0.3) - plain
    assert (shine < -20).mean() > 0.01
    assert (shine < -90).mean() < 0.001


def test_stamps_and_pens_leave_their_colour(page: DrawnPage) -> None:
    def coloured(drawn: DrawnPage, channel: int) -> int:
        picture = np.asarray(drawn.image).astype(np.int16)
        others = np.delete(picture, channel, axis=2).max(axis=2)
        return int((picture[..., channel] - others > 60).sum())

    red, blue = coloured(page, 0), coloured(page, 2)
    stamped = degrade(page, Degradation(arrival_stamp=True), 1)
    assert coloured(stamped, 0) > red + 500
    assert any(text.startswith("ĐẾN Số: ") for text in stamped.truth.optional_text)
    assert coloured(degrade(page, Degradation(seal_over_text=True), 1), 0) > red + 500
    assert coloured(degrade(page, Degradation(pen_stroke=True), 1), 2) > blue + 300


def test_the_back_shines_through_a_blank_page(page: DrawnPage) -> None:
    blank = draw_page("blank", 1, 120)
    assert grey(blank).min() == 255
    assert blank.truth.text == ""
    worn = grey(degrade(blank, Degradation(show_through=0.2), 1, page))
    assert 200 <= worn.min() < 240


# --- dossiers and files ---


def test_dossiers_say_what_they_hold(sample: tuple[Path, list[DossierTruth]]) -> None:
    out, dossiers = sample
    dropped = {path.name for path in (out / "drop").iterdir()}
    assert dropped == {dossier.name for dossier in dossiers}
    assert sum(len(dossier.pages) for dossier in dossiers) == 21
    for dossier in dossiers:
        assert re.fullmatch(r"H26\.\d\d\.\d\d-\d{6}-\d{4}", dossier.code)
        covered = [at for document in dossier.documents for at in document.pages]
        assert covered == list(range(1, len(dossier.pages) + 1))
        counted = Counter(page.file for page in dossier.pages)
        assert {name: count_pages(out / "drop" / name) for name in counted} == counted
        told_of = json.loads((out / "truth" / dossier.name / "dossier.json").read_text("utf-8"))
        assert told_of["synthetic"] is True
        assert told_of["code"] == dossier.code
        for at, known in enumerate(dossier.pages, start=1):
            sidecar = json.loads(
                (out / "truth" / dossier.name / f"{at:04d}.json").read_text("utf-8")
            )
            assert sidecar["synthetic"] is True
            assert sidecar["text"] == known.text
            assert set(sidecar["fields"]) == set(known.fields)


def count_pages(path: Path) -> int:
    if path.suffix == ".pdf":
        found = re.search(r"^Pages:\s+(\d+)", told("pdfinfo", path), re.MULTILINE)
        return int(found[1]) if found else 0
    with Image.open(path) as image:
        return getattr(image, "n_frames", 1)


def test_the_sample_has_every_form(sample: tuple[Path, list[DossierTruth]]) -> None:
    out, dossiers = sample
    suffixes = {path.suffix for path in (out / "drop").rglob("*") if path.is_file()}
    assert suffixes == {".pdf", ".tif", ".jpg", ".png"}
    assert any(dossier.path.is_dir() and dossier.name == dossier.code for dossier in dossiers)
    pages = [page for dossier in dossiers for page in dossier.pages]
    assert {page.layout for page in pages} == set(LAYOUTS)
    assert {page.source for page in pages} == {"scan", "born_digital", "garbage_layer"}
    assert any(page.degradation.rotation for page in pages)
    assert any(
        {p.source for p in dossier.pages} == {"scan", "born_digital"} for dossier in dossiers
    )


def test_text_layers_are_true_garbage_or_absent(
    sample: tuple[Path, list[DossierTruth]],
) -> None:
    out, dossiers = sample
    for dossier, known, number in layered(dossiers):
        layer = syllables(
            told("pdftotext", "-f", number, "-l", number, out / "drop" / known.file, "-")
        )
        marked = sum(map(has_mark, layer)) / max(1, len(layer))
        if known.source == "born_digital":
            assert Counter(layer) == Counter(syllables(f"{known.text} {STAMP}")), dossier.name
        elif known.source == "garbage_layer":
            assert len(layer) > 100
            assert marked < 0.05
        else:
            assert layer == []


def layered(dossiers: list[DossierTruth]) -> Iterator[tuple[DossierTruth, PageTruth, str]]:
    for dossier in dossiers:
        for known in dossier.pages:
            if known.file.endswith(".pdf"):
                yield dossier, known, str(known.number)


def test_piles_have_different_pages_at_the_right_size(tmp_path: Path) -> None:
    made = make_pages(tmp_path / "pages", 4, 1, 50)
    assert len({truth.text for _, truth in made}) == 4
    assert all(re.search(r"Page size:\s+59[45]", told("pdfinfo", path)) for path, _ in made)
    assert len(make_pile(tmp_path / "pile.pdf", 5, 1, 40, clean=True)) == 5
    assert count_pages(tmp_path / "pile.pdf") == 5
    truths = save_born_digital(3, tmp_path / "digital.pdf", pages=3)
    assert [truth.number for truth in truths] == [1, 2, 3]


def test_a_saved_scan_shows_the_same_picture(page: DrawnPage, tmp_path: Path) -> None:
    bits = degrade(page, Degradation(one_bit=True), 1)
    save_pdf([bits], tmp_path / "bits.pdf")
    told("pdftoppm", "-r", "120", "-gray", "-png", tmp_path / "bits.pdf", tmp_path / "out")
    with Image.open(next(tmp_path.glob("out*.png"))) as image:
        shown = np.asarray(image.convert("L").resize(bits.image.size))
    assert np.abs(shown.astype(np.int16) - grey(bits)).mean() < 15


# --- files that must be refused ---


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return broken.make_all(tmp_path_factory.mktemp("broken"))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")  # said of TIFF directories
def test_broken_files_are_what_they_claim(made: dict[str, Path]) -> None:
    assert made["empty"].stat().st_size == 0
    assert not made["text_as_pdf"].read_bytes().startswith(b"%PDF")
    truncated = made["truncated_pdf"].read_bytes()
    assert truncated.startswith(b"%PDF")
    assert b"%%EOF" not in truncated
    assert "Incorrect password" in told("pdfinfo", made["encrypted_pdf"])
    assert "Encrypted:       yes" in told("pdfinfo", "-upw", "mat-khau-mau", made["encrypted_pdf"])
    assert "Invalid page count 0" in told("pdfinfo", made["no_pages_pdf"])
    for name in ("truncated_tiff", "truncated_jpeg"):
        with pytest.raises(OSError), Image.open(made[name]) as image:
            image.load()


def test_bombs_are_small_files_of_huge_pages(
    made: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(
        made[name].stat().st_size < 300_000 for name in ("bomb_pdf", "bomb_tiff", "bomb_png")
    )
    listed = told("pdfimages", "-list", made["bomb_pdf"]).split()
    assert listed.count("35000") == 2
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2_000_000_000)
    for name in ("bomb_tiff", "bomb_png"):
        with Image.open(made[name]) as image:
            assert image.size == (35_000, 35_000)

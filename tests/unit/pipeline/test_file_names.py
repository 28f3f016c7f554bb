"""Names of what is handed out: our suffix, a stem that no system takes for something else."""

from __future__ import annotations

import pytest

from ocr.files import kinds
from ocr.files.image_page import IMAGE_FORMATS
from ocr.files.inside import office_parts
from pipeline.file_names import SUFFIXES, UNKNOWN, file_name
from tests.support.hostile_names import NAMES, SEEDS, hostile_text, unseen_in

PDF = "application/pdf"


@pytest.mark.parametrize(
    ("name", "media_type", "wanted"),
    [
        ("Đơn xin cấp giấy.pdf", PDF, "Đơn xin cấp giấy.pdf"),
        ("hồ sơ/trang 2.PDF", PDF, "trang 2.pdf"),
        ("ảnh.JPEG", "image/jpeg", "ảnh.jpg"),
        ("quét.tiff", "image/tiff", "quét.tif"),
        ("ho-so-polyglot.hta", PDF, "ho-so-polyglot.hta.pdf"),
        ("invoice.bat", PDF, "invoice.bat.pdf"),
        ("x.pdf", "image/png", "x.pdf.png"),
        ("x.pdf.exe", PDF, "x.pdf.exe.pdf"),
        ("bidi\u202efdp.exe", PDF, "bidifdp.exe.pdf"),
        ("x.exe\u200b.pdf", PDF, "x.exe.pdf"),
        ("x.hta:y.pdf", PDF, "x.hta_y.pdf"),
        ("..\\..\\x.pdf", PDF, "x.pdf"),
        ("x.hta . .pdf", PDF, "x.hta.pdf"),
        ("-rf.pdf", PDF, "rf.pdf"),
        ("đơn.docx", kinds.DOCX, "đơn.docx"),
        ("đơn.docm", kinds.DOCX, "đơn.docm.docx"),
        ("thư.eml", kinds.MAIL, "thư.eml"),
        ("ảnh.HEIF", "image/heic", "ảnh.heic"),
        ("hồ sơ.zip", kinds.ZIP, "hồ sơ.zip"),
        (".bashrc", PDF, "bashrc.pdf"),
        ("CON.pdf", PDF, "_CON.pdf"),
        ("nul", PDF, "_nul.pdf"),
        ("com1.x.pdf", PDF, "_com1.x.pdf"),
        ("LPT³ .pdf", PDF, "_LPT³.pdf"),
        ("console.pdf", PDF, "console.pdf"),
        ("trang.html", "text/html", "trang.html.bin"),
        ("", PDF, "tep.pdf"),
        ("\u202e", PDF, "tep.pdf"),
        ("...", PDF, "tep.pdf"),
        ("dossier/", PDF, "tep.pdf"),
    ],
)
def test_a_name_is_a_clean_stem_and_our_suffix(name: str, media_type: str, wanted: str) -> None:
    assert file_name(name, media_type) == wanted


TAKEN = {
    kinds.PDF,
    kinds.ZIP,
    kinds.EDXML,
    *IMAGE_FORMATS,
    *office_parts.KINDS,
}  # what inspect() lets through


def test_whatever_can_be_taken_in_has_a_suffix_of_its_own() -> None:
    assert set(SUFFIXES) == TAKEN
    spellings = [suffix for suffixes in SUFFIXES.values() for suffix in suffixes]
    assert len(set(spellings)) == len(spellings)
    for media_type in TAKEN:
        assert not file_name("đơn", media_type).endswith(UNKNOWN)
    for media_type, (suffix, _) in office_parts.KINDS.items():
        if media_type != kinds.MAIL:  # whose text is laid out by us before it is converted
            assert file_name(f"đơn{suffix.upper()}", media_type) == f"đơn{suffix}"


def test_what_is_added_stands_before_the_suffix() -> None:
    assert file_name("đơn.tif", PDF, "-tim-duoc") == "đơn.tif-tim-duoc.pdf"


@pytest.mark.parametrize("letter", ["a", "ệ", "e\u0323\u0302", "😀"])
def test_a_long_name_is_cut_between_letters(letter: str) -> None:
    name = file_name(letter * 400 + ".pdf", PDF, "-tim-duoc")
    assert 120 <= len(name.encode()) <= 160
    assert name.endswith("-tim-duoc.pdf")
    assert "\ufffd" not in name


@pytest.mark.parametrize("name", [*NAMES, *map(hostile_text, SEEDS)], ids=repr)
def test_no_name_leads_elsewhere_or_hides_its_suffix(name: str) -> None:
    for media_type in (*SUFFIXES, "text/html"):
        made = file_name(name, media_type)
        suffix = SUFFIXES.get(media_type, (".bin",))[0]
        stem = made.removesuffix(suffix)
        assert made.endswith(suffix)
        assert stem == stem.strip(" .-")
        assert stem
        assert not set('<>:"/\\|?*') & set(made)
        assert unseen_in(made, keep="") == []

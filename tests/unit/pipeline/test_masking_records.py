"""Masking of records and pages: what is painted, papers that show nothing, settings that err."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.errors import MisconfiguredError
from pipeline.masking import (
    PictureMask,
    check_kinds,
    mask_dossier,
    mask_page,
    may_picture,
    personal_boxes,
)
from pipeline.model import (
    Box,
    Component,
    ComponentState,
    Document,
    Dossier,
    Finding,
    MissingFile,
    Page,
    PageMeasures,
    PageNote,
    PageState,
    PageText,
    ProposedLift,
    ReusedPaper,
    Scan,
    Source,
    Withheld,
    Word,
)
from pipeline.settings import PrivacySettings
from tests.support.web_backend import line

NUMBER = "031898001562"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def page(*lines: tuple[str, ...], state: PageState = PageState.READ) -> Page:
    text = PageText(tuple(line(60 + 40 * at, *words) for at, words in enumerate(lines)))
    return Page(1, state, PageMeasures(800, 1120, 100.0), text)


def texts(masked: Page) -> list[str]:
    return [word.text for word in masked.text.words]


def test_words_and_boxes_of_a_number_over_words_and_lines() -> None:
    made = mask_page(page(("Số", "031", "898"), ("001", "562", "cấp")))
    assert texts(made.page) == ["Số", "031", "•••", "••1", "562", "cấp"]
    words = page(("Số", "031", "898"), ("001", "562", "cấp")).text.words
    assert made.boxes == tuple(word.box for word in words[1:5]), "shown digits are painted too"
    assert made.hidden_words == {1, 2, 3, 4}
    assert [(one.digits, one.words) for one in made.numbers] == [(NUMBER, (1, 2, 3, 4))]


def test_what_was_read_before_corrections_is_not_kept() -> None:
    word = Word("bà", 0.9, Box(0, 0, 10, 10), raw=NUMBER)
    read = page(("Số",))
    text = PageText((replace(read.text.lines[0], words=(word,)),))
    assert mask_page(replace(read, text=text)).page.text.words[0].raw == ""


@pytest.mark.parametrize(
    ("state", "words", "mask"),
    [
        (PageState.READ, ("Số", NUMBER), PictureMask.PAINTED),
        (PageState.DOUBTFUL, ("mờ",), PictureMask.PAINTED),
        (PageState.DOUBTFUL, (), PictureMask.NOT_READ),
        (PageState.READ, (), PictureMask.NOT_READ),
        (PageState.BLANK, (), PictureMask.NOT_READ),
        (PageState.NOT_READ, ("x",), PictureMask.NOT_READ),
    ],
)
def test_a_page_without_words_that_were_read_has_no_picture(
    state: PageState, words: tuple[str, ...], mask: PictureMask
) -> None:
    made = page(words, state=state) if words else page(state=state)
    assert mask_page(made).picture is mask
    note = PageNote("aa", 1, "r", state, made.text.confidence, 0)
    assert may_picture(note) is (mask is PictureMask.PAINTED)


@pytest.mark.parametrize(
    "lines",
    [
        (("IDVNM8980015626031898001562<<4",), ("9001011M3001019VNM<<<<<<<<<<<4",)),
        (("CĂN", "CƯỚC", "CÔNG", "DÂN"), ("Citizen", "Identity", "Card")),
    ],
)
def test_a_card_is_known_by_what_only_cards_bear(lines: tuple[tuple[str, ...], ...]) -> None:
    made = mask_page(page(*lines, ("Nguyễn", "Văn", "Mẫu")))
    assert made.picture is PictureMask.WHOLE
    assert texts(made.page) == []


def test_words_under_a_field_with_personal_data_are_hidden_whatever_they_look_like() -> None:
    read = page(("cấp", "12345", "cho"))
    made = mask_page(read, boxes=[read.text.words[1].box])
    assert texts(made.page) == ["cấp", "•••••", "cho"]
    assert read.text.words[1].box in made.boxes


def test_every_text_of_a_record_is_masked() -> None:
    box = Box(1, 2, 3, 4)
    found = {
        "personal_id": Finding(NUMBER, "031 898 001 562", 0.9, Source.OCR, 1, box),
        "phone": Finding("12345", "12345", 0.9, Source.OCR),
        "born_on": Finding("1990-02-01", "01/02/1990", 0.9, Source.OCR, 1),
        "address": Finding(
            "số 1 phố Ví Dụ, phường Láng", "phố Ví Dụ, phường Láng", 0.9, Source.OCR
        ),
        "summary": Finding(f"của {NUMBER}", f"cua {NUMBER}", 0.9, Source.OCR),
    }
    dossier = Dossier(
        "0a",
        f"{NUMBER}.pdf",
        NOW,
        code="H26.19.25-260302-0007",
        scans=(Scan("aa", f"{NUMBER}.pdf", 1, "application/pdf", 1),),
        pages=(PageNote("aa", 1, "r", PageState.READ, 0.9, 0, (f"x {NUMBER}",)),),
        documents=(
            Document("Đơn đề nghị", (1,), found),
            Document(
                "Thẻ căn cước", (2,), {"full_name": found["summary"], "number": found["phone"]}
            ),
        ),
        reasons=(f"x {NUMBER}",),
        withheld=Withheld(NOW, "sohoa", f"x {NUMBER}"),
        missing=(MissingFile(f"{NUMBER}.pdf", f"x {NUMBER}"),),
    )
    shown = mask_dossier(dossier, PrivacySettings().masked_whole)
    for secret in (NUMBER, "12345", "01/02", "1990-02-01", "Ví Dụ", "898"):
        assert secret not in repr(shown), secret
    assert shown.code == dossier.code
    assert shown.documents[0].findings["born_on"].value == "••/••/1990"
    assert shown.documents[0].findings["address"].value.endswith("phường Láng")
    assert shown.documents[1].findings.keys() == {"full_name"}
    assert list(personal_boxes(dossier, 1)) == [box]


def test_a_type_that_no_paper_has_is_refused() -> None:
    check_kinds(PrivacySettings().masked_whole)
    check_kinds(["THE CAN CUOC"])
    with pytest.raises(MisconfiguredError, match="Thẻ thư viện"):
        check_kinds(["Thẻ căn cước", "Thẻ thư viện"])


def test_nothing_that_a_record_says_of_a_dossier_is_forgotten() -> None:
    """Each text of a dossier is masked, or is a name of something that nobody types or reads."""
    said = f"số {NUMBER}"
    note = PageNote("a", 1, "made-1", PageState.READ, 0.9, 0.1, (said,))
    finding = Finding(said, said, 0.9, Source.OCR, reasons=(said,))
    dossier = Dossier(
        "0a",
        said,
        NOW,
        scans=(Scan("a", said, 1, "application/pdf", 1),),
        pages=(note,),
        documents=(Document("Công văn", (1,), {"summary": finding}),),
        reasons=(said,),
        withheld=Withheld(NOW, "sohoa", said),
        missing=(MissingFile(said, said),),
        components=(Component(said, ComponentState.MISSING, "receipt", (), said),),
        proposed_lift=ProposedLift(NOW, "lan", "1", said),
    )
    assert repr(dossier).count(NUMBER) == 13
    assert NUMBER not in repr(mask_dossier(dossier, ()))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("031 898 001 562", "031 ••• ••1 562"),
        (NUMBER, "031•••••1562"),
        ("O3l898OO1562", "O3l•••••1562"),
        ("0318Z?8001562", ""),
        ("031898?0O1562", ""),
        (f"{NUMBER} 0318?980", ""),
        ("ool98?OOl562", ""),
    ],
)
def test_a_second_reading_tells_no_more_of_a_number_than_its_value(raw: str, shown: str) -> None:
    found = {"personal_id": Finding(NUMBER, raw, 0.9, Source.OCR, 1)}
    papers = (Document("Tờ khai", (1,), found),)
    made = mask_dossier(Dossier("0a01", "tên", NOW, documents=papers), ())
    told = made.documents[0].findings["personal_id"]
    assert (told.value, told.raw) == ("031•••••1562", shown)


def test_names_of_components_are_masked_where_another_dossiers_paper_stands_for_them() -> None:
    reused = ReusedPaper(f"Bản sao CCCD {NUMBER}", "0b01", 1, "aa", "lan")
    made = mask_dossier(Dossier("0a01", "tên", NOW, reused=(reused,)), ())
    assert NUMBER not in repr(made)

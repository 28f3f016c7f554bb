"""Annotations, forms and layers of a scan: what viewers show stays to be seen, and acts no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.paper.lures import MARKER
from tests.support.pdf_remains import remains
from tests.support.searchable_pdfs import FAX, PDF, as_pdf, bind, drawn, pages_of, pdfium_words

PAGES = pages_of(drawn(FAX))


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return as_pdf(drawn(FAX), tmp_path)[0]


def stamped(pdf: pikepdf.Pdf, **keys: Any) -> Dictionary:
    """Return a stamp that shows a word and brings its own picture."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    picture = Stream(pdf, b"BT /H 12 Tf 2 8 Td (DADEN) Tj ET", Type=Name.XObject)
    picture.Subtype, picture.BBox = Name.Form, [0, 0, 80, 30]
    picture.Resources = Dictionary(Font=Dictionary(H=font))
    look = Dictionary(N=picture)
    return Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[20, 20, 100, 50], AP=look, **keys)


@pytest.mark.parametrize(("flags", "is_shown"), [(0, True), (4, True), (2, False), (32, False)])
def test_a_stamp_that_viewers_show_becomes_part_of_the_page(
    flags: int, is_shown: bool, scan: Path, tmp_path: Path
) -> None:
    source = tmp_path / "stamped.pdf"
    with pikepdf.open(scan) as pdf:
        pdf.pages[0].obj.Annots = Array([stamped(pdf, F=flags)])
        pdf.save(source)
    made = bind(source, PDF, PAGES, tmp_path / "made")
    assert made.path, made.reasons
    assert ("DADEN" in pdfium_words(made.path)[0]) == is_shown
    assert remains(made.path, MARKER) == []


def test_what_was_filled_into_a_form_stays(scan: Path, tmp_path: Path) -> None:
    source = tmp_path / "filled.pdf"
    with pikepdf.open(scan) as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        value: dict[str, Any] = {
            "T": String("a"),
            "V": String("FILLED"),
            "DA": String("/Helv 12 Tf 0 g"),
            "F": 4,
        }
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Rect=[20, 20, 120, 50], **value
        )
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(field)])
        pdf.Root.AcroForm = Dictionary(
            Fields=Array([pdf.pages[0].obj.Annots[0]]),
            NeedAppearances=True,
            DA=String("/Helv 12 Tf 0 g"),
            DR=Dictionary(Font=Dictionary(Helv=font)),
        )
        pdf.save(source)
    made = bind(source, PDF, PAGES, tmp_path / "made")
    assert made.path, made.reasons
    assert "FILLED" in pdfium_words(made.path)[0]


def test_a_note_without_a_picture_is_said_to_be_missing(scan: Path, tmp_path: Path) -> None:
    source = tmp_path / "noted.pdf"
    with pikepdf.open(scan) as pdf:
        note: dict[str, Any] = {"Rect": [20, 20, 90, 40], "Contents": String("Xem lại")}
        pdf.pages[0].obj.Annots = Array([
            Dictionary(Type=Name.Annot, Subtype=Name.Highlight, **note),
            Dictionary(Type=Name.Annot, Subtype=Name.Link, **note),
            Dictionary(Type=Name.Annot, Subtype=Name.Text, F=2, **note),
        ])  # fmt: skip
        pdf.save(source)
    made = bind(source, PDF, PAGES, tmp_path / "made")
    assert "1 ghi chú hay tệp kèm trên trang không nằm trong PDF này" in made.reasons[-1]


def test_a_hidden_layer_stays_hidden(scan: Path, tmp_path: Path) -> None:
    source = tmp_path / "layers.pdf"
    with pikepdf.open(scan) as pdf:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Nháp")))
        pdf.Root.OCProperties = Dictionary(OCGs=[group], D=Dictionary(OFF=[group], Order=[group]))
        pdf.pages[0].obj.Resources.Properties = Dictionary(L=group)
        pdf.pages[0].contents_add(b"/OC /L BDC 0 g 0 0 999 999 re f EMC")
        pdf.save(source)
    made = bind(source, PDF, PAGES, tmp_path / "made")
    assert made.path, made.reasons
    with pikepdf.open(made.path) as pdf:
        assert [str(each.Name) for each in pdf.Root.OCProperties.D.OFF] == ["Nháp"]
        assert len(pdf.pages[0].obj.Resources.Properties.keys()) == 1

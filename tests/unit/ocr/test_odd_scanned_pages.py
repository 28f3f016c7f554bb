"""Pages that are a picture and something else, or an odd picture: poppler renders them."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ocr.files import opening, pdf_page
from ocr.files.formats.scan_decoder import open_scan
from tests.support.scanned_pages import DPI, SIZE, ScannedPage, Tamper, save_scanned

LIMIT = 36_000_000
WHOLE = ScannedPage(packing="flate")
PAINT = WHOLE.content


def scan(page: Any) -> Any:
    return page.Resources.XObject.Scan


def with_key(key: str, value: Callable[[pikepdf.Pdf], Any]) -> Tamper:
    """Return what gives the picture a key."""
    return lambda pdf, page: scan(page).__setitem__(key, value(pdf))


def mask(pdf: pikepdf.Pdf) -> pikepdf.Stream:
    return pdf.make_stream(
        bytes(range(0, 256, 4)),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=8,
        Height=8,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
    )


def grey_profile(pdf: pikepdf.Pdf) -> Array:
    return Array([Name.CalRGB, Dictionary(WhitePoint=[0.95, 1, 1.09], Gamma=[1, 1, 1])])


def as_form(pdf: pikepdf.Pdf, page: Any) -> None:
    """Put the picture into a form."""
    inner = Dictionary(XObject=Dictionary(Scan=scan(page)))
    box = list(page.MediaBox)
    content = page.Contents.read_bytes()
    form = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=inner)
    page.Resources.XObject = Dictionary(Form=form)
    page.Contents = pdf.make_stream(b"/Form Do")


def annotated(pdf: pikepdf.Pdf, page: Any) -> None:
    """Draw a note on top of the picture."""
    look = pdf.make_stream(
        b"1 0 0 rg 0 0 20 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 20, 20]
    )
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Square, Rect=[5, 5, 25, 25], F=4, AP=Dictionary(N=look)
    )
    page.Annots = Array([pdf.make_indirect(note)])


def cropped(_: pikepdf.Pdf, page: Any) -> None:
    page.CropBox = Array([10, 10, page.MediaBox[2] - 10, page.MediaBox[3] - 5])


def own_font(pdf: pikepdf.Pdf, page: Any) -> None:
    """Have a font whose letters are drawings, which are painted in any mode."""
    glyph = pdf.make_stream(b"500 0 0 0 500 500 d1 0 0 500 500 re f")
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=[0, 0, 500, 500],
        FontMatrix=[0.002, 0, 0, 0.002, 0, 0],
        CharProcs=Dictionary(a=glyph),
        Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.a]),
        FirstChar=97,
        LastChar=97,
        Widths=[500],
    )
    page.Resources.Font = Dictionary(F=pdf.make_indirect(font))


def hidden_layer(pdf: pikepdf.Pdf, page: Any) -> None:
    """Put the picture on a layer that is switched off."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="L"))
    pdf.Root.OCProperties = Dictionary(
        OCGs=[layer], D=Dictionary(OFF=[layer], Order=[layer], BaseState=Name.ON)
    )
    page.Resources.Properties = Dictionary(L=layer)


def own_group(pdf: pikepdf.Pdf, page: Any) -> None:
    page.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK)


def defaults(pdf: pikepdf.Pdf, page: Any) -> None:
    page.Resources.ColorSpace = Dictionary(DefaultRGB=grey_profile(pdf))


def wrong(key: str, value: int) -> Tamper:
    return with_key(key, lambda _: value)


def fewer_rows(_: pikepdf.Pdf, page: Any) -> None:
    """Leave rows of PNG out, in data that is whole otherwise."""
    rows = zlib.decompress(scan(page).read_raw_bytes())[: -20 * (1 + 3 * SIZE[0])]
    given = scan(page).DecodeParms
    scan(page).write(zlib.compress(rows), filter=Name.FlateDecode, decode_parms=given)


def adobe_rgb(_: pikepdf.Pdf, page: Any) -> None:
    """Say in Adobe's marker that a JPEG with a JFIF header is of RGB."""
    data = scan(page).read_raw_bytes()
    marker = b"\xff\xee\x00\x0eAdobe\x00d\0\0\0\0\0"
    scan(page).write(data[:20] + marker + data[20:], filter=Name.DCTDecode)


def tall(_: pikepdf.Pdf, page: Any) -> None:
    scan(page).Width, scan(page).Height = 60_000, 60_000


def filtered_twice(pdf: pikepdf.Pdf, page: Any) -> None:
    raw = scan(page).read_bytes().hex().encode() + b">"
    scan(page).write(raw, filter=Name.ASCIIHexDecode)


def no_resources(_: pikepdf.Pdf, page: Any) -> None:
    del page.Resources


INLINE = "q {w} 0 0 {h} 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI Q"
ODD: dict[str, ScannedPage] = {
    "mask": replace(WHOLE, tamper=with_key("/SMask", mask)),
    "colour key": replace(WHOLE, tamper=with_key("/Mask", lambda _: Array([0] * 6))),
    "decode": replace(WHOLE, tamper=with_key("/Decode", lambda _: Array([1, 0] * 3))),
    "profile": replace(WHOLE, tamper=with_key("/ColorSpace", grey_profile)),
    "default space": replace(WHOLE, tamper=defaults),
    "form": replace(WHOLE, tamper=as_form),
    "note on top": replace(WHOLE, tamper=annotated),
    "crop box": replace(WHOLE, tamper=cropped),
    "hidden layer": replace(WHOLE, content=f"/OC /L BDC {PAINT} EMC", tamper=hidden_layer),
    "group": replace(WHOLE, tamper=own_group),
    "twice": replace(WHOLE, content=f"{PAINT} q 40 0 0 40 5 5 cm /Scan Do Q"),
    "clip": replace(WHOLE, content=f"10 10 30 30 re W n {PAINT}"),
    "see-through": replace(WHOLE, content=f"/G gs {PAINT}"),
    "line on top": replace(WHOLE, content=f"{PAINT} 0 0 m 50 50 l S"),
    "skewed": replace(WHOLE, content="q {w} 3 -3 {h} 0 0 cm /Scan Do Q"),
    "mirrored": replace(WHOLE, content="q -{w} 0 0 {h} {w} 0 cm /Scan Do Q"),
    "upside down": replace(WHOLE, content="q {w} 0 0 -{h} 0 {h} cm /Scan Do Q"),
    "half": replace(WHOLE, content="q 0.5 0 0 0.5 0 0 cm {w} 0 0 {h} 0 0 cm /Scan Do Q"),
    "beside the paper": replace(WHOLE, content="q {w} 0 0 {h} 9 0 cm /Scan Do Q"),
    "inline": replace(WHOLE, content=INLINE),
    "seen text": replace(WHOLE, content=f"{PAINT} BT /F 12 Tf 5 9 Td (chu) Tj ET"),
    "drawn letters": replace(
        WHOLE, content=f"{PAINT} BT 3 Tr /F 40 Tf 5 9 Td (aaa) Tj ET", tamper=own_font
    ),
    "restored too often": replace(WHOLE, content=f"{PAINT} Q Q"),
    "no numbers": replace(WHOLE, content="q {w} 0 0 {h} cm /Scan Do Q"),
    "another picture": replace(WHOLE, content="q {w} 0 0 {h} 0 0 cm /Other Do Q"),
    "too wide": replace(WHOLE, tamper=wrong("/Width", SIZE[0] + 1)),
    "too short": replace(WHOLE, tamper=wrong("/Height", SIZE[1] - 1)),
    "other JPEG": replace(WHOLE, packing="jpeg", tamper=wrong("/Width", SIZE[0] - 3)),
    "JFIF of RGB": replace(WHOLE, packing="jpeg", tamper=adobe_rgb),
    "fewer rows": replace(WHOLE, packing="png", tamper=fewer_rows),
    "few bits": replace(WHOLE, tamper=wrong("/BitsPerComponent", 4)),
    "filtered twice": replace(WHOLE, tamper=filtered_twice),
    "no resources": replace(WHOLE, tamper=no_resources),
    "400 dpi": replace(WHOLE, dpi=400),
    "600 dpi": replace(WHOLE, dpi=600),
    "100 dpi": replace(WHOLE, dpi=100),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
def test_poppler_renders_what_is_not_one_picture_alone(odd: ScannedPage, tmp_path: Path) -> None:
    save_scanned(odd, tmp_path / "scan.pdf")
    page = opening.open_page(tmp_path / "scan.pdf", 1, LIMIT, 30, tmp_path)
    assert page.raster.file.stem != "page", "decoded without poppler"


def test_a_huge_picture_of_little_data_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    save_scanned(replace(WHOLE, tamper=tall), tmp_path / "scan.pdf")
    assert open_scan(tmp_path / "scan.pdf", 1, LIMIT, tmp_path) is None


@pytest.mark.parametrize("lie", [0, 7, 900_000_000])
def test_a_wrong_length_is_popplers_to_judge(lie: int, tmp_path: Path) -> None:
    save_scanned(WHOLE, tmp_path / "scan.pdf")
    data = (tmp_path / "scan.pdf").read_bytes()
    with pikepdf.open(tmp_path / "scan.pdf") as pdf:
        length = len(scan(pdf.pages[0].obj).read_raw_bytes())
    (tmp_path / "scan.pdf").write_bytes(
        data.replace(f"/Length {length}".encode(), f"/Length {lie}".encode())
    )
    page = opening.open_page(tmp_path / "scan.pdf", 1, LIMIT, 30, tmp_path)
    assert page.raster.file.stem != "page", "decoded without poppler"


def test_a_file_that_qpdf_mends_is_popplers_to_judge(tmp_path: Path) -> None:
    save_scanned(WHOLE, tmp_path / "scan.pdf")
    data = (tmp_path / "scan.pdf").read_bytes()
    (tmp_path / "scan.pdf").write_bytes(data[: data.rindex(b"startxref")])
    page = opening.open_page(tmp_path / "scan.pdf", 1, LIMIT, 30, tmp_path)
    assert page.raster.file.stem != "page", "decoded without poppler"


def test_a_page_with_changed_bytes_has_the_pixels_that_poppler_paints(tmp_path: Path) -> None:
    random, made, compared = Random("bytes"), [], 0
    for packing in ("jpeg", "flate", "png"):
        save_scanned(ScannedPage(packing=packing), tmp_path / "scan.pdf")
        made.append((tmp_path / "scan.pdf").read_bytes())
    for _ in range(120):
        data = bytearray(random.choice(made))
        for _ in range(random.choice((1, 1, 3))):
            place = random.choice((random.randrange(len(data)), random.randrange(700)))
            data[place] = random.choice((random.randrange(256), random.choice(b"0123456789 /")))
        (tmp_path / "scan.pdf").write_bytes(data)
        decoded = open_scan(tmp_path / "scan.pdf", 1, LIMIT, tmp_path)
        painted = pdf_page.render_page(tmp_path / "scan.pdf", 1, DPI, 30, tmp_path)
        if decoded is not None and painted.file.exists():
            pixels = decoded.raster.load().pixels
            assert np.array_equal(pixels, painted.load().pixels)
            compared += 1
        painted.file.unlink(missing_ok=True)
    assert compared > 5

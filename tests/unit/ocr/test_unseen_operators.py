"""Contents of scanned pages: what poppler complains of or paints otherwise is left to it."""

from __future__ import annotations

import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ocr.files import client, opening
from ocr.files.formats.pdf_scan import are_scans
from ocr.files.formats.scan_decoder import open_scan
from pipeline.settings import ReadingSettings
from tests.support.scanned_pages import ScannedPage, save_scanned

LIMIT = 36_000_000
PAINT = ScannedPage().content
WELL_FORMED = [
    f"3 Tr {PAINT} BT /F 12 Tf 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 1 0 0 1 5.5 9 Tm [(ch) -20.5 (u)] TJ T* 12 TL (chu) ' ET",
    f'{PAINT} BT 3 Tr 0 Tc 0 Tw 99.5 Tz 0 Ts /F 9 Tf 1 2 (chu) " <636875> Tj ET % chu',
    f"/P <</MCID 0>> BDC /Artifact BMC {PAINT} EMC EMC /Here MP /Here /P DP",
    f"q q {PAINT}",
]
ODD = [
    f"{PAINT} BT 3.0 Tr /F 12 Tf 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 3.9 Tr /F 12 Tf 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 7 Tr /F 12 Tf 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 0 Tr /F 12 Tf 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr q /F 12 Tf Q 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr /F Tf 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr (F) 12 Tf 5 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 5 true Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 5 9 Td /chu Tj ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 5 9 Td [(chu) /u] TJ ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 5 9 Td (chu) TJ ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 5 9 BMC Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 5 T* 9 Td (chu) Tj ET",
    f"{PAINT} BT 3 Tr /F 12 Tf 5 9 Td (chu) Tj",
    f"{PAINT} 3 Tr /F 12 Tf (chu) Tj",
    f"{PAINT} ET",
    f"{PAINT} BT BT ET",
    f"BT {PAINT} ET",
    f"{PAINT} EMC",
    f"/P BMC {PAINT}",
    f"{PAINT} /P null DP",
    f"{PAINT} 1",
    f"{PAINT} (chu",
    f"{PAINT} [",
    f"{PAINT} End",
    f"{PAINT} 1 End",
    "q {w} 0 0 {h} 0 0 cm (/Scan) Do Q",
    "q {w} 0 0 {h} 0 0 cm cm Ts /Scan Do Q",
    "q MP {w} 0 0 {h} 0 0 cm /Scan Do Q",
    "q true 0 0 true 0 0 cm Q " + PAINT,
    "Tc " + PAINT,
]
LONG = {
    "lines": PAINT.encode() + b"\n" + b"1 2 m 30 40 l S\n" * 15_000,
    "saved": b"q Q " * 1_990_000,
    "operands": PAINT.encode() + b" 1" * 3_900_000 + b" Td",
}


def save(path: Path, content: bytes | str) -> None:
    """Write a scan with a font; content in bytes is packed."""

    def tamper(pdf: pikepdf.Pdf, page: Any) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources.Font = Dictionary(F=pdf.make_indirect(font))
        if isinstance(content, bytes):
            page.Contents.write(zlib.compress(content), filter=Name.FlateDecode)

    text = content if isinstance(content, str) else PAINT
    save_scanned(ScannedPage(packing="flate", content=text, tamper=tamper), path)


def is_decoded(path: Path) -> bool:
    return opening.open_page(path, 1, LIMIT, 30, path.parent).raster.file.stem == "page"


@pytest.mark.parametrize("content", WELL_FORMED)
def test_well_formed_content_is_followed(content: str, tmp_path: Path) -> None:
    save(tmp_path / "scan.pdf", content)
    assert is_decoded(tmp_path / "scan.pdf")


@pytest.mark.filterwarnings("ignore:Unexpected end of stream")
@pytest.mark.parametrize("content", ODD)
def test_poppler_judges_content_that_is_not_well_formed(content: str, tmp_path: Path) -> None:
    save(tmp_path / "scan.pdf", content)
    assert not is_decoded(tmp_path / "scan.pdf")


@pytest.mark.parametrize("content", LONG.values(), ids=list(LONG))
def test_long_content_is_not_parsed(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*_: object) -> None:
        raise AssertionError("parsed")

    save(tmp_path / "scan.pdf", content)
    monkeypatch.setattr(pikepdf, "parse_content_stream", parse)
    assert not are_scans(tmp_path / "scan.pdf", 1, LIMIT)
    assert open_scan(tmp_path / "scan.pdf", 1, LIMIT, tmp_path) is None


def test_a_scan_with_content_that_unpacks_to_much_is_taken(tmp_path: Path) -> None:
    save(tmp_path / "scan.pdf", LONG["saved"])
    assert client.inspect(tmp_path / "scan.pdf", ReadingSettings()).pages == 1


def test_content_that_needs_too_much_memory_is_popplers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*_: object) -> None:
        raise MemoryError

    save(tmp_path / "scan.pdf", PAINT)
    monkeypatch.setattr(pikepdf, "parse_content_stream", parse)
    assert not are_scans(tmp_path / "scan.pdf", 1, LIMIT)
    assert open_scan(tmp_path / "scan.pdf", 1, LIMIT, tmp_path) is None


@pytest.mark.parametrize(("rest", "decoded"), [(0, True), (1000, False)])
def test_content_in_parts_is_one_content(rest: int, decoded: bool, tmp_path: Path) -> None:
    def tamper(pdf: pikepdf.Pdf, page: Any) -> None:
        words = page.Contents.read_bytes().split()
        parts = [*words, *[b" "] * rest]
        page.Contents = Array([pdf.make_stream(part) for part in parts])

    save_scanned(ScannedPage(packing="flate", tamper=tamper), tmp_path / "scan.pdf")
    assert is_decoded(tmp_path / "scan.pdf") == decoded


@pytest.mark.parametrize(("turn", "decoded"), [("90", True), ("90.5", False)])
def test_a_page_is_turned_by_whole_degrees(turn: str, decoded: bool, tmp_path: Path) -> None:
    def tamper(_: pikepdf.Pdf, page: Any) -> None:
        page.Rotate = Decimal(turn) if "." in turn else int(turn)

    save_scanned(ScannedPage(packing="flate", tamper=tamper), tmp_path / "scan.pdf")
    assert is_decoded(tmp_path / "scan.pdf") == decoded

"""PDFs that want something done: scripts, launches, files beside them; and odd but honest pages."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import pikepdf
from PIL import Image

from tests.paper.files import save_pdf, save_tiff
from tests.paper.press import draw_page, save_born_digital
from tests.paper.traps import A_PAGE, PAGE, drawing, pdf, stream

MARKER = "sohoa-lure-was-run"  # a file of this name anywhere means that something was run
PORT = 31_013  # on this machine; who calls it obeyed a file. No port of a kernel or of free_port
SECRET = "Bí mật trong tệp bên cạnh"  # a page must never show it
Maker = Callable[[Path], None]


def active(path: Path) -> None:
    """Open actions of every kind: scripts, launches, forms sent away, addresses."""
    save_born_digital(5, path)
    run = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String(f"/usr/bin/touch {MARKER}"))
    away = pikepdf.Dictionary(
        S=pikepdf.Name.URI, URI=pikepdf.String(f"http://127.0.0.1:{PORT}/lure")
    )
    script = f"app.launchURL('http://127.0.0.1:{PORT}/lure'); this.saveAs('{MARKER}');"
    with pikepdf.open(path, allow_overwriting_input=True) as opened:
        code = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(script), Next=run)
        opened.Root.OpenAction = code
        opened.Root.AA = pikepdf.Dictionary(WC=run, DP=away)
        opened.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("a"), code])
        )
        opened.pages[0].AA = pikepdf.Dictionary(O=run)
        opened.attachments[f"../../{MARKER}"] = b"#!/bin/sh\ntouch " + MARKER.encode()
        opened.attachments["/tmp/" + MARKER] = b"MZ"
        opened.save(path)


def bad_metadata(path: Path) -> None:
    """XMP that is no XML, with an entity that would grow a thousandfold and read a file."""
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    xmp = f'<?xpacket?><!DOCTYPE x [<!ENTITY a0 SYSTEM "file:///etc/passwd">{grown}]><x>&a9;<'
    save_born_digital(5, path)
    with pikepdf.open(path, allow_overwriting_input=True) as opened:
        opened.Root.Metadata = opened.make_stream(xmp.encode("utf-16") + b"\xff\0\xfe")
        opened.docinfo["/Title"] = pikepdf.String("]]></title><x>" + "\0" * 99 + "&a9;")
        opened.docinfo["/CreationDate"] = pikepdf.String("D:99999999999999999999")
        opened.save(path)


def file_beside(path: Path) -> None:
    """The page's content is to be read from another file (PDF 32000-1, 7.3.8)."""
    secret = path.with_name("ben_canh") / "bi_mat.txt"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text(f"BT /F 12 Tf 20 99 Td ({SECRET}) Tj ET", encoding="utf-8")
    outside = stream(b"", f"/F(ben_canh/{secret.name})/FFilter[]")
    pdf(path, A_PAGE | {4: outside, 5: "<<>>"})


def packed_scan(kind: str) -> Maker:
    """Return a maker of a scanned page packed as JPEG 2000 or JBIG2."""

    def write(path: Path) -> None:
        drawn = draw_page("G", 5, 150)
        save_pdf([drawn], path)
        with pikepdf.open(path, allow_overwriting_input=True) as opened:
            (scan,) = opened.pages[0].Resources.XObject.values()
            if kind == "jpx":
                buffer = io.BytesIO()
                drawn.image.convert("L").save(buffer, "JPEG2000", irreversible=True)
                scan.write(buffer.getvalue(), filter=pikepdf.Name.JPXDecode)
            else:
                scan.write(jbig2(drawn.image.convert("1")), filter=pikepdf.Name.JBIG2Decode)
            scan.ColorSpace = pikepdf.Name.DeviceGray
            scan.BitsPerComponent = 8 if kind == "jpx" else 1
            scan.Width, scan.Height = drawn.image.size
            opened.save(path)

    return write


def jbig2(picture: Image.Image) -> bytes:
    """Pack a 1-bit picture as one generic region of fax code (ITU-T T.88, 7.4.6 and 7.4.8)."""
    buffer = io.BytesIO()
    picture.save(buffer, "TIFF", compression="group4", strip_size=2**24)
    with Image.open(buffer) as packed:
        place, length = packed.tag_v2[273][0], packed.tag_v2[279][0]  # type: ignore[attr-defined]
    fax = buffer.getvalue()[place : place + length]
    size = struct.pack(">II", *picture.size)
    page = size + bytes(8) + b"\0\0\0"
    region = size + bytes(8) + b"\0" + b"\x01" + fax
    parts = ((0, 48, page), (1, 38, region))
    return b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data for number, kind, data in parts
    )


def paper_at_2400_dpi(path: Path) -> None:
    """A slip of 3.4 × 1 inches at 2,400 dpi."""
    drawn = draw_page("G", 5, 150).image.convert("1")
    slip = drawn.crop(drawn.convert("L").point(lambda grey: 255 - grey).getbbox())
    slip.resize((8_160, round(8_160 * slip.height / slip.width))).save(
        path, "TIFF", compression="group4", dpi=(2_400, 2_400)
    )


def many_words(path: Path) -> None:
    words = b"BT /F 1 Tf 1 0 0 1 9 9 Tm " + b"(a b c d) Tj 0.1 0.1 Td " * 400_000 + b"ET"
    font = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    drawing(words, font)(path)


def sized(box: str) -> Maker:
    """Return a maker of a page with this MediaBox."""

    def write(path: Path) -> None:
        page = PAGE.replace("[0 0 200 200]", box)
        pdf(path, A_PAGE | {3: page, 4: stream(b"0 0 50 50 re f"), 5: "<<>>"})

    return write


def mixed(path: Path) -> None:
    """A TIFF under the name of a PDF."""
    save_tiff([draw_page("G", 5, 100)], path)

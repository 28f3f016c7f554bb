"""Hostile PDFs: deep, endless, lying or active. See ``bombs``."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

from tests.paper.broken import repeated

DEPTH = 100_000
PAGES = 100_000

REFUSED = (
    "UnreadableScanError", "OversizedScanError", "EmptyScanError", "EncryptedScanError",
    "UnsupportedFormatError",
)  # fmt: skip
STATES = ("READ", "BLANK", "DOUBTFUL", "NOT_READ", "not_read")
ANY = (*REFUSED, *STATES)
NOT_READ = ("not_read",)
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources 5 0 R/Contents 4 0 R>>"
A_PAGE: dict[int, str | bytes] = {
    1: "<</Type/Catalog/Pages 2 0 R>>",
    2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: PAGE,
}


def pdf(path: Path, objects: Mapping[int, str | bytes]) -> None:
    """Write a PDF of these objects as they are; no library would write such."""
    out, places = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in sorted(objects.items()):
        places[number] = out.tell()
        data = body.encode() if isinstance(body, str) else body
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, data))
    table, size = out.tell(), max(places) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        kind = b"n" if number in places else b"f"
        out.write(b"%010d 00000 %b \n" % (places.get(number, 0), kind))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, table))
    path.write_bytes(out.getvalue())


def stream(data: bytes, says: str = "") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (says.encode(), len(data), data)


def drawing(content: bytes, resources: str = "<<>>", **more: str | bytes) -> Callable[[Path], None]:
    """Return a maker of a one-page PDF with this content; ``more`` are objects named ``o10`` …."""

    def write(path: Path) -> None:
        named = {int(name[1:]): body for name, body in more.items()}
        pdf(path, A_PAGE | {4: stream(content), 5: resources} | named)

    return write


def deep_arrays(path: Path) -> None:
    pdf(path, A_PAGE | {3: PAGE.replace("/Type", "/Deep 6 0 R/Type"), 4: stream(b"")}
        | {5: "<<>>", 6: "[" * DEPTH + "]" * DEPTH})  # fmt: skip


def deep_content(path: Path) -> None:
    drawing(b"[" * DEPTH + b"q " * DEPTH + b"<<" * DEPTH)(path)


def deep_page_tree(path: Path) -> None:
    tree: dict[int, str | bytes] = {1: A_PAGE[1]}
    for number in range(2, DEPTH // 2):
        tree[number] = f"<</Type/Pages/Kids[{number + 1} 0 R]/Count 1>>"
    tree[DEPTH // 2] = "<</Type/Page/MediaBox[0 0 200 200]>>"
    pdf(path, tree)


def cyclic_page_tree(path: Path) -> None:
    pdf(path, A_PAGE | {2: "<</Type/Pages/Kids[3 0 R 2 0 R 2 0 R]/Count 3>>", 3: A_PAGE[2]})


def many_pages(path: Path) -> None:
    kids = " ".join(f"{number} 0 R" for number in range(10, 10 + PAGES))
    pages = {number: "<</Type/Page/MediaBox[0 0 9 9]>>" for number in range(10, 10 + PAGES)}
    pdf(path, {1: A_PAGE[1], 2: f"<</Type/Pages/Kids[{kids}]/Count {PAGES}>>"} | pages)


def lying_count(path: Path) -> None:
    pdf(path, A_PAGE | {2: "<</Type/Pages/Kids[3 0 R]/Count 2000>>", 4: stream(b""), 5: "<<>>"})


def flate_bomb(path: Path) -> None:
    """A page's content that unpacks twice, to 2,000 million blanks."""
    packed = _blanks()
    pdf(path, A_PAGE | {4: stream(packed, "/Filter[/FlateDecode/FlateDecode]"), 5: "<<>>"})


@cache
def _blanks() -> bytes:
    return zlib.compress(repeated(b" " * 10**6, 2_000), 9)


def flate_objects(path: Path) -> None:
    """The catalog lies in an object stream that unpacks to 2,000 million blanks."""
    packed = _blanks()
    says = "/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]"
    with pikepdf.new() as made:
        made.add_blank_page()
        buffer = io.BytesIO()
        made.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    whole = buffer.getvalue()
    begin = whole.index(b"/ObjStm")
    begin = whole.rindex(b"obj", 0, begin) + 3
    end = whole.index(b"endobj", begin)
    path.write_bytes(whole[:begin] + stream(packed, says) + whole[end:])


def forms(path: Path) -> None:
    """Form 10 draws form 11 ten times, and so on: 10,000 million drawings."""
    names = {
        number: stream(
            f"/F{number + 1} Do ".encode() * 10 if number < 20 else b"0 0 9 9 re f",
            "/Type/XObject/Subtype/Form/BBox[0 0 200 200]"
            f"/Resources<</XObject<</F{number + 1} {min(number + 1, 20)} 0 R>>>>",
        )
        for number in range(10, 21)
    }
    content, resources = stream(b"/F10 Do"), "<</XObject<</F10 10 0 R>>>>"
    pdf(path, A_PAGE | {4: content, 5: resources} | names)


def image_in(says: str, data: bytes, uses: int = 1) -> Callable[[Path], None]:
    """Return a maker of a page on which an image of this dictionary is drawn many times."""
    content = b"q 200 0 0 200 0 0 cm " + b"/I Do " * uses + b"Q"
    image = stream(data, "/Type/XObject/Subtype/Image/BitsPerComponent 8" + says)
    return drawing(content, "<</XObject<</I 10 0 R>>>>", o10=image)


def packed_image(kind: str, side: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (side, side), 200).save(buffer, kind)
    return buffer.getvalue()


def lying_jpx(path: Path) -> None:
    """The dictionary says 100 × 100; the codestream says 60,000 × 60,000."""
    data = bytearray(packed_image("JPEG2000", 64))
    siz = data.index(b"\xff\x51") + 6
    data[siz : siz + 8] = (60_000).to_bytes(4, "big") * 2
    data[siz + 16 : siz + 24] = (60_000).to_bytes(4, "big") * 2
    image_in("/Width 100/Height 100/ColorSpace/DeviceGray/Filter/JPXDecode", bytes(data))(path)


def lying_jpeg(path: Path) -> None:
    data = bytearray(packed_image("JPEG", 64))
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = (65_000).to_bytes(2, "big") * 2
    image_in("/Width 100/Height 100/ColorSpace/DeviceGray/Filter/DCTDecode", bytes(data))(path)


def jbig2_bomb(path: Path) -> None:
    """A JBIG2 page of 4,000 million rows (ITU-T T.88, 7.4.8)."""
    page = (65_000).to_bytes(4, "big") + b"\xff\xff\xff\xf0" + bytes(8) + b"\0\0\0"
    segment = (0).to_bytes(4, "big") + b"\x30\0\x01" + len(page).to_bytes(4, "big") + page
    says = "/Width 100/Height 100/ColorSpace/DeviceGray/Filter/JBIG2Decode"
    image_in(says.replace("Gray", "Gray/Decode[0 1]"), segment)(path)


def many_uses(path: Path) -> None:
    """One JPEG used 30,000 times: as files it would fill the disk."""
    noise = np.random.default_rng(7).integers(0, 255, (600, 600), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "JPEG", quality=95)
    says = "/Width 600/Height 600/ColorSpace/DeviceGray/Filter/DCTDecode"
    image_in(says, buffer.getvalue(), uses=30_000)(path)


def endless_dashes(path: Path) -> None:
    """A line of a million dashes, drawn a thousand times."""
    drawing(b"[.0001 .0001] 0 d " + b"0 0 m 200 200 l S " * 1_000)(path)


def endless_pattern(path: Path) -> None:
    """A pattern whose step is a millionth of the page."""
    cell = stream(b"0 0 1 1 re f", "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
                  "/XStep .0002/YStep .0002/Resources<<>>")  # fmt: skip
    drawing(b"/Pattern cs /P scn 0 0 200 200 re f", "<</Pattern<</P 10 0 R>>>>", o10=cell)(path)


def endless_complaints(path: Path) -> None:
    """Three million mistakes, each worth a line of complaint."""
    drawing(b"/x Do [ ) > sh " * 3_000_000)(path)


MAKERS: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "mang_sau.pdf": (deep_arrays, ANY),
    "noi_dung_sau.pdf": (deep_content, ANY),
    "cay_trang_sau.pdf": (deep_page_tree, ANY),
    "cay_trang_vong.pdf": (cyclic_page_tree, ANY),
    "100000_trang.pdf": (many_pages, ("OversizedScanError",)),
    "dem_sai.pdf": (lying_count, ANY),
    "nen_hai_lan.pdf": (flate_bomb, ANY),
    "doi_tuong_nen.pdf": (flate_objects, ANY),
    "ty_hinh.pdf": (forms, ANY),
    "noi_doi_jpx.pdf": (lying_jpx, ANY),
    "noi_doi_jpeg.pdf": (lying_jpeg, ANY),
    "noi_doi_jbig2.pdf": (jbig2_bomb, ANY),
    "30000_lan.pdf": (many_uses, ANY),
    "gach_vo_tan.pdf": (endless_dashes, ANY),
    "hoa_van.pdf": (endless_pattern, ANY),
    "phan_nan.pdf": (endless_complaints, ANY),
}

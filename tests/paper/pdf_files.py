"""PDFs that hold files, hide their content, or are locked."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.paper.files import save_pdf
from tests.paper.press import draw_page, save_born_digital

_LOCKS: dict[int, Callable[..., pikepdf.Encryption]] = {
    256: partial(pikepdf.Encryption, R=6),
    128: partial(pikepdf.Encryption, R=4),
    40: partial(pikepdf.Encryption, R=2, aes=False, metadata=False),
}
ADOBE_COVER = (
    "For the best experience, open this PDF portfolio in Acrobat X or Adobe Reader X, or later."
)
PLEASE_WAIT = (
    "Please wait... If this message is not eventually replaced by the proper contents of the "
    "document, your PDF viewer may not be able to display this type of document. You can upgrade "
    "to the latest version of Adobe Reader for Windows, Mac, or Linux by visiting "
    "http://www.adobe.com/go/reader_download."
)
COVER_LETTER = (
    "Kinh gui Uy ban nhan dan phuong. Kem theo thu nay la hai giay to cua ho so: don de nghi va "
    "ban sao giay chung nhan. De nghi xem xet, giai quyet theo quy dinh va tra ket qua qua duong "
    "buu dien cho nguoi nop ho so theo dia chi da ghi trong don. Xin tran trong cam on."
)


def scanned(seed: int) -> bytes:
    """Return a scanned page as a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quet.pdf"
        save_pdf([draw_page("G", seed, 120)], path)
        return path.read_bytes()


def digital(seed: int) -> bytes:
    """Return a born-digital page as a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "so.pdf"
        save_born_digital(seed, path)
        return path.read_bytes()


def with_text(text: str) -> pikepdf.Pdf:
    """Return an open PDF of one page with a text, 12 words a line."""
    pdf = pikepdf.new()
    words = text.replace("(", "").replace(")", "").split()
    lines = [" ".join(words[at : at + 12]) for at in range(0, len(words), 12)]
    content = "BT /F 11 Tf 50 780 Td 16 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(content.encode("ascii"))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F=font))
    return pdf


def portfolio(path: Path, files: Mapping[str, bytes], cover: str = ADOBE_COVER) -> None:
    """Write a portfolio (PDF 32000-1, 7.11.6) of these files behind a cover."""
    with with_text(cover) as pdf:
        for name, data in files.items():
            pdf.attachments[name] = data
        pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)
        pdf.save(path)


def with_attachments(path: Path, files: Mapping[str, bytes], *, on_page: bool = False) -> None:
    """Write a paper to which files are attached: to the document, or to its page."""
    with pikepdf.open(io.BytesIO(digital(3))) as pdf:
        for name, data in files.items():
            if on_page:
                stream = pdf.make_stream(data, Type=Name.EmbeddedFile)
                file = Dictionary(Type=Name.Filespec, F=String(name), UF=String(name))
                file.EF = Dictionary(F=stream)
                annotation = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, FS=file)
                annotation.Rect = Array([10, 10, 30, 30])
                pdf.pages[0].obj.Annots = Array([pdf.make_indirect(annotation)])
            else:
                pdf.attachments[name] = data
        pdf.save(path)


def xfa(path: Path, text: str = PLEASE_WAIT, *, says: bool = True) -> None:
    """Write a dynamic XFA form: its page only asks to wait, its content is XML.

    Args:
        path: the file.
        text: what its page shows.
        says: whether the catalog says that pages must be made (NeedsRendering).
    """
    with with_text(text) as pdf:
        pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<xdp:xdp/>"), Fields=Array([]))
        if says:
            pdf.Root.NeedsRendering = True
        pdf.save(path)


def locked(path: Path, password: str, *, bits: int = 256) -> None:
    """Write a born-digital paper that opens with a password only."""
    with pikepdf.open(io.BytesIO(digital(3))) as pdf:
        pdf.save(path, encryption=_LOCKS[bits](owner="chu-so-huu", user=password))


def locked_by_certificate(path: Path) -> None:
    """Write a PDF that says it is locked for the holders of certificates (Adobe.PubSec)."""
    locked(path, "bat-ky")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"/Filter /Standard", b"/Filter /A.PubSec", 1))

"""Takes an e-mail (RFC 5322, MIME) apart: its text as a document, its attachments as files."""

from __future__ import annotations

import html
import re
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from ocr.files.inside.packed import Unpacking, parts_of
from pipeline.errors import UnreadableScanError

_HEADERS = {"From": "Từ", "To": "Gửi tới", "Cc": "Đồng gửi", "Date": "Ngày", "Subject": "Về việc"}
_MAX_TEXT = 2_000_000  # characters of a text that are laid out: some 700 pages
_MAX_PARTS = 2_000
_MAX_DEPTH = 20  # of messages in messages
# Pictures within the text that are smaller are signatures' logos and marks of trackers.
_LOGO_BYTES = 15_000
_BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr"}
_SILENT = {"script", "style", "head", "title"}
# What reading a header or a part may raise when a message is not made as it should be.
_ODD = (LookupError, ValueError, TypeError, AttributeError, UnicodeError)


class _Part(NamedTuple):
    name: str
    data: bytes


def unpack(path: Path, text: Path, unpacking: Unpacking) -> None:
    """Take the attachments out of an e-mail, and write its text as RTF.

    Args:
        path: the e-mail.
        text: the RTF file to write.
        unpacking: takes the attachments.

    Raises:
        UnreadableScanError: it is no e-mail that can be read.
        OversizedScanError: it holds more than it may.
    """
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise _unreadable()
    files, logos = _files(message, 0)
    rows = [(label, _header(message, name)) for name, label in _HEADERS.items()]
    rows = [(label, value) for label, value in rows if value]
    if files:
        rows.append(("Tệp kèm", "; ".join(part.name for part in files)))
    if logos:
        rows.append(("Hình nhỏ trong thư", f"{logos}, không in lại ở đây"))
    text.write_bytes(_rtf(rows, _body(message)))
    for part in files:
        unpacking.write_pieces(parts_of(part.name)[-1:], iter([part.data]))


def _files(message: EmailMessage, depth: int) -> tuple[list[_Part], int]:
    """Return what is attached, and how many small pictures are left in the text."""
    found: list[_Part] = []
    logos = 0
    for number, part in enumerate(_leaves(message, depth)):
        if number > _MAX_PARTS:
            raise _unreadable()
        try:
            name, data = part.get_filename() or "", _content(part)
            kind, place = part.get_content_type(), part.get_content_disposition()
        except _ODD:
            continue
        is_picture = kind.startswith("image/")
        if is_picture and place != "attachment" and len(data) < _LOGO_BYTES:
            logos += 1
        elif place == "attachment" or name or is_picture:
            found.append(_Part(name or f"tep-kem-{len(found) + 1}{_suffix(kind)}", data))
    return found, logos


def _leaves(message: EmailMessage, depth: int) -> list[EmailMessage]:
    """Return the parts of a message, forwarded messages as parts."""
    if depth > _MAX_DEPTH:
        raise _unreadable()
    if not message.is_multipart() or message.get_content_type() == "message/rfc822":
        return [message]
    return [
        leaf
        for part in message.iter_parts()
        if isinstance(part, EmailMessage)
        for leaf in _leaves(part, depth + 1)
    ]


def _content(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_content()
        return bytes(inner) if isinstance(inner, EmailMessage) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _suffix(kind: str) -> str:
    known = {"application/pdf": ".pdf", "message/rfc822": ".eml", "image/jpeg": ".jpg"}
    return known.get(kind, "." + re.sub(r"[^a-z0-9]", "", kind.partition("/")[2])[:8])


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except _ODD:
        return ""


def _body(message: EmailMessage) -> str:
    """Return the text of a message: the plain one, else that of its HTML."""
    try:
        part = message.get_body(("plain", "html"))
        content = part.get_content() if part is not None else ""
    except _ODD:
        return _decoded(part) if part is not None else ""
    text = content if isinstance(content, str) else ""
    is_html = part is not None and part.get_content_type() == "text/html"
    return _text_of_html(text[:_MAX_TEXT]) if is_html else text[:_MAX_TEXT]


def _decoded(part: MIMEPart) -> str:
    """Return a text whose character set is unknown or wrong."""
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace")[:_MAX_TEXT] if isinstance(payload, bytes) else ""


class _Text(HTMLParser):
    """Collects the text of an HTML page; nothing that it refers to is loaded."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _: object) -> None:
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def _text_of_html(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    parser.close()
    return html.unescape(re.sub(r"\n\s*\n+", "\n\n", "".join(parser.pieces))).strip()


def _rtf(rows: list[tuple[str, str]], body: str) -> bytes:
    """Return a document with the head of a message and its text, each line a paragraph."""
    head = "".join(f"{{\\b {_escaped(label)}:}} {_escaped(value)}\\par\n" for label, value in rows)
    lines = "".join(f"{_escaped(line)}\\par\n" for line in body.splitlines())
    font = r"{\fonttbl{\f0\froman Times New Roman;}}"
    page = r"\paperw11906\paperh16838\margl1418\margr1134\margt1134\margb1134"
    return f"{{\\rtf1\\ansi\\deff0{font}{page}\\f0\\fs26\n{head}\\par\n{lines}}}".encode("ascii")


def _escaped(text: str) -> str:
    """Return text as RTF: its own signs escaped, all but ASCII as numbers of UTF-16."""
    pieces = []
    for char in text:
        if char in "\\{}":
            pieces.append("\\" + char)
        elif char == "\t" or " " <= char <= "~":
            pieces.append(char)
        elif char >= "\xa0":
            units = char.encode("utf-16-le", "surrogatepass")
            numbers = (
                int.from_bytes(units[at : at + 2], "little") for at in (0, 2)[: len(units) // 2]
            )
            pieces += [f"\\u{number - 65536 * (number > 32767)}?" for number in numbers]
    return "".join(pieces)


def _unreadable() -> UnreadableScanError:
    return UnreadableScanError(
        "Thư điện tử bị hỏng hoặc lồng nhau quá nhiều lớp.",
        "Mở thư, in ra PDF, lưu các tệp đính kèm vào cùng một thư mục rồi thả thư mục đó.",
    )

"""Takes an edXML file apart: the papers attached to it, with what its header states of them.

edXML carries documents between the document systems of state bodies (QCVN 102:2016/BTTTT, issued
with Thông tư 10/2016/TT-BTTTT, amended by 01/2022/TT-BTTTT): ``edXMLEnvelope`` has the header and a
manifest, ``AttachmentEncoded`` the files in base64, often zipped one by one. Systems differ in
namespaces and prefixes, so elements are told by their local names.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from ocr.files.inside.packed import MAX_VALUE, Unpacking, parts_of
from pipeline.errors import OversizedScanError, UnreadableScanError

_MAX_XML = 200_000_000  # bytes: attachments of 150 MB in base64
_MAX_ELEMENTS = 100_000
_FACTS = {  # field -> where its value stands in MessageHeader
    "number": "Code/CodeNumber",
    "symbol": "Code/CodeNotation",
    "issued_on": "PromulgationInfo/PromulgationDate",
    "place": "PromulgationInfo/Place",
    "issuer": "From/OrganName",
    "parent_issuer": "From/OrganizationInCharge",
    "document_type": "DocumentType/TypeName",
    "summary": "Subject",
    "signer": "SignerInfo/FullName",
    "signer_title": "SignerInfo/Position",
}
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")

Facts = tuple[tuple[str, str], ...]


def unpack(path: Path, unpacking: Unpacking) -> None:
    """Take the attached files out; the first one carries what the header states.

    Args:
        path: the edXML file.
        unpacking: takes the files.

    Raises:
        UnreadableScanError: it is no edXML that can be read, or has no attachment.
        OversizedScanError: it holds more than it may.
    """
    root = _parsed(path)
    manifest = {
        _identifier(_text(one, "ContentId")): _text(one, "AttachmentName")
        for one in _all(root, "Reference")
    }
    facts = _facts(root)
    attachments = [one for one in _all(root, "Attachment") if _content(one)]
    if not attachments:
        raise UnreadableScanError(
            "Tệp edXML không kèm văn bản nào.", "Yêu cầu nơi gửi gửi lại kèm tệp văn bản."
        )
    for number, one in enumerate(attachments, start=1):
        identifier = _identifier(_text(one, "ContentId"))
        name = _text(one, "AttachmentName") or manifest.get(identifier) or f"tep-kem-{number}"
        inner, data = _unzipped(_decoded(_content(one)), unpacking)
        member = unpacking.write_pieces(parts_of(inner or name)[-1:], iter([data]))
        if number == 1:
            unpacking.state(member, facts)


class _Builder(ET.TreeBuilder):
    """Builds the tree of local names; a document type is refused, for it could define entities."""

    def __init__(self) -> None:
        super().__init__()
        self._elements = 0

    def start(self, tag: str, _: dict[str, str], /) -> ET.Element:
        """Begin an element."""
        self._elements += 1
        if self._elements > _MAX_ELEMENTS:
            raise _unreadable()
        return super().start(tag.rpartition("}")[2], {})

    def end(self, tag: str, /) -> ET.Element:
        """End an element."""
        return super().end(tag.rpartition("}")[2])

    def doctype(self, *_: object) -> None:
        """Refuse a document type."""
        raise _unreadable()


def _parsed(path: Path) -> ET.Element:
    if path.stat().st_size > _MAX_XML:
        raise OversizedScanError("Tệp edXML quá lớn.", "Gửi các văn bản thành nhiều tệp.")
    try:
        return ET.parse(path, ET.XMLParser(target=_Builder())).getroot()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise _unreadable() from error


def _all(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return root.iter(name)


def _text(element: ET.Element, path: str) -> str:
    found = element.find(path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _content(attachment: ET.Element) -> str:
    found = attachment.find("ContentTransferEncoded")
    return (found.text or "").strip() if found is not None else ""


def _identifier(text: str) -> str:
    return text.removeprefix("cid:").strip("<>")


def _facts(root: ET.Element) -> Facts:
    header = next(root.iter("MessageHeader"), None)
    if header is None:
        return ()
    values = {field: _text(header, path)[:MAX_VALUE] for field, path in _FACTS.items()}
    values["issued_on"] = _day(values["issued_on"])
    return tuple((field, value) for field, value in values.items() if value)


def _day(text: str) -> str:
    match = _DATE.fullmatch(text)
    return f"{int(match[1]):04d}-{int(match[2]):02d}-{int(match[3]):02d}" if match else ""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _unreadable() from error


def _unzipped(data: bytes, unpacking: Unpacking) -> tuple[str, bytes]:
    """Return name and bytes of a file that was zipped alone; else no name, and it as it is."""
    if not data.startswith(b"PK\x03\x04"):
        return "", data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
            if len(members) != 1 or "[Content_Types].xml" in packed.namelist():
                return "", data
            unpacking.check_bytes(members[0].file_size)
            with packed.open(members[0]) as stream:
                content = stream.read(members[0].file_size + 1)
            return members[0].filename, content
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        return "", data  # intake says what is wrong with it


def _unreadable() -> UnreadableScanError:
    return UnreadableScanError(
        "Tệp edXML hỏng hoặc không đúng quy chuẩn.",
        "Yêu cầu nơi gửi gửi lại, hoặc tải tệp văn bản về rồi thả tệp đó.",
    )

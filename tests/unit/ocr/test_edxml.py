"""edXML files: the papers in them come out with what the header states; bad ones are refused."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest

from ocr import open_reader
from pipeline.errors import RefusedScanError, UnreadableScanError
from pipeline.ports import InnerFile, ScanReader, UnpackLimits
from pipeline.settings import ReadingSettings

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
URI = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
HEADER = {
    "From": "<{0}OrganId>000.00.00.H26</{0}OrganId><{0}OrganName>UBND phường MẪU</{0}OrganName>",
    "Code": "<{0}CodeNumber>12</{0}CodeNumber><{0}CodeNotation>UBND-VP</{0}CodeNotation>",
    "PromulgationInfo": "<{0}Place>Hà Nội</{0}Place>"
    "<{0}PromulgationDate>2026-01-05</{0}PromulgationDate>",
    "DocumentType": "<{0}Type>1</{0}Type><{0}TypeName>Công văn</{0}TypeName>",
    "Subject": "V/v  số hóa\n hồ sơ",
}
STATED = {
    "number": "12",
    "symbol": "UBND-VP",
    "issued_on": "2026-01-05",
    "place": "Hà Nội",
    "issuer": "UBND phường MẪU",
    "document_type": "Công văn",
    "summary": "V/v số hóa hồ sơ",
}


def envelope(*files: bytes, prefix: str = "edXML:", names: bool = True) -> bytes:
    """An edXML file as systems write it; ``prefix`` is that of the elements of the header."""
    header = "".join(
        f"<{prefix}{name}>{inner.format(prefix)}</{prefix}{name}>" for name, inner in HEADER.items()
    )
    references = "".join(
        f"<{prefix}Reference><{prefix}ContentId>cid:f{number}</{prefix}ContentId>"
        f"<{prefix}AttachmentName>văn bản {number}.pdf</{prefix}AttachmentName></{prefix}Reference>"
        for number in range(len(files) if names else 0)
    )
    attachments = "".join(
        f"<Attachment><ContentId>f{number}</ContentId>"
        f"<ContentTransferEncoded>{base64.b64encode(each).decode()}</ContentTransferEncoded>"
        "</Attachment>"
        for number, each in enumerate(files)
    )
    spaces = f'xmlns="{URI}"' + (f' xmlns:{prefix[:-1]}="{URI}"' if prefix else "")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML {spaces}><{prefix}edXMLEnvelope>'
        f"<{prefix}edXMLHeader><{prefix}MessageHeader>{header}</{prefix}MessageHeader>"
        f"</{prefix}edXMLHeader><{prefix}edXMLBody><{prefix}edXMLManifest>{references}"
        f"</{prefix}edXMLManifest></{prefix}edXMLBody></{prefix}edXMLEnvelope>"
        f"<AttachmentEncoded>{attachments}</AttachmentEncoded></edXML>"
    ).encode()


def zipped(data: bytes, *more: bytes, name: str = "trong zip.pdf") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, each in enumerate((data, *more)):
            archive.writestr(name if not number else f"{number}.pdf", each)
    return packed.getvalue()


@pytest.fixture(scope="module")
def reader() -> ScanReader:
    return open_reader(ReadingSettings())


def unpacked(reader: ScanReader, tmp_path: Path, data: bytes) -> tuple[InnerFile, ...]:
    path, room = tmp_path / "van-ban.edxml", tmp_path / "room"
    path.write_bytes(data)
    room.mkdir()
    info = reader.inspect(path)
    assert (info.pages, info.holds_files) == (0, True)
    return reader.unpack(path, room, UnpackLimits(50))


@pytest.mark.parametrize("prefix", ["edXML:", "", "ns2:"])
def test_papers_come_out_with_what_the_header_states(
    reader: ScanReader, tmp_path: Path, prefix: str
) -> None:
    first, second = unpacked(reader, tmp_path, envelope(PDF, PDF + b"2", prefix=prefix))
    assert (first.parts, second.parts) == (("văn bản 0.pdf",), ("văn bản 1.pdf",))
    assert first.copy is not None
    assert first.copy.read_bytes() == PDF
    assert dict(first.facts) == STATED
    assert second.facts == (), "the header is about the document, not about its annexes"


def test_an_attachment_that_was_zipped_alone_comes_out_of_its_zip(
    reader: ScanReader, tmp_path: Path
) -> None:
    (inner,) = unpacked(reader, tmp_path, envelope(zipped(PDF)))
    assert inner.copy is not None
    assert (inner.parts, inner.copy.read_bytes()) == (("trong zip.pdf",), PDF)


@pytest.mark.parametrize(
    "attachment",
    [zipped(PDF, PDF), zipped(b"", name="[Content_Types].xml"), b"PK\x03\x04 no zip at all"],
    ids=["several files", "a Word file", "damaged"],
)
def test_other_zips_stay_as_they_are(reader: ScanReader, tmp_path: Path, attachment: bytes) -> None:
    (inner,) = unpacked(reader, tmp_path, envelope(attachment))
    assert inner.copy is not None
    assert inner.copy.read_bytes() == attachment


def test_names_are_no_paths(reader: ScanReader, tmp_path: Path) -> None:
    data = envelope(zipped(PDF, name="../../../etc/cron.d/x"))
    (inner,) = unpacked(reader, tmp_path, data)
    assert inner.parts == ("x",)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY a "aaaaaaaaaa"><!ENTITY b
"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><edXML><AttachmentEncoded>&b;</AttachmentEncoded></edXML>"""
FOREIGN = b"""<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<edXML><AttachmentEncoded><Attachment><ContentTransferEncoded>&a;</ContentTransferEncoded>
</Attachment></AttachmentEncoded></edXML>"""
BAD = {
    "no attachment": envelope(),
    "cut off": envelope(PDF)[:-40],
    "no base64": envelope(PDF).replace(base64.b64encode(PDF), b"?!"),
    "entities": BOMB,
    "a file of the machine": FOREIGN,
    "too many elements": b'<?xml version="1.0"?><edXML>' + b"<a/>" * 100_001 + b"</edXML>",
    "no text of its encoding": envelope(PDF).replace("Hà".encode(), b"H\xff"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_in_clear_words(
    reader: ScanReader, tmp_path: Path, kind: str
) -> None:
    with pytest.raises(UnreadableScanError) as refused:
        unpacked(reader, tmp_path, BAD[kind])
    assert "edXML" in refused.value.message
    assert refused.value.remedy


def test_a_file_that_unzips_to_more_than_may_be_is_refused(tmp_path: Path) -> None:
    reader = open_reader(ReadingSettings(max_unpacked=1_000_000))
    with pytest.raises(RefusedScanError):
        unpacked(reader, tmp_path, envelope(zipped(b"0" * 50_000_000)))

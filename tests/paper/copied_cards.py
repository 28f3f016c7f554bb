"""Identity cards that were copied above a text: front and back beside each other, grey, made up."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.paper.fonts import Style
from tests.paper.marks import code_square
from tests.paper.people import make_signer
from tests.paper.raised import AT_RISK
from tests.paper.sheet import LEFT, MM, RIGHT, Sheet, Span, Stroke
from tests.paper.writer import Setting, Writer

_WIDE, _HIGH = 74 * MM, 47 * MM
_TEXTS = (
    "Tôi xin cam đoan bản chụp thẻ trên đây đúng với bản chính và chịu trách nhiệm về việc đó.",
    "Người đề nghị nhận kết quả tại Bộ phận Một cửa và mang theo bản chính để đối chiếu.",
    "Bản chụp này chỉ dùng cho thủ tục đăng ký đất đai của thửa đất nêu trong đơn kèm theo.",
)


_Row = tuple[str, float, float, float, Style]  # text, millimetres right and down, points, cut


def card_above_text(random: Random, writer: Writer) -> None:
    """Both sides of a card at the top, what somebody declares about them below."""
    sheet, top = writer.sheet, writer.y
    _front(sheet, LEFT, top, random)
    if random.random() < 0.7:
        _back(sheet, RIGHT - _WIDE, top, random)
    writer.y = top + _HIGH + random.uniform(2, 8)
    for text in random.sample(_TEXTS, 2):
        spans = (Span(text, field=AT_RISK),)
        writer.paragraph(spans, Setting(random.choice((11.0, 13.0)), 1.25, 4, 0))


def _front(sheet: Sheet, x: float, y: float, random: Random) -> None:
    _outline(sheet, x, y)
    sheet.strokes.append(_photo(x + 4 * MM, y + 18 * MM))
    rows = (
        ("CĂN CƯỚC CÔNG DÂN", 20, 12, 10.0, Style.BOLD),
        (f"Số: 0{random.randint(10**10, 10**11 - 1)}", 26, 19, 9.0, Style.BOLD),
        ("Họ và tên:", 26, 24, 6.5, Style.REGULAR),
        (make_signer(random).upper(), 26, 28.5, 8.0, Style.BOLD),
        (
            f"Ngày sinh: {random.randint(10, 28)}/0{random.randint(1, 9)}/1980",
            26,
            33,
            6.5,
            Style.REGULAR,
        ),
        ("Quê quán: Mẫu Sơn, Hoa Lâm", 26, 38, 6.5, Style.REGULAR),
    )
    _write(sheet, x, y, rows)


def _back(sheet: Sheet, x: float, y: float, random: Random) -> None:
    _outline(sheet, x, y)
    code_square(sheet, (x + 54 * MM, y + 4 * MM), 15 * MM, random)
    rows = (
        ("Đặc điểm nhận dạng:", 4, 8, 6.5, Style.REGULAR),
        ("Nốt ruồi cách đuôi mắt phải", 4, 12, 6.5, Style.REGULAR),
        ("CỤC TRƯỞNG CỤC CẢNH SÁT", 4, 24, 7.0, Style.BOLD),
        ("QUẢN LÝ HÀNH CHÍNH", 4, 28, 7.0, Style.BOLD),
    )
    _write(sheet, x, y, rows)


def _outline(sheet: Sheet, x: float, y: float) -> None:
    sheet.frame((x, y), (_WIDE, _HIGH), 0.8)


def _photo(x: float, y: float) -> Stroke:
    corners = ((x, y), (x + 18 * MM, y), (x + 18 * MM, y + 24 * MM), (x, y + 24 * MM))
    return Stroke(corners, 0.0, (120, 120, 120))


def _write(sheet: Sheet, x: float, y: float, rows: Sequence[_Row]) -> None:
    for text, right, down, size, style in rows:
        sheet.put((Span(text, style),), (x + right * MM, y + down * MM), size)

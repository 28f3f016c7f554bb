"""Lines with raised figures: square and cubic metres, and marks of footnotes."""

from __future__ import annotations

from random import Random

from tests.paper.fonts import Style, typeface
from tests.paper.sheet import LEFT, Span
from tests.paper.writer import Writer

AT_RISK = "at_risk"
_TYPEFACES = ("termes", "termes", "noto-serif", "noto-sans")
_LABELS = ("Diện tích thửa đất là", "Khối lượng được duyệt là", "Trong đó sử dụng chung")
_UNITS = ("m²", "km²", "m³", "m²", "m²")
_NOTED = "quyết định|hồ sơ|thửa đất|thuế|đất ở|Luật Đất đai|nghị quyết|sổ mục kê".split("|")


def superscripts(random: Random, writer: Writer) -> None:
    """Square and cubic metres behind amounts, in brackets and in prices."""
    writer.sheet.typeface = typeface(random.choice(_TYPEFACES))
    for number, unit in enumerate(_UNITS):
        amount = f"{random.randint(2, 99)}{random.choice(('', ',5', '.250', '0'))}"
        risky = (f"{amount} {unit}", f"{amount}{unit}", f"({unit})", f"đồng/{unit}")
        place = 0 if number < 2 else random.choice((0, 0, 1, 2, 3))
        end = random.choice((",", ".", ";", " theo hồ sơ kèm theo.", " đất trồng lúa"))
        style = random.choice((Style.REGULAR, Style.REGULAR, Style.BOLD, Style.ITALIC))
        first = f"{random.choice(_LABELS)} {'1.250 ' if place == 3 else ''}"
        mark = end if len(end) == 1 else ""  # it belongs to the word
        spans = (
            Span(first),
            Span(risky[place] + mark, style, AT_RISK),
            Span(end.removeprefix(mark)),
        )
        writer.line(spans, LEFT, random.choice((11.0, 12.0, 13.0, 14.0)))


def footnote_marks(random: Random, writer: Writer) -> None:
    """Marks of footnotes that touch the word before them; the truth has them apart."""
    sheet = writer.sheet
    sheet.typeface = typeface(random.choice(_TYPEFACES))
    for mark in "¹²³":
        size = random.choice((12.0, 13.0, 14.0))
        writer.y += size * 1.4
        first = (Span(f"Việc này làm theo {random.choice(_NOTED)}", field=AT_RISK),)
        end = sheet.put(first, (LEFT, writer.y), size)
        sheet.stay_on_line()
        end = sheet.put((Span(mark, field=AT_RISK),), (end, writer.y), size)
        sheet.stay_on_line()
        rest = (Span("và các văn bản khác có liên quan.", field=AT_RISK),)
        sheet.put(rest, (end + sheet.gap(size), writer.y), size)

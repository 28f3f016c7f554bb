"""Pages whose foot has recipients in small print beside a signer's heading in larger lines.

The two columns share no baselines, so rows of one lie between the rows of the other.
"""

from __future__ import annotations

from random import Random

from tests.paper.cases import make_case
from tests.paper.degrade import degrade
from tests.paper.fonts import Style, typeface
from tests.paper.people import make_signer
from tests.paper.picture import draw
from tests.paper.places import make_office, people_committee
from tests.paper.prose import Prose
from tests.paper.risky_lines import AT_RISK, RiskyPage
from tests.paper.sheet import LEFT, MM, RIGHT, Span
from tests.paper.truth import Degradation
from tests.paper.writer import Writer

_HEADS = (
    ("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
    ("TL. HIỆU TRƯỞNG", "KT. TRƯỞNG PHÒNG ĐÀO TẠO", "PHÓ TRƯỞNG PHÒNG"),
    ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
)
_RECIPIENTS = (
    "- Như trên;",
    "- Như Điều 3;",
    "- Bộ Tài chính;",
    "- Hiệu trưởng (để báo cáo);",
    "- Chủ tịch, các Phó Chủ tịch;",
    "- Phòng Kế hoạch (để thực hiện);",
    "- Các sở, ban, ngành;",
    "- Trang thông tin điện tử;",
)


def draw_foot(seed: int) -> RiskyPage:
    """Draw a page with such a foot, as an office scans it, at 300 dpi; the foot is at risk.

    Args:
        seed: the same gives the same page.
    """
    random = Random(f"foot {seed}")
    writer = Writer(typeface("termes"), "foot")
    case = make_case(random)
    prose = Prose(case, people_committee(make_office(random)), case.received, random)
    paragraphs = prose.paragraphs()
    for _ in range(4):
        writer.paragraph((Span(next(paragraphs)),))
    sheet, y = writer.sheet, writer.y + 20
    rows = ["Nơi nhận:", *random.sample(_RECIPIENTS, random.randint(3, 5)), "- Lưu: VT."]
    size, pitch = random.choice((10, 11, 11)), random.uniform(12.4, 14)
    lines = []
    for number, row in enumerate(rows):
        style = Style.BOLD_ITALIC if number == 0 else Style.REGULAR
        sheet.put((Span(row, style, AT_RISK),), (LEFT, y + number * pitch), size + (number == 0))
        lines.append(row)
    size, pitch = random.choice((13, 14)), random.uniform(15.5, 19)
    at = y + random.uniform(-2, 5)
    for number, row in enumerate(random.choice(_HEADS)):
        sheet.put(
            (Span(row, Style.BOLD, AT_RISK),),
            (RIGHT - 42 * MM, at + number * pitch),
            size,
            "centre",
        )
        lines.append(row)
    sheet.put((Span(make_signer(random), Style.BOLD),), (RIGHT - 42 * MM, y + 110), size, "centre")
    writer.y = y + 130
    skew = round(random.uniform(-0.5, 0.5), 2)
    wear = Degradation(skew=skew, blur=0.6, noise=2.0, jpeg_quality=80)
    return RiskyPage(degrade(draw(writer.sheet, 300), wear, seed), tuple(lines))

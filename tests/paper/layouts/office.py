"""Papers of offices after NĐ 30/2020/NĐ-CP: A named papers (QĐ, TB, TTr, KH, BC), B letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.paper.cases import Case, after_working_days
from tests.paper.closing import CLOSING_HEIGHT, closing
from tests.paper.fonts import Style, Typeface
from tests.paper.letterhead import Reference, letterhead, title
from tests.paper.phrases import HEADINGS
from tests.paper.places import Issuer, Signing, make_issuer
from tests.paper.prose import Prose
from tests.paper.sheet import Sheet, Span
from tests.paper.writer import Setting, Writer

# Abbreviations of Annex III of NĐ 30/2020/NĐ-CP, and the verb that opens the body.
_KINDS = {
    "Quyết định": ("QĐ", ""),
    "Thông báo": ("TB", "thông báo"),
    "Tờ trình": ("TTr", "trình"),
    "Kế hoạch": ("KH", "ban hành kế hoạch"),
    "Báo cáo": ("BC", "báo cáo"),
}
NAMED_KINDS = tuple(_KINDS)
_CITATION = Setting(leading=1.22, after=3.5)
_LAST_WORDS = 60.0  # points that heading and final sentence take
_LAST_FILL = 0.45  # how much of the last page of a long paper is written on, at least


@dataclass(frozen=True, slots=True)
class _Draft:
    """An office paper being written."""

    writer: Writer
    case: Case
    issuer: Issuer
    prose: Prose
    random: Random
    pages: int

    def say(self, text: str, style: Style = Style.REGULAR) -> None:
        """Write a paragraph in one cut."""
        self.writer.paragraph((Span(text, style),))

    def address(self) -> None:
        """Say whom the paper is for: the ward, or the city when the ward writes."""
        to = self.case.office.unit if self.issuer.symbol != "UBND" else "thành phố Hà Nội"
        spans = (Span(f"Kính gửi: Ủy ban nhân dân {to}."),)
        self.writer.paragraph(spans, Setting(after=9, indent=0, align="centre"))

    @property
    def position(self) -> float:
        """Points written so far, page after page."""
        return (len(self.writer.sheets) - 1) * self.writer.floor + self.writer.y

    @property
    def goal(self) -> float:
        """The position where the closing should begin."""
        if self.pages == 1:
            return self.writer.floor - CLOSING_HEIGHT
        return (self.pages - 1 + _LAST_FILL) * self.writer.floor

    def fits(self, text: str) -> bool:
        """Tell whether a paragraph leaves room for the closing on the page wished for."""
        writer = self.writer
        height = writer.height((Span(text),), Setting())
        pages_left = self.pages - len(writer.sheets)
        if pages_left > 0:
            return True
        if self.pages > 1 and self.position > self.goal:
            return False
        return writer.room > height + CLOSING_HEIGHT + _LAST_WORDS


def named_paper(
    case: Case, random: Random, face: Typeface, *, pages: int = 1, kind: str | None = None
) -> list[Sheet]:
    """Lay out a decision, notice, submission, plan or report (layout A)."""
    chosen = kind or random.choice(NAMED_KINDS)
    symbol, verb = _KINDS[chosen]
    draft = _begin(case, random, face, pages, "A")
    reference = _reference(draft, f"{symbol}-{draft.issuer.symbol}")
    signing = _signing(draft)
    letterhead(draft.writer, draft.issuer, reference, modern=random.random() < 0.3)
    draft.writer.skip(8)
    title(draft.writer, chosen, draft.prose.summary(chosen))
    first = "Như trên"
    if chosen == "Quyết định":
        first = f"Như Điều {_decide(draft)}"
    else:
        _narrate(draft, chosen, verb)
    closing(draft.writer, signing, draft.prose.recipients(first, draft.issuer.sections[0]), random)
    return draft.writer.sheets


def official_letter(case: Case, random: Random, face: Typeface, *, pages: int = 1) -> list[Sheet]:
    """Lay out a công văn (layout B)."""
    draft = _begin(case, random, face, pages, "B")
    about = draft.prose.summary("Công văn")
    section = random.choice(draft.issuer.sections)
    reference = _reference(draft, f"{draft.issuer.symbol}-{section}", about)
    signing = _signing(draft)
    letterhead(draft.writer, draft.issuer, reference, modern=random.random() < 0.3)
    draft.writer.sheet.type = "Công văn"
    draft.writer.skip(10)
    draft.address()
    draft.say(draft.prose.opening("đề nghị phối hợp"))
    _fill(draft, draft.prose.paragraphs(), lambda number: Span(f"{number}. "))
    draft.say("Đề nghị các đơn vị quan tâm, phối hợp thực hiện./.")
    closing(draft.writer, signing, draft.prose.recipients("Như trên", section), random)
    return draft.writer.sheets


def _begin(case: Case, random: Random, face: Typeface, pages: int, layout: str) -> _Draft:
    issuer = make_issuer(random, case.office)
    day = after_working_days(case.received, random.randint(1, 4))
    prose = Prose(case, issuer, day, random)
    return _Draft(Writer(face, layout), case, issuer, prose, random, pages)


def _reference(draft: _Draft, symbol: str, about: str = "") -> Reference:
    number = draft.random.choice((draft.random.randint(1, 99), draft.random.randint(100, 3200)))
    return Reference(f"{number:02d}", symbol, draft.prose.day, about)


def _signing(draft: _Draft) -> Signing:
    return draft.random.choice(draft.issuer.signings)


def _decide(draft: _Draft) -> int:
    """Write reasons and articles of a decision; return the number of the last article."""
    issuer = draft.issuer
    chief = "CHỦ TỊCH" if issuer.symbol == "UBND" else "GIÁM ĐỐC"
    draft.writer.centred(f"{chief} {' '.join(issuer.name)}", 13.5)
    draft.writer.skip(8)
    citations = draft.prose.citations()
    draft.writer.sheet.values["citations"] = "; ".join(citations)
    for text in citations:
        spans = (Span("Căn cứ "), Span(text, field="citations"), Span(";"))
        italic = [span._replace(style=Style.ITALIC) for span in spans]
        draft.writer.paragraph(italic, _CITATION)
    proposed = "Theo đề nghị của Chánh Văn phòng."
    draft.writer.paragraph((Span(proposed, Style.ITALIC),), _CITATION)
    draft.writer.skip(2)
    draft.writer.centred("QUYẾT ĐỊNH:", 13.5)
    draft.writer.skip(6)
    orders = draft.prose.paragraphs(orders=True)
    last = _fill(draft, orders, lambda number: Span(f"Điều {number}. ", Style.BOLD)) + 1
    end = Span("Quyết định này có hiệu lực kể từ ngày ký./.")
    draft.writer.paragraph((Span(f"Điều {last}. ", Style.BOLD), end))
    return last


def _narrate(draft: _Draft, kind: str, verb: str) -> None:
    """Write the body of the other papers, under headings where the type has them."""
    if kind == "Tờ trình":
        draft.address()
    draft.say(draft.prose.opening(verb))
    if kind in HEADINGS:
        _sections(draft, HEADINGS[kind])
    else:
        _fill(draft, draft.prose.paragraphs(), lambda number: Span(f"{number}. "))
    draft.say(f"Trên đây là {kind.lower()} của {draft.issuer.spoken}./.")


def _fill(draft: _Draft, paragraphs: Iterator[str], label: Callable[[int], Span]) -> int:
    """Write labelled paragraphs as long as they fit; return how many."""
    number = 0
    for text in paragraphs:
        if not draft.fits(text):
            break
        number += 1
        draft.writer.paragraph((label(number), Span(text)))
    return number


def _sections(draft: _Draft, headings: tuple[str, ...]) -> None:
    """Spread paragraphs evenly under the headings, as long as they fit."""
    start = draft.position
    share = (draft.goal - start) / len(headings)
    paragraphs = draft.prose.paragraphs()
    for number, heading in enumerate(headings, start=1):
        text = next(paragraphs)
        if not draft.fits(text):
            return
        draft.writer.need(60)  # a heading never stands alone at the foot of a page
        draft.say(heading, Style.BOLD)
        draft.say(text)
        while draft.position < start + share * number and draft.fits(text := next(paragraphs)):
            draft.say(text)

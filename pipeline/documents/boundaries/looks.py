"""Notes what a page shows of its place in a paper: heading, title, number, closing, separator."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.documents.boundaries.page_numbers import (
    PrintedPage,
    is_page_number,
    printed_number,
)
from pipeline.documents.boundaries.sheet_papers import rows_of_parts
from pipeline.documents.classify import Title, find_title, is_annex
from pipeline.documents.columns import central_run
from pipeline.documents.extract.header import HEAD, has_heading, read_head
from pipeline.documents.fuzzy import folded_text, similarity, upper_share
from pipeline.documents.rows import PageOfDossier, PageRows, Row, rows_of
from pipeline.model import PageState
from pipeline.model.page import FEW_WORDS, SignKind

_TOP = 0.3  # share of the height in which a paper says what it is
_SEPARATOR = re.compile(
    r"^(?:patch ?t|separator(?: sheet| page)?|to phan cach|trang phan cach|tach ho so)\b"
)
_SEPARATORS = ("to phan cach", "separator sheet", "patch t")
_COVER = re.compile(r"^\W*(?:bia ho so|to bia|ho so so\b)")
_CLOSING = re.compile(
    r"^\W*noi nhan\b|\bghi ro ho( va)?,? ten\b|^\W*luu:? ?vt\b|"
    r"^\W*(?:nguoi|ben|ong|ba) (?:khai|lam don|yeu cau|de nghi|nop|cam doan|viet don)\W*$|"
    r"\b(?:kt|tm|tl|tuq)\W{1,2}(?:chu tich|giam doc|truong|uy ban|bo truong|cuc truong|chanh)"
)
_LETTERS = (
    "quyet dinh", "cong van", "to trinh", "ke hoach", "thong bao", "bao cao", "huong dan",
    "chuong trinh", "van ban", "giay moi",
)  # fmt: skip
_ATTACHED = re.compile(rf"^(?:ban hanh )?kem theo (?:{'|'.join(_LETTERS)}) ")
_REFERENCE = {"kem", "theo", *" ".join(_LETTERS).split()}
_ALIKE = 0.85
_CLOSES_BELOW = 0.2  # share of the height above which nobody signs
_BODY_WORDS = 3  # of a row that may be the rest of a sentence


class PageLook(NamedTuple):
    """A page, and what it shows of its place in a paper."""

    rows: PageRows
    is_silent: bool  # blank or not read: it says nothing
    headed: bool  # it has the national or the Party's heading
    title: Title | None
    is_annex: bool  # a title of an annex, or one that says to which paper it belongs
    is_cover: bool
    is_marked: bool  # bars for scanners on it say that a paper begins
    separates: str  # why it is a separator, Vietnamese; empty: it is none
    printed: PrintedPage | None
    closes: bool  # recipients or a signature stand on it
    goes_on: bool  # it begins in the middle of a sentence
    has_letterhead: bool  # agencies and a number, although no heading could be read
    has_own_title: bool  # a title of a kind nobody knows: capitals in the middle, high up

    @property
    def is_behind(self) -> bool:
        """Whether it is a later one of several papers on a sheet."""
        return bool(self.rows.parts) and self.rows.parts[0].part > 1

    @property
    def number(self) -> int:
        """The page's number within the dossier, from 1."""
        return self.rows.number


def looks_at(page: PageOfDossier, *, is_whole: bool = False) -> list[PageLook]:
    """Return what a page shows of its place in a paper, for each of several papers on it.

    Papers on one sheet are told apart where the later ones say what they are: one that does not
    continues the one before it. A sheet on which none does is one page.

    Args:
        page: the page.
        is_whole: a person said of which paper it is, and meant the whole sheet.
    """
    count = len(page.page.parts)
    if count > 1 and not is_whole and not page.page.signs:
        groups: list[list[int]] = [[1]]
        for part in range(2, count + 1):
            if _begins(_look(page, rows_of_parts(page, [part]))):
                groups.append([part])
            else:
                groups[-1].append(part)
        if len(groups) > 1:
            return [_look(page, rows_of_parts(page, group)) for group in groups]
    whole = _look(page, rows_of(page))
    if count > 1 and whole.title is None and not (whole.is_silent or whole.separates):
        # The middle of a paper is not that of the sheet: both sides of a card beside each other.
        whole = whole._replace(title=_look(page, rows_of_parts(page, [1])).title)
    return [whole]


def _begins(look: PageLook) -> bool:
    """Tell whether a part of a sheet says that it is a paper of its own."""
    if look.is_annex or look.is_silent:
        return False
    if look.headed or look.title is not None:
        return True
    is_sure = read_head(look.rows, None).is_sure
    return look.has_letterhead and (look.has_own_title or is_sure)


def _look(page: PageOfDossier, rows: PageRows) -> PageLook:
    silent = page.page.state in (PageState.BLANK, PageState.NOT_READ)
    separates = _separates(page, rows)
    headed = not silent and has_heading(rows)
    title = None if silent or separates else find_title(rows, headed=headed)
    return PageLook(
        rows,
        is_silent=silent and not separates,
        headed=headed,
        title=title,
        is_annex=_belongs_to_another(rows, title, headed=headed),
        is_cover=_any(_COVER, rows),
        is_marked=bool(page.page.signs) and not separates,
        separates=separates,
        printed=printed_number(rows),
        closes=_closes(rows),
        goes_on=_goes_on(rows),
        has_letterhead=not headed and read_head(rows, title).number is not None,
        has_own_title=_has_own_title(rows),
    )


def _separates(page: PageOfDossier, rows: PageRows) -> str:
    """Return why a page only parts papers; empty: it is one of a paper."""
    kinds = {sign.kind: sign for sign in page.page.signs}
    words = sum(len(row.tokens) for row in rows.rows)
    sign = kinds.get(SignKind.SEPARATOR)
    if sign and (sign.source != "patch" or words <= FEW_WORDS):  # bars may stand on a form, too
        return f"Tờ phân cách ({_SOURCES.get(sign.source, sign.source)})."
    if SignKind.COVER in kinds:
        return "Tờ bìa của phần mềm: chỉ nói giấy tờ nào theo sau."
    if words <= FEW_WORDS and _says_separator(rows) and not has_heading(rows):
        return "Tờ phân cách (chữ in trên tờ)."
    return ""


_SOURCES = {"patch": "vạch patch", "qr": "mã QR", "barcode": "mã vạch", "words": "chữ in"}


def _says_separator(rows: PageRows) -> bool:
    if _any(_SEPARATOR, rows):
        return True
    texts = (folded_text(row.text) for row in rows.rows[:3] if upper_share(row.text) > 0.5)
    return any(similarity(text, one, _ALIKE) >= _ALIKE for text in texts for one in _SEPARATORS)


def _any(pattern: re.Pattern[str], rows: PageRows) -> bool:
    upper = (row for row in rows.rows[:6] if row.box.top < 2 * _TOP * rows.height)
    return any(upper_share(r.text) > 0.5 and pattern.match(folded_text(r.text)) for r in upper)


def _belongs_to_another(page: PageRows, title: Title | None, *, headed: bool) -> bool:
    """Tell whether a page says that it is an annex, or attached to the paper before.

    Forms have the circular that made them on top (``Ban hành kèm theo Thông tư …``) and are papers
    of their own; so are the annexes of circulars that have the national heading.
    """
    if title is not None:
        return False
    upper = [row for row in page.rows if row.box.top < HEAD * page.height]
    if any(_is_reference(row) for row in upper):
        return not headed or read_head(page, title).number is None
    return not headed and any(is_annex(r) for r in upper if r.box.top < _TOP * page.height)


def _is_reference(row: Row) -> bool:
    """Tell whether a row says to which letter a page belongs, a letter misread or not."""
    text = folded_text(row.text)
    if _ATTACHED.match(text):
        return True
    begun = text.removeprefix("ban hanh ").split()[:4]
    return len({*begun} & _REFERENCE) >= 2 and any(
        similarity(" ".join(begun), f"kem theo {kind}", 0.8) >= _ALIKE for kind in _LETTERS
    )


def _closes(page: PageRows) -> bool:
    lower = (row for row in page.rows if row.box.top > _CLOSES_BELOW * page.height)
    return any(_CLOSING.search(folded_text(row.text)) for row in lower)


def _goes_on(page: PageRows) -> bool:
    """Tell whether the first row of the body begins small, as the rest of a sentence does."""
    body = (row for row in page.rows if not is_page_number(row, page))
    first = next((row for row in body if len(row.tokens) >= _BODY_WORDS), None)
    return first is not None and first.text[:1].islower() and upper_share(first.text) < 0.5


def _has_own_title(page: PageRows) -> bool:
    for row in page.rows:
        if row.box.top > _TOP * page.height:
            return False
        if _is_title(row, page.width):
            return True
    return False


def _is_title(row: Row, width: int) -> bool:
    middle = central_run(row, width)
    if middle is None or len(middle.tokens) < 2 or middle.box.width < 0.6 * row.box.width:
        return False
    indent = middle.box.left / max(width, 1)
    return upper_share(middle.text) > 0.85 and indent > 0.17 and not middle.text.endswith(":")

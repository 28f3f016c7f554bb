"""Classifies a paper by its printed title: in the upper part of its first page, mostly capitals.

A paper merely mentioned in a body is not that paper, and the more specific title wins
(docs/domain.md §3.5, experience of a land registry).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from pipeline.documents.columns import central_run
from pipeline.documents.document_types import DOCUMENT_TYPES, DocumentType
from pipeline.documents.fuzzy import folded_text, similarity, upper_share
from pipeline.documents.rows import PageRows, Row

_UPPER_PART = 0.5  # share of the height in which a title may begin under the national heading
_TOP = 0.3  # and without that heading
_CAPITALS = 0.7  # least share of capitals in a title
_ALIKE = 0.8  # least similarity of a title; below it, OCR engines and people disagree
_LONGEST = 5  # rows a title may take
_ATTACHED = re.compile(r"^\W*(?:ban hanh |kem theo )")
_ANNEX = re.compile(r"^\W*(?:phu luc|phu bieu|bieu mau|danh sach|danh muc)\b")


class Title(NamedTuple):
    """A title on a page, its similarity to the printed form (0-1) and the rows it takes."""

    weight: float  # decides between titles
    kind: DocumentType
    similarity: float
    first: int  # index of its first row on the page
    rows: tuple[Row, ...]  # without what stands beside it

    @property
    def last(self) -> int:
        """Index of its last row on the page."""
        return self.first + len(self.rows) - 1


def find_title(page: PageRows, *, headed: bool) -> Title | None:
    """Find the title of a paper in the upper part of a page; None on continuing pages.

    Args:
        page: the page as rows.
        headed: whether the page has the national heading; without it a title must stand higher.
    """
    lowest = (_UPPER_PART if headed else _TOP) * page.height
    best: Title | None = None
    for first, row in enumerate(page.rows):
        if row.box.top > lowest or (best and first > best.last):
            break
        if is_annex(row):
            return None
        for title in _titles_at(page, first):
            if best is None or title.weight > best.weight:
                best = title
    if best is None or (_is_attached(page, best) and not (headed and not best.kind.administrative)):
        return None
    return best


def _titles_at(page: PageRows, first: int) -> Iterator[Title]:
    """Yield a title for each document type whose printed title begins at row ``first``."""
    block = _capital_rows(page, first)
    texts = list(accumulate((folded_text(row.text) for row in block), "{} {}".format))
    for kind in DOCUMENT_TYPES:
        for wanted in kind.titles:
            for last, text in enumerate(texts):
                alike = _match(text, wanted, kind)
                if alike >= _ALIKE and not _is_formula(block[last], kind):
                    # Specific before general: a long title matched well beats a short one.
                    weight = alike * math.sqrt(len(wanted))
                    yield Title(weight, kind, alike, first, tuple(block[: last + 1]))


def _match(text: str, wanted: str, kind: DocumentType) -> float:
    """Return the similarity (0-1) of a whole title, or of its beginning where more may follow."""
    if abs(len(text) - len(wanted)) <= 0.2 * len(wanted):
        return similarity(text, wanted, _ALIKE)
    begins = text.startswith(wanted + " ")
    return 0.85 if begins and not kind.administrative and len(wanted) > 12 else 0.0


def _capital_rows(page: PageRows, first: int) -> Sequence[Row]:
    rows: list[Row] = []
    for whole in page.rows[first : first + _LONGEST]:
        row = central_run(whole, page.width)
        if row is None or upper_share(row.text) < _CAPITALS:
            break
        if rows and row.box.top - rows[-1].box.bottom > 1.5 * rows[-1].height:
            break
        rows.append(row)
    return rows


def _is_formula(row: Row, kind: DocumentType) -> bool:
    """Tell whether a row is ``QUYẾT ĐỊNH:``, which opens the articles and is no title."""
    return kind.administrative and row.text.rstrip().endswith(":")


def is_annex(row: Row) -> bool:
    """Tell whether a row is the title of an annex, such as ``PHỤ LỤC I``."""
    return upper_share(row.text) >= _CAPITALS and bool(_ANNEX.match(folded_text(row.text)))


def _is_attached(page: PageRows, title: Title) -> bool:
    """Tell whether ``(Ban hành kèm theo Quyết định …)`` under a title makes it an annex."""
    below = page.rows[title.last + 1 : title.last + 5]
    return any(_ATTACHED.match(folded_text(row.text)) for row in below)

"""Finds secrecy marks; a page with one must not be digitised here (docs/domain.md §3.1, §9.2)."""

from __future__ import annotations

from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.documents.rows import WIDE_GAP, PageOfDossier, Row, Token, make_finding, rows_of
from pipeline.model import Finding

_MARKS = {"tuyet mat": "TUYỆT MẬT", "toi mat": "TỐI MẬT", "mat": "MẬT"}
_UPPER_PART = 0.4  # the box stands in the head
_ALIKE = 0.85


def find_secrecy_mark(numbered: PageOfDossier) -> Finding | None:
    """Return the secrecy mark stamped in the upper part of a page, None without one.

    A false alarm costs less than a secret paper that is shown, so near matches count.
    """
    page = rows_of(numbered)
    for row in page.rows:
        if row.box.top > _UPPER_PART * page.height:
            continue
        for tokens in _phrases(row):
            text = " ".join(token.text for token in tokens)
            for mark, printed in _MARKS.items():
                alike = similarity(folded_text(text), mark)
                if text.isupper() and alike >= (_ALIKE if len(mark) > 3 else 1.0):
                    return make_finding(page, printed, tokens, alike)
    return None


def _phrases(row: Row) -> list[list[Token]]:
    """Split a row at wide gaps: the mark's box stands alone, whatever is beside it."""
    phrases = [[row.tokens[0]]]
    for token in row.tokens[1:]:
        if token.box.left - phrases[-1][-1].box.right > WIDE_GAP * row.height:
            phrases.append([])
        phrases[-1].append(token)
    return phrases

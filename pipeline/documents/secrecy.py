"""Finds secrecy marks; a page with one must not be digitised here (docs/domain.md §3.1, §9.2)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.documents.rows import (
    WIDE_GAP,
    PageOfDossier,
    Row,
    Token,
    lines_of,
    make_finding,
    rows_of,
)
from pipeline.model import Finding

_MARKS = {"tuyet mat": "TUYỆT MẬT", "toi mat": "TỐI MẬT", "mat": "MẬT"}
_UPPER_PART = 0.4  # the box stands in the head
_ALIKE = 0.85
_LONGEST = 40  # characters; a mark has nine, and letters with gaps take twice as many


def find_secrecy_mark(numbered: PageOfDossier) -> Finding | None:
    """Return the secrecy mark stamped in the upper part of a page, None without one.

    A false alarm costs less than a secret paper that is shown, so near matches count.
    """
    # A stamp pressed between words shares their row; its own line says it all the same.
    lines = lines_of(numbered)
    page = rows_of(numbered, bounded=False, lines=lines)  # a mark counts wherever it stands
    for row in (*page.rows, *lines):
        if row.box.top > _UPPER_PART * page.height:
            continue
        for tokens in _phrases(row):
            if found := _mark(tokens):
                return make_finding(page, found[0], tokens, found[1])
    return None


def _mark(tokens: Sequence[Token]) -> tuple[str, float] | None:
    """Return the mark that is all that some words say, and how alike they are."""
    text = " ".join(token.text for token in tokens[: _LONGEST + 1])
    if len(text) > _LONGEST or not text.isupper():
        return None
    for mark, printed in _MARKS.items():
        alike = similarity(folded_text(text), mark)
        if alike >= (_ALIKE if len(mark) > 3 else 1.0):
            return printed, alike
    return None


def _phrases(row: Row) -> list[list[Token]]:
    """Split a row at wide gaps: the mark's box stands alone, whatever is beside it."""
    phrases, wide = [[row.tokens[0]]], WIDE_GAP * row.height
    for token in row.tokens[1:]:
        if token.box.left - phrases[-1][-1].box.right > wide:
            phrases.append([])
        phrases[-1].append(token)
    return phrases

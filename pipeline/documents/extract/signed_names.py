"""Reads a person's name a second time where it stands under a signature.

Capitals lose their marks more often than small letters: of two printed readings of one name on a
paper, which differ in marks alone, the surer one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.documents.extract.labels import cells_of
from pipeline.documents.extract.names import is_name_like, read_name
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.rows import PageRows, Token, make_finding
from pipeline.model import Finding
from pipeline.vietnamese import canonical

_LOWER = 0.45  # share of a page's height below which people sign
_NAMES = ("full_name", "applicant", "subject")


def with_signed_names(
    found: Mapping[str, Finding], pages: Sequence[PageRows]
) -> dict[str, Finding]:
    """Return findings with each name as it was read more surely.

    Args:
        found: the findings of one paper.
        pages: its pages.
    """
    signed = [(page, cell) for page in pages for cell in _cells(page)]
    return {
        name: _surer(finding, signed) if name in _NAMES else finding
        for name, finding in found.items()
    }


def _cells(page: PageRows) -> Iterator[tuple[Token, ...]]:
    for row in page.rows:
        if row.box.top > _LOWER * page.height and ":" not in row.text:
            yield from (cell for cell in cells_of(row.tokens) if _is_name(cell))


def _is_name(cell: Sequence[Token]) -> bool:
    text = " ".join(token.text for token in cell)
    return is_name_like(text) and not text.isupper()


def _surer(finding: Finding, signed: Sequence[tuple[PageRows, tuple[Token, ...]]]) -> Finding:
    for page, cell in signed:
        name = read_name(cell)
        if name is None or folded_text(name.value) != folded_text(finding.value):
            continue
        sure = min(token.confidence for token in cell)
        other = canonical(name.value) != canonical(finding.value)
        if other and not name.doubts and (finding.reasons or sure > finding.confidence):
            read = make_finding(page, name.value, cell, min(sure, finding.confidence))
            return replace(read, reasons=()).doubted("Hai chỗ trên giấy đọc khác dấu.")
    return finding

"""Reads a person's name a second time where it stands under a signature.

Capitals lose their marks more often than small letters: of two printed readings of one name on a
paper, which differ in marks alone, the surer one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.documents.extract.labels import cells_of
from pipeline.documents.extract.names import is_name_like, read_name
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.rows import PageRows, Token, make_finding
from pipeline.model import CERTAIN, DOUBTED, Finding
from pipeline.vietnamese import canonical

_LOWER = 0.45  # share of a page's height below which people sign
_ASIDE = 0.12  # share of a page's width by which a name may stand beside its line
_CLEARLY = 0.1  # by which one reading is surer than another
_SURE = 0.9  # least confidence of the engine from which a name under a signature is believed
_MOST_ROWS = 8  # rows from there to the name
# On a receipt the clerk signs for the office, on a form whoever asks.
_SIGNING = ("nguoi tiep nhan", "nguoi yeu cau", "nguoi ke khai", "nguoi khai", "nguoi de nghi",
            "nguoi lam don", "nguoi viet don")  # fmt: skip
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
        name: _surer(finding, signed, _read_with(finding, pages)) if name in _NAMES else finding
        for name, finding in found.items()
    }


def signer_below(pages: Sequence[PageRows]) -> dict[str, Finding]:
    """Return ``signer`` of a receipt or a form: the name below the line that says who signs.

    Never certain: a stamp or a pen's stroke may lie over it.

    Args:
        pages: the pages of one paper; the last such line counts.
    """
    for page in reversed(pages):
        for at in range(len(page.rows) - 1, -1, -1):
            for head in cells_of(page.rows[at].tokens):
                text = folded_text(" ".join(token.text for token in head))
                signs = any(text.startswith(known) for known in _SIGNING)
                if signs and (name := _name_below(page, at, head)):
                    return {"signer": name}
    return {}


def _name_below(page: PageRows, at: int, head: Sequence[Token]) -> Finding | None:
    axis = _axis(head)
    for row in page.rows[at + 1 : at + 1 + _MOST_ROWS]:
        for cell in cells_of(row.tokens):
            near = abs(_axis(cell) - axis) < _ASIDE * page.width
            if near and _is_name(cell) and (name := read_name(cell)):
                sure = min(token.confidence for token in cell)
                found = make_finding(page, name.value, cell, min(sure, CERTAIN - 0.1))
                return found.doubted(*name.doubts)
    return None


def _axis(cell: Sequence[Token]) -> float:
    return (cell[0].box.left + cell[-1].box.right) / 2


def _cells(page: PageRows) -> Iterator[tuple[Token, ...]]:
    for row in page.rows:
        if row.box.top > _LOWER * page.height and ":" not in row.text:
            yield from (cell for cell in cells_of(row.tokens) if _is_name(cell))


def _is_name(cell: Sequence[Token]) -> bool:
    text = " ".join(token.text for token in cell)
    return is_name_like(text) and not text.isupper()


def _read_with(finding: Finding, pages: Sequence[PageRows]) -> float:
    """Return the least confidence of a name's words as they were read; 1 where they are not found.

    The finding's own is lower where people filled it in, however well it was read.
    """
    words = finding.raw.split()
    for page in pages:
        for row in page.rows:
            texts = [token.text for token in row.tokens]
            for at in range(len(texts) - len(words) + 1):
                if texts[at : at + len(words)] == words:
                    return min(token.confidence for token in row.tokens[at : at + len(words)])
    return 1.0


def _surer(
    finding: Finding, signed: Sequence[tuple[PageRows, tuple[Token, ...]]], read_with: float
) -> Finding:
    for page, cell in signed:
        name = read_name(cell)
        if name is None or folded_text(name.value) != folded_text(finding.value):
            continue
        sure = min(token.confidence for token in cell)
        if canonical(name.value) == canonical(finding.value):
            return finding
        # What stands at DOUBTED was read well, and is doubted because people filled it in.
        worse = finding.reasons or finding.confidence < min(sure, DOUBTED)
        worse = worse or (read_with < sure - _CLEARLY and sure >= _SURE)
        if worse and not name.doubts:
            finding = make_finding(page, name.value, cell, min(sure, finding.confidence))
        return finding.doubted("Hai chỗ trên giấy đọc khác dấu.")
    return finding

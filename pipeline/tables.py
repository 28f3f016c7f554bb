"""Writes and reads tables (CSV, RFC 4180) that no spreadsheet takes for formulas.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``, of full width as well, and
where cells begin depends on its separator, which is the semicolon where the comma is decimal.
So every cell is quoted, and a formula letter behind any separator gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from pipeline.plain_text import one_line

_MARK = "'"  # spreadsheets show what follows it as text
# Blanks, quotes and apostrophes may stand between a separator and the formula.
_FORMULA = r"""(?=[\s"'“”‘’]*[=+\-@＝＋－＠﹢﹣﹦﹫−])"""
_UNMARKED = re.compile(rf"(?:^|(?<=[;,\t|\n])){_FORMULA}")
_MARKED = re.compile(rf"(?:^|(?<=[;,\t|\n])){_MARK}{_FORMULA}")


def table_row(cells: Sequence[str]) -> str:
    """Return a row of a table, its line end included.

    Control characters, and others that nobody sees, are replaced; line breaks become blanks.
    """
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([_text(one_line(cell)) for cell in cells])
    return line.getvalue()


def table_rows(content: str) -> list[list[str]]:
    """Return the rows of a table as they were given to ``table_row``, whoever saved it since."""
    rows = csv.reader(io.StringIO(content, newline=""))
    return [[_MARKED.sub("", cell) for cell in row] for row in rows]


def _text(cell: str) -> str:
    return _UNMARKED.sub(_MARK, cell)

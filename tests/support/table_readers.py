"""Reads tables as spreadsheets do, which believe in one separator or another."""

from __future__ import annotations

import csv
import io

FORMULA = tuple("=+-@＝＋－＠")
SEPARATORS = (",", ";", "\t", "|")
HIDING = ' \t\r\n\u00a0"'  # what a spreadsheet may drop before it looks at a cell


def cells_by_every_separator(table: str) -> list[str]:
    """Return the cells that readers find who believe in this or that separator and in quotes."""
    cells = []
    for separator in SEPARATORS:
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            stream = io.StringIO(table, newline="")
            for row in csv.reader(stream, delimiter=separator, quoting=quoting):
                cells += row
    return cells


def formulas(table: str) -> list[str]:
    """Return the cells that begin with a formula; one that is marked with ``'`` is text."""
    cells = [cell.strip('"').lstrip(HIDING) for cell in cells_by_every_separator(table)]
    return [cell for cell in cells if cell.startswith(FORMULA)]

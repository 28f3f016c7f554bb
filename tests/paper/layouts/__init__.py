"""The papers of a dossier, each a function from a case to sheets.

Letters are those of docs/domain.md §11: A named papers, B official letters, C certificates of
civil status, F forms, G receipts; ``blank`` is a back side, ``continuation`` the second page of a
long paper.
"""

from __future__ import annotations

from random import Random

from tests.paper.cases import Case
from tests.paper.fonts import Typeface
from tests.paper.layouts.civil import certificate
from tests.paper.layouts.forms import form
from tests.paper.layouts.office import named_paper, official_letter
from tests.paper.layouts.receipts import receipt
from tests.paper.sheet import Sheet

LAYOUTS = ("A", "B", "C", "F", "G", "continuation", "blank")


def lay_out(layout: str, case: Case, random: Random, face: Typeface) -> Sheet:
    """Lay out one page.

    Raises:
        KeyError: no such layout.
    """
    if layout == "blank":
        return Sheet(face, "blank")
    if layout == "continuation":
        return named_paper(case, random, face, pages=2)[1]
    write = {
        "A": named_paper,
        "B": official_letter,
        "C": certificate,
        "F": form,
        "G": receipt,
    }[layout]
    return write(case, random, face)[0]


__all__ = ["LAYOUTS", "certificate", "form", "lay_out", "named_paper", "official_letter", "receipt"]

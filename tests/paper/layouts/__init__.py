"""The papers of a dossier, each a function from a case to sheets.

Letters are those of docs/domain.md §11: A named papers, B official letters, C certificates of
civil status, D identity cards, E land titles, F forms, G receipts, H contracts, I form CT01, J
annexes; ``blank`` is a back side, ``continuation`` the second page of a long paper.
"""

from __future__ import annotations

from random import Random

from tests.paper.cases import Case
from tests.paper.fonts import Typeface
from tests.paper.layouts.civil import certificate
from tests.paper.layouts.deeds import annex, contract
from tests.paper.layouts.forms import form
from tests.paper.layouts.office import named_paper, official_letter
from tests.paper.layouts.personal import identity_card, land_title, residence_form
from tests.paper.layouts.receipts import receipt
from tests.paper.sheet import Sheet

LAYOUTS = ("A", "B", "C", "F", "G", "continuation", "blank")
PERSONAL_LAYOUTS = ("D", "E", "H", "I", "J")  # beside those, so that older seeds draw the same


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
        "D": identity_card,
        "E": land_title,
        "F": form,
        "G": receipt,
        "H": contract,
        "I": residence_form,
        "J": annex,
    }[layout]
    return write(case, random, face)[0]


__all__ = [
    "LAYOUTS",
    "PERSONAL_LAYOUTS",
    "certificate",
    "form",
    "lay_out",
    "named_paper",
    "official_letter",
    "receipt",
]

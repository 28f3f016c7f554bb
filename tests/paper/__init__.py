"""The maker of synthetic dossiers: Vietnamese office paper that is nobody's, with its truth.

``make_dossiers`` makes what a clerk drops, ``draw_page`` and ``degrade`` single pages, ``broken``
files that must be refused. Everything follows from a seed; every printed page says
«MẪU – DỮ LIỆU GIẢ LẬP».
"""

from __future__ import annotations

from tests.paper import broken
from tests.paper.degrade import degrade
from tests.paper.dossiers import make_dossiers
from tests.paper.files import save_digital, save_mixed, save_pdf, save_picture, save_tiff
from tests.paper.fonts import missing_letters, typeface, vietnamese_letters
from tests.paper.layouts import LAYOUTS, PERSONAL_LAYOUTS
from tests.paper.picture import DrawnPage
from tests.paper.press import draw_page, make_pages, make_pile, save_born_digital
from tests.paper.truth import (
    STAMP,
    Degradation,
    DocumentTruth,
    DossierTruth,
    FieldTruth,
    PageTruth,
    WordTruth,
)

__all__ = [
    "LAYOUTS",
    "PERSONAL_LAYOUTS",
    "STAMP",
    "Degradation",
    "DocumentTruth",
    "DossierTruth",
    "DrawnPage",
    "FieldTruth",
    "PageTruth",
    "WordTruth",
    "broken",
    "degrade",
    "draw_page",
    "make_dossiers",
    "make_pages",
    "make_pile",
    "missing_letters",
    "save_born_digital",
    "save_digital",
    "save_mixed",
    "save_pdf",
    "save_picture",
    "save_tiff",
    "typeface",
    "vietnamese_letters",
]

"""Pages as a perfect reader would return them: the words and boxes that ``tests.paper`` drew."""

from __future__ import annotations

from itertools import groupby

from pipeline.documents import PageOfDossier
from pipeline.model import Line, Page, PageMeasures, PageState, PageText, Source, Word
from tests.paper.truth import PageTruth


def page_of(truth: PageTruth, number: int = 1, *, confidence: float = 0.96) -> PageOfDossier:
    """Return a drawn page with all its words read right, each with the same confidence."""
    lines = tuple(
        Line(tuple(Word(word.text, confidence, word.box) for word in words))
        for _, words in groupby(truth.words, key=lambda word: word.line)
    )
    state = PageState.READ if lines else PageState.BLANK
    measures = PageMeasures(truth.width, truth.height, float(truth.dpi), blank=not lines)
    return PageOfDossier(number, Page(number, state, measures, PageText(lines), source=Source.OCR))

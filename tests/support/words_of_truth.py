"""Pages as an engine would have read them, made from what is true of drawn paper."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.model import Line, Page, PageMeasures, PageState, PageText, Source, Word
from tests.paper.truth import PageTruth


def page_of_truth(
    truth: PageTruth,
    *,
    read: Mapping[str, str] | None = None,
    confidence: float = 0.96,
    source: Source = Source.OCR,
) -> Page:
    """Return a page with the words of a truth.

    Args:
        truth: what is printed; handwriting is not in it.
        read: printed word -> the word that was read instead.
        confidence: of every word.
        source: where the words come from.
    """
    others = read or {}
    lines: dict[int, list[Word]] = {}
    for word in truth.words:
        text = others.get(word.text, word.text)
        lines.setdefault(word.line, []).append(Word(text, confidence, word.box))
    whole = PageText(tuple(Line(tuple(words)) for words in lines.values()))
    worn = truth.degradation
    measures = PageMeasures(truth.width, truth.height, truth.dpi, worn.rotation, worn.skew)
    return Page(1, PageState.READ, measures, whole, source=source)

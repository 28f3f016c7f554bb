"""Compares our reading of a page with the text layer that another OCR program left on it.

Its words are no more certain than ours of the same place. They count only where ours are no word
of the language and theirs are, and only when the layer as a whole reads like Vietnamese: poor
programs lose marks, or write what merely looks like them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocr.page.layer_lines import Verdict, verdict_on
from pipeline.model import CERTAIN, Line, PageText, Word
from pipeline.vietnamese import TokenKind, fold, is_attested, parse_word

_CAP = CERTAIN - 0.05  # what two programs read differently makes no finding certain
_POOR = 0.1  # share of a layer's syllables that were never counted, from which it is not asked
_UNSURE = 0.85  # confidence below which a word of ours may be outdone
_MOST = 5_000  # words of theirs that are looked at; a page of print has some hundred
_ALIKE = 1  # letters without marks by which the two readings of one word may differ


def with_better_words(own: PageText, others: PageText) -> PageText:
    """Return our reading with the words that another program read better.

    Args:
        own: our reading.
        others: the other program's, boxes in the same pixels.
    """
    if not own.lines or not _is_good(others):
        return own
    words = others.words[:_MOST]
    return PageText(tuple(_better(line, words) for line in own.lines))


def _is_good(text: PageText) -> bool:
    if verdict_on([word.text for word in text.words]) is not Verdict.LANGUAGE:
        return False
    parsed = [parse_word(word.text) for word in text.words]
    syllables = [each.syllable for each in parsed if each.kind is TokenKind.SYLLABLE]
    poor = sum(not is_attested(each) for each in syllables)
    return poor < _POOR * len(syllables)


def _better(line: Line, others: Sequence[Word]) -> Line:
    if not any(map(_is_doubtful, line.words)):
        return line
    return Line(tuple(_better_word(word, others) for word in line.words))


def _better_word(word: Word, others: Sequence[Word]) -> Word:
    """Return the other program's word in the place of a doubtful one of ours, if it is better."""
    if not _is_doubtful(word):
        return word
    x, y = word.box.left + word.box.width // 2, word.box.top + word.box.height // 2
    for other in others:
        box = other.box
        here = box.left <= x < box.right and box.top <= y < box.bottom
        if here and is_attested(parse_word(other.text).syllable) and _are_alike(word, other):
            confidence = min(word.confidence, _CAP)
            return Word(other.text, confidence, word.box, raw=word.raw or word.text)
    return word


def _is_doubtful(word: Word) -> bool:
    """Tell whether a word of ours is no word of the language, and not surely read either."""
    parsed = parse_word(word.text)
    is_letters = parsed.kind is TokenKind.SYLLABLE and len(parsed.core) > 1
    return is_letters and word.confidence < _UNSURE and not is_attested(parsed.syllable)


def _are_alike(word: Word, other: Word) -> bool:
    one, two = fold(parse_word(word.text).core), fold(parse_word(other.text).core)
    if len(one) != len(two):
        return False
    return sum(a != b for a, b in zip(one, two, strict=True)) <= _ALIKE

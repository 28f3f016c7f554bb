"""Decides line by line whether the words of a PDF text layer are words of a language.

What the statistics of Vietnamese syllables know counts at once; lines in fonts of the time before
Unicode are converted; words whose letters stand apart are joined. Other lines are doubted: whether
they are what is printed can only be seen (``ocr.page.layer_proof``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from ocr.page.spaced_letters import join_letters, rows_of_letters
from pipeline.model import Line, PageText, Word
from pipeline.vietnamese import (
    LETTERS,
    ParsedWord,
    TokenKind,
    can_be_spelled,
    converted,
    has_mark,
    is_attested,
    is_legal,
    parse_word,
)

_CONVERTED = 0.9  # confidence of what was converted from an old font
_KNOWN = 0.6  # share of a line's letters in attested syllables, from which it is Vietnamese
_ODD = 0.15  # share of its letters that Vietnamese writing lacks, from which a line is doubted
_MARKED = 0.3  # share of the words of a Vietnamese line that have marks, at least
_MOSTLY = 0.5  # share of the words of a page in private codes from which its fonts have them
_FEW = 4  # words; a shorter line may be without marks
_WORDS = 8_192  # whose facts are kept: papers share most of their words
_LONGEST_SHORT = 6  # letters of an abbreviation: UBMTTQ
_DIRTY = 3  # letters that a sign inside a word counts for
_DIRT = frozenset(
    "§¬®©¢£¥¦¨¯¶¸¹º»¼½¾¿¡ªµ×÷\ufffd¤·"
)  # what old fonts and bad layers write inside words
_TONE_APART = re.compile("[aeiouyăâêôơư][´`~]")  # said behind its vowel, as a sign of its own
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")  # signs that no script has
_SOFT_HYPHEN = "\u00ad"  # where a word may be parted; ư in TCVN3


class Verdict(Enum):
    """What the words of a line are."""

    LANGUAGE = auto()
    NEUTRAL = auto()  # figures, codes, names: no proof for or against
    FOREIGN = auto()  # of letters that Vietnamese papers use: another language, or lost marks
    ODD = auto()  # letters that no Vietnamese paper has


class JudgedLine(NamedTuple):
    """A line of a text layer as it would be taken, and what its words are."""

    line: Line
    verdict: Verdict


class _Facts(NamedTuple):
    """What a word says for or against the language of its line."""

    letters: int
    odd: int  # letters and signs that Vietnamese writing lacks
    is_spelled: bool  # of letters, and no abbreviation
    length: int
    has_mark: bool
    is_known: bool


def judged_lines(layer: PageText) -> list[JudgedLine]:
    """Return the lines of a text layer, their words in Unicode and whole, each with its verdict.

    Args:
        layer: the text that is seen, boxes in pixels of the raster.
    """
    are_letters = _has_private_letters(layer)
    lines = [
        Line(tuple(join_letters(words if are_letters else list(_without_bullets(words)))))
        for line in rows_of_letters(layer.lines)
        if (words := _legible(line.words))
    ]
    judged = [JudgedLine(line, _verdict(line)) for line in lines]
    in_old_fonts = [
        None if verdict is Verdict.LANGUAGE else _in_unicode(line, known=False)
        for line, verdict in judged
    ]
    if any(in_old_fonts):
        judged = [
            JudgedLine(mended, _verdict(mended)) if mended else each
            for each, new in zip(judged, in_old_fonts, strict=True)
            for mended in [new or _in_unicode(each.line, known=True)]
        ]
    return [JudgedLine(_without_soft_hyphens(line), verdict) for line, verdict in judged]


def _verdict(line: Line) -> Verdict:
    return verdict_on([word.text for word in line.words])


def bullets(layer: PageText) -> list[Word]:
    """Return the words of one sign that no script has: bullets of lists, boxes to tick.

    Not where letters of a font have such codes: there one sign is a letter or a figure.
    """
    private = [word for word in layer.words if not _legible([word])]
    if len(private) > _MOSTLY * len(layer.words):
        return [] if any(len(word.text) > 1 for word in private) else private
    return [word for line in layer.lines for word in _bullets_of(line)]


def _bullets_of(line: Line) -> list[Word]:
    private = [word for word in line.words if not _legible([word])]
    is_writing = any(len(word.text) > 1 for word in private) or (
        len(private) > _FEW and len(private) == len(line.words)
    )
    return [] if is_writing else private


def verdict_on(words: Sequence[str]) -> Verdict:
    """Return what the words of a line are, in NFC."""
    if any(map(_has_private_letter, words)):
        return Verdict.ODD
    letters = known = spelled = odd = 0
    marks: list[bool] = []  # whether each word of letters has marks
    for facts in map(_facts, words):
        letters += facts.letters
        odd += facts.odd
        if facts.is_spelled:
            marks.append(facts.has_mark)
            spelled += facts.length
            known += facts.length * facts.is_known
    if odd > _ODD * letters:
        return Verdict.ODD
    if known < _KNOWN * spelled or (len(marks) >= _FEW and sum(marks) < _MARKED * len(marks)):
        return Verdict.FOREIGN
    return Verdict.LANGUAGE if any(marks) else Verdict.NEUTRAL


@lru_cache(_WORDS)
def _facts(word: str) -> _Facts:
    parsed = parse_word(word.replace(_SOFT_HYPHEN, ""))
    core = parsed.core
    return _Facts(
        letters=sum(map(str.isalpha, core)),
        odd=sum(map(_is_odd, core)) + _DIRTY * _has_dirt(core),
        is_spelled=core.isalpha() and not _is_short(core),
        length=len(core),
        has_mark=has_mark(core),
        is_known=_is_known(parsed),
    )


def _is_known(word: ParsedWord) -> bool:
    """Tell whether a word is a Vietnamese one, or a name that could be one."""
    if word.kind is not TokenKind.SYLLABLE:
        return False
    return is_attested(word.syllable) or (has_mark(word.core) and is_legal(word.syllable))


def _legible(words: Sequence[Word]) -> list[Word]:
    """Return the words without those of signs that no script has, such as bullets of Wingdings."""
    return [word for word in words if not all(map(_is_private, word.text))]


def _has_private_letter(word: str) -> bool:
    """Tell whether a word is written with signs that no script has, among others."""
    return _PRIVATE.search(word) is not None and not all(map(_is_private, word))


def _has_private_letters(layer: PageText) -> bool:
    """Tell whether such signs stand inside words: then none at a word's head is a bullet."""
    inside = (word.text for word in layer.words if _PRIVATE.search(word.text, 1))
    return any(not all(map(_is_private, text)) for text in inside)


def _without_bullets(words: Sequence[Word]) -> Iterator[Word]:
    """Yield the words of a line without the bullets and boxes at their heads."""
    for at, word in enumerate(words):
        rest = word.text[1:]
        is_bullet = _is_private(word.text[0]) and (at == 0 or not rest[:1].islower())
        yield replace(word, text=rest) if is_bullet and rest else word


def _without_soft_hyphens(line: Line) -> Line:
    if not any(_SOFT_HYPHEN in word.text for word in line.words):
        return line
    words = (replace(each, text=each.text.replace(_SOFT_HYPHEN, "")) for each in line.words)
    return Line(tuple(each for each in words if each.text))


def _is_private(char: str) -> bool:
    return _PRIVATE.match(char) is not None


def _is_odd(char: str) -> bool:
    return _is_private(char) or (char.isalpha() and char.casefold() not in LETTERS)


def _has_dirt(core: str) -> bool:
    is_dirty = not _DIRT.isdisjoint(core) or _TONE_APART.search(core.casefold())
    return any(map(str.isalpha, core)) and bool(is_dirty)


def _is_short(core: str) -> bool:
    """Tell whether a word may be an abbreviation: CVP, TP, PCT."""
    is_bare = core.isupper() and core.isascii() and len(core) <= _LONGEST_SHORT
    return is_bare and not can_be_spelled(core.casefold())


def _in_unicode(line: Line, *, known: bool) -> Line | None:
    """Return a line in Unicode when it is in an old font."""
    new = converted([word.text for word in line.words], known=known)
    if new is None:
        return None
    return Line(
        tuple(
            word
            if text == word.text
            else replace(word, text=text, confidence=_CONVERTED, raw=word.raw or word.text)
            for word, text in zip(line.words, new, strict=True)
        )
    )

"""Votes between several readings of one word: what was read, and what other networks say of it.

Which words are worth asking for again, and which reading wins: the one that costs the least letters
against all readings, each weighed by its confidence, and stands likeliest between its neighbours
(syllable bigrams). What may be a person's name is decided by the readings alone, because names were
cut out before counting. Figures, codes and Roman numerals are never asked for and never changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from pipeline.vietnamese.candidates import reading_cost
from pipeline.vietnamese.correction import possible_names
from pipeline.vietnamese.language_model import NUMBER, UNKNOWN, LanguageModel, language_model
from pipeline.vietnamese.page_words import WordReading
from pipeline.vietnamese.spelling import (
    ParsedWord,
    TokenKind,
    is_abbreviation,
    match_case,
    parse_word,
)
from pipeline.vietnamese.text import fold

_SURE = 0.9  # confidence from which a word needs no second opinion
_UNLIKELY = -12.0  # natural log of a word's likelier pair with a neighbour, below which it does
_SHORTEST = 2  # letters: single ones mark lists
_LEAST = 0.6  # confidence from which another reading counts
_LEAST_OF_NAMES = 0.8  # … of a name, which all others must read alike
_MARGIN = 2.0  # natural log by which another reading must be likelier than what was read
_LIGHTEST = 0.3  # confidence that a reading counts with at least
_OTHER_LENGTH, _EDIT = 2.0, 4.0  # cost of a reading with more or fewer letters, of each of them
_SYMBOL = 1e-5  # probability of a code or a foreign word
_ROMAN = re.compile("[IVXLCDM]+")

Place = tuple[int, int]  # index of the line and of the word in it


class Reading(NamedTuple):
    """A word, with its punctuation, as one reader read it."""

    text: str
    confidence: float  # 0-1


class Doubt(NamedTuple):
    """A word that is worth a second opinion."""

    text: str  # as it stands now, corrected or not
    read: Reading  # as it was read
    before: str  # the word before it in its line; empty for none
    after: str
    is_name: bool  # it may be part of a person's name


def doubtful_words(
    lines: Sequence[Sequence[Reading]], read: Sequence[Sequence[Reading]]
) -> dict[Place, Doubt]:
    """Return the words of a page that may have been misread, those read least surely first.

    A word is doubtful when its syllable is not attested, when it was not read surely, or when it
    is unlikely beside both neighbours while other syllables have the same letters.

    Args:
        lines: the words as they stand now, after correction.
        read: the same words as they were read.
    """
    model = language_model()
    names = possible_names([[WordReading(word.text) for word in line] for line in lines])
    found: dict[Place, Doubt] = {}
    for row, line in enumerate(lines):
        for at, word in enumerate(line):
            before = line[at - 1].text if at else ""
            after = line[at + 1].text if at + 1 < len(line) else ""
            if _is_doubtful(model, word, before, after):
                named = (row, at) in names
                found[row, at] = Doubt(word.text, read[row][at], before, after, named)
    return dict(sorted(found.items(), key=lambda item: item[1].read.confidence))


def voted(doubt: Doubt, others: Sequence[Reading]) -> str:
    """Return what a doubtful word becomes by vote, with its punctuation; empty: it stays.

    Args:
        doubt: the word.
        others: the readings of others in its place.
    """
    model, word = language_model(), parse_word(doubt.text)
    least = _LEAST_OF_NAMES if doubt.is_name else _LEAST
    told = [(parse_word(one.text), one.confidence) for one in others if one.confidence >= least]
    told = [(one, sure) for one, sure in told if _can_be_asked(one)]
    cores = {one.core for one, _ in told}
    if doubt.is_name and (len(cores) != 1 or len(told) < max(2, len(others))):
        return ""  # no neighbours speak for a name, so one reading against another is not enough
    if doubt.read.confidence < _SURE and _all_sure(told) and len(cores) == 1:
        core = cores.pop()
        if core != word.core and core.casefold() == word.core.casefold():
            return word.lead + core + word.tail  # a capital or none: both saw it
    chosen = _likeliest(model, doubt, word, told)
    return word.lead + match_case(chosen, word.core) + word.tail if chosen else ""


_Told = Sequence[tuple[ParsedWord, float]]  # what other readers read, and how surely


def _likeliest(model: LanguageModel, doubt: Doubt, word: ParsedWord, told: _Told) -> str:
    """Return the syllable that is likelier by a margin than the present one; else nothing."""
    own, first = word.syllable, parse_word(doubt.read.text)
    times = Counter(one.syllable for one, _ in told)
    # Both may read what is no syllable (an abbreviation) where ours cannot be one either.
    agreed = {text for text, count in times.items() if count > 1 and not model.is_legal(own)}
    readings = {one.syllable: 0.0 for one, _ in told if model.is_attested(one.syllable)}
    candidates = {own, *readings, *agreed}
    if len(candidates) == 1:
        return ""
    said = [(one.syllable, sure) for one, sure in told]
    if first.kind is TokenKind.SYLLABLE:
        said.append((first.syllable, doubt.read.confidence))

    def score(text: str) -> float:
        context = 0.0 if doubt.is_name else _context(model, doubt, word, text)
        return context - sum(_cost(text, read) * max(_LIGHTEST, sure) for read, sure in said)

    best = max(sorted(candidates), key=score)
    return best if best != own and score(best) - score(own) >= _MARGIN else ""


def _is_doubtful(model: LanguageModel, word: Reading, before: str, after: str) -> bool:
    parsed = parse_word(word.text)
    if not _can_be_asked(parsed):
        return False
    if word.confidence < _SURE or not model.is_attested(parsed.syllable):
        return True
    if len(model.with_letters(fold(parsed.syllable))) < 2:
        return False
    pairs = [_pair(model, parse_word(before), parsed)] if before else []
    pairs += [_pair(model, parsed, parse_word(after))] if after else []
    return bool(pairs) and max(pairs) < _UNLIKELY


def _can_be_asked(word: ParsedWord) -> bool:
    """Tell whether a word is letters of Vietnamese: no figure, no code, no Roman numeral."""
    is_word = word.kind is TokenKind.SYLLABLE and len(word.core) >= _SHORTEST
    return is_word and not _ROMAN.fullmatch(word.core) and not is_abbreviation(word.core)


def _all_sure(told: _Told) -> bool:
    return len(told) > 1 and all(sure >= _SURE for _, sure in told)


def _context(model: LanguageModel, doubt: Doubt, word: ParsedWord, text: str) -> float:
    """Return the log probability of a syllable between the neighbours of a word.

    Punctuation between two words parts them.
    """
    here, before, after = parse_word(text), parse_word(doubt.before), parse_word(doubt.after)
    if doubt.before and not before.tail and not word.lead:
        score = _pair(model, before, here)
    else:
        score = model.log_bigram(UNKNOWN, _number(model, here), _unigram(model, here))
    if doubt.after and not word.tail and not after.lead:
        score += _pair(model, here, after)
    return score


def _pair(model: LanguageModel, left: ParsedWord, right: ParsedWord) -> float:
    return model.log_bigram(_number(model, left), _number(model, right), _unigram(model, right))


def _number(model: LanguageModel, word: ParsedWord) -> int:
    return NUMBER if word.kind is TokenKind.NUMBER else model.number(word.syllable)


def _unigram(model: LanguageModel, word: ParsedWord) -> float:
    if word.kind is TokenKind.SYLLABLE:
        return model.unigram(word.syllable)
    return model.frequency(NUMBER) if word.kind is TokenKind.NUMBER else _SYMBOL


def _cost(text: str, read: str) -> float:
    """Return what it costs that a reader read another syllable than the one that stands there."""
    if text == read:
        return 0.0
    if len(text) == len(read):
        return reading_cost(read, text)
    blocks = SequenceMatcher(None, text, read, autojunk=False).get_matching_blocks()
    kept = sum(block.size for block in blocks)
    return _OTHER_LENGTH + _EDIT * (max(len(text), len(read)) - kept)

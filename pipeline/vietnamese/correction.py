"""Corrects misread syllables from spelling rules, neighbouring words and the page picture.

The likeliest path through the candidates of all words (Viterbi) decides. A syllable that cannot
exist is changed when the path says so; one that can exist only when neighbours and picture speak
strongly against it. Numbers, codes, foreign words and what may be a person's name are never
changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.vietnamese.candidates import Candidate, candidates, has_alternatives
from pipeline.vietnamese.language_model import UNKNOWN, LanguageModel, language_model
from pipeline.vietnamese.page_words import (
    PLACE_NAME,
    PageWord,
    WordReading,
    may_be_name,
    page_words_of,
)
from pipeline.vietnamese.spelling import (
    ParsedWord,
    TokenKind,
    is_abbreviation,
    match_case,
)
from pipeline.vietnamese.text import has_mark
from pipeline.vietnamese.viterbi import Link, PathState, Step, best_path_scores

_UNCHANGED = 0.05  # cost of what was read: ties change nothing
_SYMBOL = 1e-5  # probability of a code or a foreign word
_SHORTEST = 2  # letters: single ones mark lists
_FEW = 5  # pairs: so often are misprints counted
_USUAL = 1_000  # pairs that make a word of a heading: GIÁM ĐỐC, VĂN PHÒNG
_UNHEARD = 100  # … where what was read was never counted beside its neighbours: GIẦY KHAI SINH
_POST = 500  # pairs of a capitalised word and the post after it: Phó Chủ tịch
# Natural logs by which the path must be likelier than the one that keeps what was read.
_ILLEGAL, _UNSEEN, _ATTESTED = 0.0, 1.0, 5.0
_SUPPORTED = 3.0  # less for attested syllables when the picture supports the other
_CAPITALS = 3.0  # more for attested syllables in capitals, which may be names


def repair(lines: Sequence[Sequence[WordReading]]) -> dict[tuple[int, int], str]:
    """Return the corrected text of misread words, by index of the line and of the word in it.

    Args:
        lines: the page's words as read, in reading order, line by line.
    """
    model = language_model()
    words = list(page_words_of(model, lines))
    others = [_others(model, words, at) for at in range(len(words))]
    changed = {}
    for start, end in _stretches(others):
        steps = [_step(model, words[at], others[at]) for at in range(start, end)]
        for at, scores in zip(range(start, end), best_path_scores(model, steps), strict=True):
            word, best = words[at], max(range(len(scores)), key=scores.__getitem__)
            if best and scores[best] - scores[0] >= _margin(model, word, others[at][best - 1]):
                text = match_case(others[at][best - 1].syllable, word.parsed.core)
                changed[word.line, word.position] = word.parsed.lead + text + word.parsed.tail
    return changed


def possible_names(lines: Sequence[Sequence[WordReading]]) -> set[tuple[int, int]]:
    """Return which words may be parts of persons' names, by index of the line and of the word.

    Args:
        lines: the page's words, in reading order, line by line.
    """
    model = language_model()
    words = list(page_words_of(model, lines))
    return {
        (word.line, word.position) for at, word in enumerate(words) if may_be_name(model, words, at)
    }


def _stretches(others: Sequence[Sequence[Candidate]]) -> Iterator[tuple[int, int]]:
    """Yield the index ranges of adjacent words with candidates, one word of context on both sides.

    Paths before a word without candidates do not depend on those behind it.
    """
    start = None
    for at, more in enumerate([*others, []]):
        if more and start is None:
            start = at
        elif not more and start is not None:
            yield max(start - 1, 0), min(at + 1, len(others))
            start = None


def _others(model: LanguageModel, words: Sequence[PageWord], at: int) -> list[Candidate]:
    """Return the other candidates for a word; none for what is never corrected."""
    word = words[at]
    before = words[at - 1] if word.link is not Link.EDGE else None
    joined = at + 1 < len(words) and words[at + 1].link is not Link.EDGE
    after = words[at + 1] if joined else None
    if not _may_change(model, word.parsed):
        return []
    usual = model.is_attested(word.parsed.syllable) and _is_usual(model, word, before, after)
    if usual and not has_alternatives(word.choices):
        return []
    others = candidates(model, word.parsed.syllable, word.choices)
    if may_be_name(model, words, at):
        return [other for other in others if _is_no_person(model, word, other, before, after)]
    if not usual and (word.parsed.core.islower() or not model.is_legal(word.parsed.syllable)):
        return others
    beside = _alike(word, before, after)
    least = _UNHEARD if _paired(model, _read(word), before, after) == 0 else _USUAL
    if word.parsed.core.istitle():
        least = _USUAL
    return [
        other
        for other in others
        if other.supported or (not usual and _paired(model, other, *beside) >= least)
    ]


def _read(word: PageWord) -> Candidate:
    return Candidate(word.parsed.syllable, 0.0, supported=True)


def _alike(
    word: PageWord, before: PageWord | None, after: PageWord | None
) -> tuple[PageWord | None, PageWord | None]:
    """Return the neighbours that prove a word with capitals: of a heading, or Kê before hoạch."""
    if word.parsed.core.istitle():
        return None, after if after and after.parsed.core.islower() else None
    upper = [near if near and near.parsed.core.isupper() else None for near in (before, after)]
    return upper[0], upper[1]


def _may_change(model: LanguageModel, word: ParsedWord) -> bool:
    core = word.core
    if word.kind is not TokenKind.SYLLABLE or len(core) < _SHORTEST:
        return False
    if is_abbreviation(core):
        return False
    if core.isupper():  # unmarked capitals that are no syllable: an abbreviation
        return has_mark(core) or model.is_legal(word.syllable)
    return core.islower() or core.istitle()


def _is_no_person(
    model: LanguageModel,
    word: PageWord,
    other: Candidate,
    before: PageWord | None,
    after: PageWord | None,
) -> bool:
    """Tell whether capitalised words side by side are a name, but surely no person's, or none.

    Persons' names were cut out before counting; places and agencies are there, in great numbers,
    and so are posts: Phó Chú tịch.
    """
    if not model.is_legal(word.parsed.syllable):
        return _paired(model, other, before, after) >= PLACE_NAME
    if not before or not after or not after.parsed.core.islower():
        return False
    number = model.number(other.syllable)
    beside = model.bigram_count(before.number, number), model.bigram_count(number, after.number)
    unheard = _paired(model, _read(word), before, after) == 0
    return unheard and beside[0] >= _POST and beside[1] >= _USUAL


def _paired(
    model: LanguageModel, other: Candidate, before: PageWord | None, after: PageWord | None
) -> int:
    """Return how often a candidate was counted beside one of its neighbours."""
    number = model.number(other.syllable)
    counts = [model.bigram_count(before.number, number)] if before else []
    counts += [model.bigram_count(number, after.number)] if after else []
    return max(counts, default=0)


def _is_usual(
    model: LanguageModel, word: PageWord, before: PageWord | None, after: PageWord | None
) -> bool:
    """Tell whether a word was counted more than a few times beside each of its neighbours."""
    counted = [(before.number, word.number)] if before else []
    counted += [(word.number, after.number)] if after else []
    return all(model.bigram_count(*pair) > _FEW for pair in counted)


def _step(model: LanguageModel, word: PageWord, others: Sequence[Candidate]) -> Step:
    read = PathState(word.number, _SYMBOL, 0.0)
    if word.parsed.kind is TokenKind.SYLLABLE:
        read = PathState(word.number, model.unigram(word.parsed.syllable), _UNCHANGED)
    elif word.number != UNKNOWN:
        read = PathState(word.number, model.frequency(word.number), 0.0)
    return Step(word.link, [read, *(_state(model, other) for other in others)])


def _state(model: LanguageModel, other: Candidate) -> PathState:
    return PathState(model.number(other.syllable), model.unigram(other.syllable), other.cost)


def _margin(model: LanguageModel, word: PageWord, other: Candidate) -> float:
    """Return by how much the path must be likelier to change a word into another."""
    read = word.parsed
    if not model.is_legal(read.syllable):
        return _ILLEGAL
    margin = _ATTESTED if model.is_attested(read.syllable) else _UNSEEN
    if other.supported and margin > _UNSEEN:
        margin -= _SUPPORTED
    return margin if read.core.islower() else margin + _CAPITALS

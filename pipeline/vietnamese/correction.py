"""Corrects misread syllables from spelling rules, neighbouring words and the page picture.

The likeliest path through the candidates of all words (Viterbi) decides. A syllable that cannot
exist is changed when the path says so; one that can exist only when neighbours and picture speak
strongly against it. Numbers, codes, foreign words and what may be a person's name are never
changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.vietnamese.candidates import Candidate, Choices, candidates, has_alternatives
from pipeline.vietnamese.language_model import NUMBER, UNKNOWN, LanguageModel, language_model
from pipeline.vietnamese.spelling import ParsedWord, TokenKind, match_case, parse_word
from pipeline.vietnamese.text import fold, has_mark
from pipeline.vietnamese.viterbi import Link, PathState, Step, best_path_scores

_UNCHANGED = 0.05  # cost of what was read: ties change nothing
_SYMBOL = 1e-5  # probability of a code or a foreign word
_SHORTEST = 2  # letters: single ones mark lists
_LONGEST_NAME = 5  # words
_SURNAMES = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh mai đào "
    "đoàn lương trương hà phùng chu lâm thái tống quách lưu tô vương kiều nghiêm thạch đàm triệu "
    "bạch nông hứa mạc giáp khuất ninh tiêu giàng quàng lò vàng bế cầm sùng thào vì".split()
)
_FEW = 5  # pairs: so often are misprints counted
_PLACE_NAME = 50  # pairs that make a name one of a place or an agency (Việt Nam, Hà Nội)
_USUAL = 1_000  # pairs that make a word of a heading: GIÁM ĐỐC, VĂN PHÒNG
_COMMON = 5_000  # pairs so usual that no name begins so, whatever marks were read: CHU TỊCH
# Natural logs by which the path must be likelier than the one that keeps what was read.
_ILLEGAL, _UNSEEN, _ATTESTED = 0.0, 1.0, 5.0
_SUPPORTED = 3.0  # less for attested syllables when the picture supports the other
_CAPITALS = 3.0  # more for attested syllables in capitals, which may be names


class WordReading(NamedTuple):
    """A word as the OCR engine read it."""

    text: str  # NFC, with its punctuation
    choices: Sequence[Choices] = ()  # other letters for each letter of the text


class _Word(NamedTuple):
    """A word with its position on the page and the link to the word before it."""

    line: int
    position: int  # in the line
    parsed: ParsedWord
    number: int  # of its syllable in the language model
    link: Link
    choices: Sequence[Choices]  # for the letters of the core


def repair(lines: Sequence[Sequence[WordReading]]) -> dict[tuple[int, int], str]:
    """Return the corrected text of misread words, by index of the line and of the word in it.

    Args:
        lines: the page's words as read, in reading order, line by line.
    """
    model = language_model()
    words = list(_words(model, lines))
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
    words = list(_words(model, lines))
    return {
        (word.line, word.position)
        for at, word in enumerate(words)
        if _may_be_name(model, words, at)
    }


def _words(model: LanguageModel, lines: Sequence[Sequence[WordReading]]) -> Iterator[_Word]:
    """Yield all words but mere punctuation."""
    link = Link.EDGE
    for line, readings in enumerate(lines):
        for position, reading in enumerate(readings):
            found = parse_word(reading.text)
            if found.lead or found.kind is TokenKind.NOTHING:
                link = Link.EDGE
            if found.kind is TokenKind.NOTHING:
                continue
            number = NUMBER if found.kind is TokenKind.NUMBER else model.number(found.syllable)
            core = slice(len(found.lead), len(found.lead) + len(found.core))
            yield _Word(line, position, found, number, link, reading.choices[core])
            link = Link.EDGE if found.tail else Link.SPACE
        link = Link.LINE if link is Link.SPACE else link


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


def _others(model: LanguageModel, words: Sequence[_Word], at: int) -> list[Candidate]:
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
    if _may_be_name(model, words, at):
        return [other for other in others if _is_place_name(model, word, other, before, after)]
    if not usual and (word.parsed.core.islower() or not model.is_legal(word.parsed.syllable)):
        return others
    heading = not usual and word.parsed.core.isupper()
    beside = [near if near and near.parsed.core.isupper() else None for near in (before, after)]
    return [
        other
        for other in others
        if other.supported or (heading and _paired(model, other, *beside) >= _USUAL)
    ]


def _may_change(model: LanguageModel, word: ParsedWord) -> bool:
    core = word.core
    if word.kind is not TokenKind.SYLLABLE or len(core) < _SHORTEST:
        return False
    if core.isupper():  # unmarked capitals that are no syllable: an abbreviation
        return has_mark(core) or model.is_legal(word.syllable)
    return core.islower() or core.istitle()


def _may_be_name(model: LanguageModel, words: Sequence[_Word], at: int) -> bool:
    """Tell whether a word may be part of a person's name: capitalised beside capitalised words.

    Headings are all in capitals, so there only words after a surname in their line are.
    """
    word = words[at]
    if word.parsed.core.istitle():
        before = words[at - 1 : at] if word.link is not Link.EDGE else []
        after = [near for near in words[at + 1 : at + 2] if near.link is not Link.EDGE]
        return any(near.parsed.core.istitle() for near in (*before, *after))
    if not word.parsed.core.isupper():
        return False
    near = range(max(at - _LONGEST_NAME + 1, 0), at + 1)
    return any(
        words[index].line == word.line and _is_surname(model, words, index) for index in near
    )


def _is_surname(model: LanguageModel, words: Sequence[_Word], at: int) -> bool:
    """Tell whether a word in capitals begins a name.

    HÀ does not in HÀ NỘI, nor HỒ in HỒ SƠ, nor CHU in CHU TỊCH, which is a misread CHỦ TỊCH.
    """
    word = words[at]
    if word.parsed.syllable not in _SURNAMES or not word.parsed.core.isupper():
        return False
    after = words[at + 1].number if at + 1 < len(words) else UNKNOWN
    meant = model.with_letters(fold(word.parsed.syllable))
    likely = max((model.bigram_count(model.number(other), after) for other in meant), default=0)
    return model.bigram_count(word.number, after) < _PLACE_NAME and likely < _COMMON


def _is_place_name(
    model: LanguageModel, word: _Word, other: Candidate, before: _Word | None, after: _Word | None
) -> bool:
    """Tell whether capitalised words side by side are a name, but surely no person's.

    Persons' names were cut out before counting; places and agencies are there, in great numbers.
    """
    return not model.is_legal(word.parsed.syllable) and (
        _paired(model, other, before, after) >= _PLACE_NAME
    )


def _paired(
    model: LanguageModel, other: Candidate, before: _Word | None, after: _Word | None
) -> int:
    """Return how often a candidate was counted beside one of its neighbours."""
    number = model.number(other.syllable)
    counts = [model.bigram_count(before.number, number)] if before else []
    counts += [model.bigram_count(number, after.number)] if after else []
    return max(counts, default=0)


def _is_usual(model: LanguageModel, word: _Word, before: _Word | None, after: _Word | None) -> bool:
    """Tell whether a word was counted more than a few times beside each of its neighbours."""
    follows = before is None or model.bigram_count(before.number, word.number) > _FEW
    return follows and (after is None or model.bigram_count(word.number, after.number) > _FEW)


def _step(model: LanguageModel, word: _Word, others: Sequence[Candidate]) -> Step:
    read = PathState(word.number, _SYMBOL, 0.0)
    if word.parsed.kind is TokenKind.SYLLABLE:
        read = PathState(word.number, model.unigram(word.parsed.syllable), _UNCHANGED)
    elif word.number != UNKNOWN:
        read = PathState(word.number, model.frequency(word.number), 0.0)
    return Step(word.link, [read, *(_state(model, other) for other in others)])


def _state(model: LanguageModel, other: Candidate) -> PathState:
    return PathState(model.number(other.syllable), model.unigram(other.syllable), other.cost)


def _margin(model: LanguageModel, word: _Word, other: Candidate) -> float:
    """Return by how much the path must be likelier to change a word into another."""
    read = word.parsed
    if not model.is_legal(read.syllable):
        return _ILLEGAL
    margin = _ATTESTED if model.is_attested(read.syllable) else _UNSEEN
    if other.supported and margin > _UNSEEN:
        margin -= _SUPPORTED
    return margin if read.core.islower() else margin + _CAPITALS

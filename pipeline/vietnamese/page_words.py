"""The words of a page as correction sees them, and which of them may be parts of persons' names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.vietnamese.candidates import Choices
from pipeline.vietnamese.language_model import NUMBER, UNKNOWN, LanguageModel
from pipeline.vietnamese.spelling import ParsedWord, TokenKind, parse_word
from pipeline.vietnamese.text import fold
from pipeline.vietnamese.viterbi import Link

PLACE_NAME = 50  # pairs that make a name one of a place or an agency (Việt Nam, Hà Nội)
_LONGEST_NAME = 5  # words
_SURNAMES = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh mai đào "
    "đoàn lương trương hà phùng chu lâm thái tống quách lưu tô vương kiều nghiêm thạch đàm triệu "
    "bạch nông hứa mạc giáp khuất ninh tiêu giàng quàng lò vàng bế cầm sùng thào vì".split()
)
_COMMON = 5_000  # pairs so usual that no name begins so, whatever marks were read: CHU TỊCH


class WordReading(NamedTuple):
    """A word as the OCR engine read it."""

    text: str  # NFC, with its punctuation
    choices: Sequence[Choices] = ()  # other letters for each letter of the text


class PageWord(NamedTuple):
    """A word with its position on the page and the link to the word before it."""

    line: int
    position: int  # in the line
    parsed: ParsedWord
    number: int  # of its syllable in the language model
    link: Link
    choices: Sequence[Choices]  # for the letters of the core


def page_words_of(
    model: LanguageModel, lines: Sequence[Sequence[WordReading]]
) -> Iterator[PageWord]:
    """Yield all words but mere punctuation.

    Args:
        model: the language model, which numbers syllables.
        lines: the page's words as read, in reading order, line by line.
    """
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
            yield PageWord(line, position, found, number, link, reading.choices[core])
            link = Link.EDGE if found.tail else Link.SPACE
        link = Link.LINE if link is Link.SPACE else link


def may_be_name(model: LanguageModel, words: Sequence[PageWord], at: int) -> bool:
    """Tell whether a word may be part of a person's name: capitalised beside capitalised words.

    Headings are all in capitals, so there only words after a surname in their line are.

    Args:
        model: the language model.
        words: the words of a page.
        at: the index of the word.
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


def _is_surname(model: LanguageModel, words: Sequence[PageWord], at: int) -> bool:
    """Tell whether a word in capitals begins a name.

    HÀ does not in HÀ NỘI, nor HỒ in HỒ SƠ, nor CHU in CHU TỊCH, which is a misread CHỦ TỊCH.
    """
    word = words[at]
    if word.parsed.syllable not in _SURNAMES or not word.parsed.core.isupper():
        return False
    after = words[at + 1].number if at + 1 < len(words) else UNKNOWN
    meant = model.with_letters(fold(word.parsed.syllable))
    likely = max((model.bigram_count(model.number(other), after) for other in meant), default=0)
    return model.bigram_count(word.number, after) < PLACE_NAME and likely < _COMMON

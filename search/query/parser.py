"""Parses what a visitor typed into words, phrases, dates, years and identifiers.

Pure: knows no engine, so that both engines understand the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipeline.documents import find_document_number, find_dossier_code
from pipeline.documents.confusions import normalise_punctuation
from pipeline.documents.extract.dates import find_dates
from pipeline.errors import QueryError
from pipeline.model import Query
from search.query.filters import check_filters
from search.text.keywords import code_key, date_key, number_key, value_key, year_key
from search.text.tokens import Token, tokens_of

MOST_TERMS = 32  # nobody types more; a pasted page is cut here
MOST_CHARACTERS = 2_000

_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
# Written without a space, so one term: 12/2020, H26.19, QĐ-UBND.
_GLUED = re.compile(r"[^\W_]+(?:[-./:&_'’]+[^\W_]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE_START = re.compile(
    r"(?:[a-z]\d{2}|[0-9a-z]{3}\.[0-9a-z]{2})(?:\.[0-9a-z]{1,5})*[.-][0-9a-z-]*"
)
# Personal, tax and telephone numbers with gaps; serials of land titles (docs/domain.md §4).
_VALUE = re.compile(r"\+?\d(?:[\s.-]?\d){7,13}|[a-z]{2}\s?\d{6,8}")

_ABBREVIATED = re.compile(r"([^\W\d_]{2,4})\s+(\d{1,5})")  # qd 1811: short for 1811/qd

Phrase = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """Something a dossier must have: one of the phrases, or the keyword."""

    phrases: tuple[Phrase, ...]  # the first one is what was typed
    key: str = ""
    is_year: bool = False
    is_prefix: bool = False  # typed with a star at its end: words that begin so
    mentions: tuple[str, ...] = ()  # keywords of the pages whose text mentions it; find, not rank
    number: str = ""  # normal form of a number, which may stand on a page with any gaps

    @property
    def has_mark(self) -> bool:
        """Whether it was typed with marks."""
        return any(token.has_mark for phrase in self.phrases for token in phrase)


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as understood."""

    terms: tuple[Term, ...] = ()
    phrase: Phrase = ()  # all words in the order they were typed
    keys: tuple[str, ...] = ()  # keywords of identifiers that answer the whole query alone
    prefixes: tuple[str, ...] = ()  # beginnings of such keywords
    excluded: tuple[Term, ...] = ()  # typed with a minus before: no dossier found has them

    @property
    def has_mark(self) -> bool:
        """Whether marks were typed; who types them means them."""
        return any(token.has_mark for token in self.phrase)


def parse(text: str) -> ParsedQuery:
    """Parse what was typed; whatever it is, there is no error."""
    text = normalise_punctuation(text[:MOST_CHARACTERS])
    terms = list(islice(_terms(text), MOST_TERMS))
    if _VALUE.fullmatch(text.strip().lower()):
        terms = [_value_term(text)]
    phrase = tuple(token for term in terms for token in term.phrases[0])
    keys, prefixes = _identifiers(text)
    return ParsedQuery(tuple(dict.fromkeys(terms)), phrase, keys, prefixes)


def check(query: Query) -> None:
    """Check the filters, and the numbers.

    Raises:
        QueryError: a filter is unknown or no date, or the limit or offset is negative.
    """
    if query.limit < 0 or query.offset < 0:
        raise QueryError("Số kết quả và vị trí bắt đầu không được âm.", "Hãy nhập số từ 0 trở lên.")
    check_filters(query.filters)


def _value_term(typed: str) -> Term:
    """Return the term of a number typed with gaps: as typed, or joined as papers print it."""
    joined = "".join(word.exact for word in tokens_of(typed))
    phrases = dict.fromkeys(tuple(tokens_of(text)) for text in (typed, joined))
    return Term(tuple(phrases))


def _identifiers(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keywords that the whole text names, and the prefixes it may stand for."""
    keys, prefixes = [], []
    if code := find_dossier_code(text):
        keys.append(code_key(code))
    elif _CODE_START.fullmatch(squeezed := "".join(text.lower().split())):
        prefixes.append(code_key(squeezed))
    if number := find_document_number(text):
        keys.append(number_key(*number))
        prefixes.append(number_key(*number))
    if abbreviated := _ABBREVIATED.fullmatch(text.strip()):
        prefixes.append(number_key(abbreviated[2], abbreviated[1]))
    if _VALUE.fullmatch(value := text.strip().lower()):
        keys.append(value_key(value))
    return tuple(keys), tuple(prefixes)


def _terms(text: str) -> Iterator[Term]:
    end = 0
    for match in _QUOTED.finditer(text):
        yield from _unquoted_terms(text[end : match.start()])
        if phrase := tuple(tokens_of(match[1])):
            yield Term((phrase,))
        end = match.end()
    yield from _unquoted_terms(text[end:])


def _unquoted_terms(text: str) -> Iterator[Term]:
    end = 0
    for match in find_dates(text.lower()):
        if match.day is not None and match.start >= end:
            yield from _word_terms(text[end : match.start])
            yield _date_term(match.day, text[match.start : match.end])
            end = match.end
    yield from _word_terms(text[end:])


def _word_terms(text: str) -> Iterator[Term]:
    for match in _GLUED.finditer(text):
        phrase = tuple(tokens_of(match[0]))
        if _YEAR.fullmatch(match[0]):
            yield Term((phrase,), year_key(match[0]), is_year=True)
        elif phrase:
            yield Term((phrase,))


def _date_term(day: date, typed: str) -> Term:
    """Return the term of a date in all the ways it is written."""
    written = [typed]
    for pattern in ("{0:02}/{1:02}/{2}", "ngày {0:02} tháng {1:02} năm {2}"):
        written.append(pattern.format(day.day, day.month, day.year))
        written.append(pattern.replace(":02", "").format(day.day, day.month, day.year))
    written.append(f"ngày {day.day:02} tháng {day.month} năm {day.year}")
    phrases = dict.fromkeys(tuple(tokens_of(text)) for text in written)
    return Term(tuple(phrases), date_key(day.isoformat()))

"""Finds which words and pages of a dossier a search hits, as far as the visitor sees them.

A hidden word is hit only by somebody who typed the whole number: parts would be guessed otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.documents.confusions import as_digits, normalise_punctuation
from pipeline.masking import MaskedNumber, MaskedPage
from pipeline.model import Page
from pipeline.vietnamese import nfc
from search import Matcher, matcher
from search.text.numbers import SHORTEST, find_numbers, normal_number
from search.text.tokens import Token, tokens_of
from web.masked.sight import Sight

READ_AT_ONCE = 60  # pages of a dossier that are always searched: a tenth of a second


def hit_words(page: Page, mask: MaskedPage | None, text: str) -> tuple[bool, ...]:
    """Return for each word of a page, in reading order, whether a search hits it.

    Args:
        page: the page as it is shown.
        mask: the words that are hidden on it; None: none are.
        text: the search as it was typed.
    """
    hits = _in_phrases([word.text for word in page.text.words], text)
    if mask is None:
        return hits
    typed = {at for number in _typed_numbers(mask, text) for at in number.words}
    return tuple(
        at in typed or (is_hit and at not in mask.hidden_words) for at, is_hit in enumerate(hits)
    )


def hit_pages(sight: Sight, text: str) -> tuple[int, ...]:
    """Return the numbers (from 1, ascending) of the pages that match a search best.

    A page with two of three words is no hit while another has all three.

    Args:
        sight: the dossier as it is shown; the answer is cached in its context.
        text: the search as it was typed; an empty one hits no page.

    Raises:
        WithheldError: the dossier is withheld.
    """
    if not text:
        return ()
    numbers = range(1, len(sight.dossier.pages) + 1)
    found = sight.context.hit_pages.get_or_fetch(
        _key(sight, text), lambda: _search(sight, text, numbers)
    )
    return found or ()


def near_hits(
    sight: Sight, text: str, near: Sequence[int], *, everywhere: bool
) -> tuple[tuple[int, ...], bool]:
    """Return the pages that match a search best, and whether all pages of the dossier were read.

    Of a large dossier that nobody searched yet only the pages that are shown are read: reading 500
    pages takes a second, and opening one must not wait for that.

    Args:
        sight: the dossier as it is shown.
        text: the search as it was typed.
        near: the numbers of the pages that are shown.
        everywhere: whether all pages are wanted, however long it takes.
    """
    count = len(sight.dossier.pages)
    if not text or everywhere or count <= READ_AT_ONCE:
        return hit_pages(sight, text), True
    known = sight.context.hit_pages.get_or_fetch(_key(sight, text), lambda: None)
    if known is not None:
        return known, True
    return _search(sight, text, near), False


def _in_phrases(words: Sequence[str], text: str) -> tuple[bool, ...]:
    """Return which words are hit; one alone is none where it stands beside its neighbours too.

    For ``nguyen dinh toan`` the word in ``Số định danh`` is left out on a page that has the name.
    """
    parts = [(at, token) for at, word in enumerate(words) for token in tokens_of(nfc(word))]
    tokens = [token for _, token in parts]
    found = matcher(text).positions(tokens)
    runs = list(_runs(found, tokens))
    longest: dict[int, int] = {}  # number of the term -> most terms that it stands together with
    for run in runs:
        for term in {found[position] for position in run}:
            longest[term] = max(longest.get(term, 0), _terms_of(run, found))
    hit = {
        parts[position][0]
        for run in runs
        for position in run
        if _terms_of(run, found) > 1 or longest[found[position]] == 1
    }
    return tuple(at in hit for at in range(len(words)))


def _runs(found: Mapping[int, int], tokens: Sequence[Token]) -> Iterator[list[int]]:
    """Yield positions side by side whose terms follow each other as they were typed."""
    run: list[int] = []
    for position in sorted(found):
        if run and run[-1] == position - 1:
            step = found[position] - found[position - 1]
            # Within a term of several words, such as a number with its symbol, the term is one.
            if step == 1 or (step == 0 and tokens[position] != tokens[position - 1]):
                run.append(position)
                continue
        if run:
            yield run
        run = [position]
    if run:
        yield run


def _terms_of(run: Sequence[int], found: Mapping[int, int]) -> int:
    return len({found[position] for position in run})


def _key(sight: Sight, text: str) -> tuple[str, int, str, str]:
    return sight.dossier.id, sight.record.sequence, text, sight.level


def _search(sight: Sight, text: str, numbers: Sequence[int]) -> tuple[int, ...]:
    text_matcher = matcher(text)
    matched: dict[int, int] = {}  # page number -> how many words and phrases stand on it
    for number in numbers:
        matched[number] = _matches(sight, number, text_matcher, text)
    most = max(matched.values(), default=0)
    return tuple(number for number, found in matched.items() if found == most) if most else ()


def _matches(sight: Sight, number: int, text_matcher: Matcher, text: str) -> int:
    page = sight.page(number)
    if page is None:
        return 0
    mask = sight.mask(number)
    hidden = mask.hidden_words if mask else frozenset()
    words = [word.text for at, word in enumerate(page.text.words) if at not in hidden]
    found = len(set(text_matcher.positions(_tokens(words)).values()))
    return found + len({one.digits for one in _typed_numbers(mask, text)} if mask else ())


def _tokens(words: Sequence[str]) -> Sequence[Token]:
    return [token for word in words for token in tokens_of(nfc(word))]


def _typed_numbers(mask: MaskedPage, text: str) -> Iterator[MaskedNumber]:
    """Yield the hidden numbers of a page of which a search has all digits."""
    typed = {found.normal for found in find_numbers(normalise_punctuation(text))}
    for number in mask.numbers:
        normal = normal_number(as_digits(number.digits))
        if len(normal) > SHORTEST and normal in typed:
            yield number

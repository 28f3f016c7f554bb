"""Builds the document of a dossier, and reads what it keeps to show: heading, pages, their words.

Pure: knows no client. What is shown is kept compressed in one value; of a large dossier
each page keeps its own in a nested document, so that showing it does not read all of them.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from pipeline.model import Publication
from search.query.pages import FieldWords, PageWords, field_words, padded
from search.text.beginnings import beginning_terms
from search.text.columns import Columns, columns, field_terms, hashes_in, kept_words
from search.text.entries import DossierEntry, Shown, dossier_entry
from search.text.hidden_numbers import WHOLE, NumberHash

Json = dict[str, Any]
Groups = tuple[tuple[int, FieldWords], ...]  # different fields of pages, and the first page of each

MOST_TOGETHER = 32  # pages that are kept in the dossier's own document
# Characters of a dossier's pages: a request grows to five times as much, and Elasticsearch takes
# 100 MB (``http.max_content_length``). 5,000 pages of 600 words are 17 million.
MOST_TEXT = 18_000_000

# Of one page: number, text, exact words, folded words, number of its group of fields.
_PART, _PAGE = "\x1f", "\x1e"
_QUICK = 1  # level of compression


class KeptDossier(NamedTuple):
    """A dossier as it is kept to be shown."""

    code: str | None
    title: str
    size: int  # pages
    groups: Groups
    pages: tuple[PageWords, ...]  # none of a large dossier: they are kept each by itself


def document(publication: Publication, hashing: NumberHash) -> Json:
    """Return a dossier's document, as bulk requests take it.

    Args:
        publication: the dossier.
        hashing: hashes the numbers of people.
    """
    entry = dossier_entry(publication, hashing)
    groups = _groups(entry)
    about = [(first, *field_words(_plain(fields))) for fields, (_, first) in groups.items()]
    heading = json.dumps([entry.code, entry.title, len(entry.pages), about])
    lines = [columns(line) for line in entry.fields]
    whole, more = _parted(entry.pages)
    pages = [(page, columns(page.text)) for page in whole]
    rest = [columns(page.text) for page in more]
    together = [words for _, words in pages] + lines
    is_large = len(entry.pages) > MOST_TOGETHER
    own = lines if is_large else together  # pages of a large dossier are copied to its columns
    kept = () if is_large else (_kept(*page, groups) for page in pages)
    body: Json = {
        "dossier": entry.dossier,
        "place": sort_number(entry.dossier),
        "sequence": entry.sequence,
        "exact": _set_of(words.exact for words in (*together, *rest)),
        "pairs": _set_of(words.pairs for words in (*together, *rest)),
        "folded": [*(words.folded for words in own), _set_of(words.folded for words in rest)],
        "skeleton": [*(words.skeleton for words in own), _set_of(words.skeleton for words in rest)],
        "keys": _keys(entry),
        **entry.values,
        **entry.numbers,
        "kept": _packed([heading, *kept]),
    }
    if entry.code:
        body["code"] = entry.code
    if entry.suggested.title:
        body["title"] = entry.suggested.title
    if terms := beginning_terms(entry.suggested):
        body["beginnings"] = terms
    if "issued" in entry.numbers:
        body["issued_last"] = max(entry.numbers["issued"])
    if is_large:
        body["pages"] = [_page_document(page, words, groups) for page, words in pages]
    return body


def _parted(pages: Sequence[Shown]) -> tuple[Sequence[Shown], Sequence[Shown]]:
    """Return the pages up to ``MOST_TEXT``, and those beyond, of which only words are indexed."""
    lengths = accumulate(len(page.text) for page in pages)
    number = sum(length <= MOST_TEXT for length in lengths)
    return pages[: max(1, number)], pages[max(1, number) :]


def _page_document(page: Shown, words: Columns, groups: dict[str, tuple[int, int]]) -> Json:
    return {
        "number": page.number,
        "folded": words.folded,
        "skeleton": words.skeleton,
        WHOLE: hashes_in(page.text),
        "kept": _packed([_kept(page, words, groups)]),
    }


def kept_dossier(packed: str) -> KeptDossier:
    """Return what a document keeps to be shown.

    Args:
        packed: its field ``kept``.
    """
    heading, *pages = _unpacked(packed)
    code, title, size, about = json.loads(heading)
    groups = tuple((first, FieldWords(text, folded)) for first, text, folded in about)
    return KeptDossier(code, title, size, groups, tuple(_page(page, groups) for page in pages))


def kept_page(packed: str, groups: Groups) -> PageWords:
    """Return a page of a large dossier.

    Args:
        packed: the field ``kept`` of the page's nested document.
        groups: the groups of pages of its dossier.
    """
    (page,) = _unpacked(packed)
    return _page(page, groups)


def sort_number(dossier: str) -> int:
    """Return a number made of an id's first 8 bytes: ids with different ones sort as they do.

    Elasticsearch sorts by a number eight times faster than by a keyword (8,000 dossiers: 5 ms
    against 41 ms), for it skips blocks of documents that are too old.
    """
    return int.from_bytes(dossier.encode()[:8].ljust(8, b"\0")) >> 1  # a long has a sign


def _keys(entry: DossierEntry) -> list[str]:
    of_fields = (terms for line in entry.fields for terms in dict.fromkeys(field_terms(line)))
    return [*entry.keys, *of_fields]


def _groups(entry: DossierEntry) -> dict[str, tuple[int, int]]:
    """Return of each different text of fields its number, and the first page that has it."""
    groups: dict[str, tuple[int, int]] = {}
    for page in entry.pages:
        groups.setdefault(page.fields, (len(groups), page.number))
    return groups


def _set_of(values: Iterable[str]) -> str:
    """Return the different terms of some values."""
    terms = set[str]()
    for value in values:
        terms.update(value.split())
    return " ".join(terms)


def _kept(page: Shown, words: Columns, groups: dict[str, tuple[int, int]]) -> str:
    forms = map(padded, kept_words(page.text, words))
    return _PART.join([str(page.number), _plain(page.text), *forms, str(groups[page.fields][0])])


def _page(kept: str, groups: Groups) -> PageWords:
    number, text, exact, folded, group = kept.split(_PART)
    return PageWords(int(number), text, exact, folded, groups[int(group)][1])


def _plain(text: str) -> str:
    return text.replace(_PART, " ").replace(_PAGE, " ")


def _packed(parts: Sequence[str]) -> str:
    return base64.b64encode(zlib.compress(_PAGE.join(parts).encode(), _QUICK)).decode()


def _unpacked(packed: str) -> list[str]:
    return zlib.decompress(base64.b64decode(packed)).decode().split(_PAGE)

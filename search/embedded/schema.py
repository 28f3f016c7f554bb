"""Defines the fields of the embedded index and makes the documents that stand in it.

A dossier is one document: pages and lines of fields are values of its word fields. The pages of a
large dossier stand in documents of their own beside it, so that showing it reads its best pages
only; they have other fields, so no search for dossiers finds them. All documents of a dossier have
its id in ``owner`` and are replaced together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata
from typing import TypeVar

import tantivy

from search.embedded.stored import FORMAT, PART, packed_page
from search.query.pages import field_words
from search.text.beginnings import beginning_terms
from search.text.columns import (
    ORDERED,
    WORD_COLUMNS,
    Columns,
    columns,
    field_terms,
    hashes_in,
    kept_words,
)
from search.text.entries import FACETS, FOLDED, DossierEntry, Shown
from search.text.hidden_numbers import PARTS, WHOLE
from search.text.version import version_of

MOST_TOGETHER = 32  # pages whose texts stand in the dossier's own document
# Beside the facets.
_OF_FACETS = tuple(f"{name}_folded" for name in FOLDED)
VALUE_COLUMNS = (
    "of_unit",
    "level",
    "missing",
    "duplicate",
    "no_reception",
    *_OF_FACETS,
    "beginnings",
    WHOLE,
    PARTS,
)
NUMBER_COLUMNS = ("received", "reception", "issued")


_POSITIONS = {*ORDERED, "page_folded"}
SETS = ("document_type", "year", "issuer")  # facets of which a dossier has several values
_TEXTS = {  # name -> its arguments
    "id": {"fast": True, "tokenizer_name": "raw"},  # of dossiers; ids sort by time
    "owner": {"tokenizer_name": "raw"},
    "listed": {"tokenizer_name": "raw"},
    "code": {"fast": True, "tokenizer_name": "raw"},
    **{name: {"tokenizer_name": "whitespace"} for name in (*WORD_COLUMNS, "page_folded")},
    **{name: {"fast": name not in SETS, "tokenizer_name": "raw"} for name in FACETS},
    # All values of a dossier as one: ten times quicker to count, and parted afterwards.
    **{f"{name}_set": {"fast": True, "tokenizer_name": "raw"} for name in SETS},
    **{name: {"tokenizer_name": "raw"} for name in (*VALUE_COLUMNS, "page_hash")},
    # Id, code and title to suggest: sorted by it the newest come first, and it is handed back.
    "suggested": {"fast": True, "tokenizer_name": "raw"},
}
_NUMBERS = ("place", "sequence", "size", "issued_last", "page_number", *NUMBER_COLUMNS)
_STORED = ("heading", "pages", "groups")

Document = tantivy.Document
_T = TypeVar("_T")


@cache
def schema() -> tantivy.Schema:
    """Return the schema."""
    builder = tantivy.SchemaBuilder()
    for name, options in _TEXTS.items():
        record = "position" if name in _POSITIONS else "basic"
        builder.add_text_field(name, index_option=record, **options)  # type: ignore[arg-type]
    for name in _NUMBERS:
        builder.add_integer_field(name, fast=True)
    for name in _STORED:
        builder.add_bytes_field(name, stored=True)
    return builder.build()


@cache
def version() -> int:
    """Return the checksum of fields, what is indexed and engine; another one is built anew."""
    engine = metadata.version("tantivy")
    shape = [_TEXTS, sorted(_POSITIONS), _NUMBERS, _STORED, MOST_TOGETHER, FORMAT, engine]
    return version_of([json.dumps(shape, sort_keys=True)])


def place(dossier: str) -> int:
    """Return a number for an id: a greater id has as great a number or a greater one.

    Ids of our own have different ones when they were made in different milliseconds. Blocks of
    dossiers are cut by it; who sorts looks at the id as well.
    """
    number, is_over = 0, False
    for at in range(_PLACES):
        letter = dossier[at : at + 1]
        rank = 0 if is_over or not letter else _rank(letter)
        # Letters of one rank sort among themselves, so what follows them says nothing any more.
        is_over = is_over or not letter or letter not in _HEXADECIMAL
        number = number * _RANKS + rank
    return number


_HEXADECIMAL = "0123456789abcdef"
_RANKS = 2 * len(_HEXADECIMAL) + 2
_PLACES = 12  # 34^12 is below 2^63; ids of ours begin with 12 digits of milliseconds


def _rank(letter: str) -> int:
    """Return a letter's rank: hexadecimal digits have their own, others share those between."""
    if letter in _HEXADECIMAL:
        return 2 + 2 * _HEXADECIMAL.index(letter)
    return 1 + 2 * sum(digit < letter for digit in _HEXADECIMAL)


def documents(entry: DossierEntry) -> Iterator[Document]:
    """Yield the documents of a dossier: its own, then those of the pages of a large one."""
    own = Document()
    own.add_text("id", entry.dossier)
    own.add_text("owner", entry.dossier)
    own.add_integer("place", place(entry.dossier))
    own.add_integer("sequence", entry.sequence)
    own.add_integer("size", len(entry.pages))
    heading = json.dumps([entry.dossier, entry.code, entry.title], ensure_ascii=False)
    own.add_bytes("heading", heading.encode())
    if not entry.is_listed:
        yield own
        return
    own.add_text("listed", "1")
    _add_values(own, entry)
    groups = {page.fields: number for number, page in _first_pages(entry)}
    numbers = {fields: at for at, fields in enumerate(groups)}
    for fields, first in groups.items():
        words = field_words(_plain(fields))
        own.add_bytes("groups", PART.join([str(first), *words]).encode())
    is_large = len(entry.pages) > MOST_TOGETHER
    for page in entry.pages:
        stored, folded = _add_page(own, page, numbers[page.fields])
        if is_large:
            yield _page_document(entry.dossier, page, stored, folded)
        else:
            own.add_bytes("pages", stored)
    yield own


def _first_pages(entry: DossierEntry) -> Iterator[tuple[int, Shown]]:
    """Yield the first page of each group of fields, under its number."""
    seen = set[str]()
    for page in entry.pages:
        if page.fields not in seen:
            seen.add(page.fields)
            yield page.number, page


def _add_values(document: Document, entry: DossierEntry) -> None:
    if entry.code:
        document.add_text("code", entry.code)
    for line in entry.fields:
        _add_words(document, columns(line))
        for keys in dict.fromkeys(field_terms(line)):
            document.add_text("keys", keys)
    sets = {f"{name}_set": [PART.join(entry.values.get(name, ()))] for name in SETS}
    if terms := beginning_terms(entry.suggested):
        shown = (entry.suggested.code, entry.suggested.title)
        sets |= {
            "beginnings": terms,
            "suggested": [PART.join([entry.dossier, *map(_plain, shown)])],
        }
    for name, value in _flat({"keys": entry.keys, **entry.values, **sets}):
        document.add_text(name, value)
    last = {"issued_last": entry.numbers.get("issued", ())[-1:]}
    for name, number in _flat({**entry.numbers, **last}):
        document.add_integer(name, number)


def _flat(values: Mapping[str, Sequence[_T]]) -> Iterator[tuple[str, _T]]:
    return ((name, value) for name, of_name in values.items() for value in of_name)


def _add_words(document: Document, terms: Columns) -> None:
    for name, words in zip(terms._fields, terms, strict=True):
        document.add_text(name, words)


def _add_page(document: Document, page: Shown, group: int) -> tuple[bytes, str]:
    """Add a page's words to its dossier; return what is stored of it, and its folded words."""
    terms = columns(page.text)
    _add_words(document, terms)
    exact, folded = kept_words(page.text, terms)
    return packed_page(page.number, group, folded, exact, _plain(page.text)), terms.folded


def _page_document(dossier: str, page: Shown, stored: bytes, folded: str) -> Document:
    document = Document()
    document.add_text("owner", dossier)
    document.add_integer("page_number", page.number)
    document.add_text("page_folded", folded)
    for one in hashes_in(page.text):
        document.add_text("page_hash", one)
    document.add_bytes("pages", stored)
    return document


SUGGESTED_PARTS = ("code", "title")


def suggested_parts(value: str) -> list[str]:
    """Return what the column ``suggested`` has of a dossier, as ``SUGGESTED_PARTS``."""
    return value.split(PART)[1:]


def _plain(text: str) -> str:
    return text.replace(PART, " ")

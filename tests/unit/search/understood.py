"""Says which pages a parsed query finds, by the parser's own definition, without an index."""

from __future__ import annotations

from pipeline.model import Publication
from search.query.number_hits import hashed
from search.query.parser import ParsedQuery, Phrase, Term, parse
from search.text.entries import IndexRow, index_rows
from search.text.hidden_numbers import NumberHash
from search.text.tokens import SIGN, tokens_of
from tests.support.indexed import publication, with_findings

HASHING = NumberHash(lambda: b"a key of tests")


def page(text: str, **findings: str) -> Publication:
    """A dossier of one page."""
    return with_findings(publication("d1", text), **findings)


def finds(typed: str, dossier: Publication, *, with_parts: bool = False) -> bool:
    """Tell whether a query finds a page of a dossier, marks aside."""
    parsed = hashed(parse(typed), HASHING, with_parts=with_parts)
    return any(_finds(parsed, row) for row in index_rows(dossier, HASHING))


def _finds(parsed: ParsedQuery, row: IndexRow) -> bool:
    if any(_has(term, row) for term in parsed.excluded):
        return False
    named = any(_is_named(key, row) for key in parsed.keys)
    begun = any(key.startswith(start) for key in row.keys for start in parsed.prefixes)
    words = bool(parsed.terms) and all(_has(term, row) for term in parsed.terms)
    return named or begun or words


def _has(term: Term, row: IndexRow) -> bool:
    named = any(_is_named(key, row) for key in (term.key, term.hashed, *term.mentions) if key)
    if named or {*term.parts} & {*row.parts}:
        return True
    lines = [[word.folded for word in tokens_of(line)] for line in (row.text, row.fields)]
    if term.is_prefix:
        return any(word.startswith(term.phrases[0][0].folded) for line in lines for word in line)
    return any(_stands(phrase, line) for phrase in term.phrases for line in lines)


def _is_named(key: str, row: IndexRow) -> bool:
    return key[1:] in row.hashes if key.startswith(SIGN) else key in row.keys


def _stands(phrase: Phrase, line: list[str]) -> bool:
    words = [word.folded for word in phrase]
    return any(line[at : at + len(words)] == words for at in range(len(line)))

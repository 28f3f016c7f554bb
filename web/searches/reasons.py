"""Tells why a dossier was found: the first place that shows as much of the search as any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.documents.fields import label_of
from pipeline.model import MARK_CLOSE, MARK_OPEN, Dossier, Hit
from search import Matcher
from search.query.parser import ParsedQuery, parse
from search.text.keywords import code_end_key, code_key, number_key
from search.text.tokens import tokens_of
from web.labels import finding_value
from web.urls import SoughtText

_MARKS = str.maketrans("", "", MARK_OPEN + MARK_CLOSE)


@dataclass(frozen=True, slots=True)
class Sought:
    """A search, ready to be compared with the places of many dossiers."""

    text: SoughtText
    parsed: ParsedQuery
    matcher: Matcher

    @classmethod
    def of(cls, text: SoughtText) -> Sought:
        """Return the search of a typed text."""
        parsed = parse(text)
        return cls(text, parsed, Matcher(parsed))

    def reason(self, hit: Hit, dossier: Dossier | None) -> str:
        """Return where a dossier shows what was searched for; empty: on the page of its snippet.

        Args:
            hit: the hit, masked as it is shown.
            dossier: the dossier, masked as it is shown; None: the store does not answer.
        """
        if not self.parsed.terms:
            return ""
        if hit.code and self._names_code(hit.code):
            return "mã hồ sơ"
        if dossier and self._names_number(dossier):
            return "số, ký hiệu"
        on_page = self._terms(hit.snippet.translate(_MARKS))
        in_title = self._terms(hit.title)
        if in_title and in_title >= on_page:
            return "tên hồ sơ"
        if dossier and len(on_page) < len(self.parsed.terms):
            name, found = self._best_field(dossier)
            if len(found) > len(on_page):
                return label_of(name).lower()
        return ""

    def _names_code(self, code: str) -> bool:
        keys = code_key(code), code_end_key(code)
        named = any(key in self.parsed.keys for key in keys)
        return named or any(key.startswith(self.parsed.prefixes) for key in keys)

    def _names_number(self, dossier: Dossier) -> bool:
        return any(key in self.parsed.keys for key in _number_keys(dossier))

    def _best_field(self, dossier: Dossier) -> tuple[str, frozenset[int]]:
        """Return the field that shows most terms, and these; an empty name where none has any."""
        best, most = "", frozenset[int]()
        for document in dossier.documents:
            for name, finding in document.findings.items():
                found = self._terms(finding_value(name, finding.value))
                if len(found) > len(most):
                    best, most = name, found
        return best, most

    def _terms(self, text: str) -> frozenset[int]:
        return frozenset(self.matcher.positions(tokens_of(text)).values())


def _number_keys(dossier: Dossier) -> Iterator[str]:
    for document in dossier.documents:
        number, symbol = document.findings.get("number"), document.findings.get("symbol")
        if number and symbol:
            yield number_key(number.value, symbol.value)

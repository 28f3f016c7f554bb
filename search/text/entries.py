"""Builds the index entry of a page: its text, fields, keywords and facet values.

Pure: knows no engine, so that both engines index the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline import clock
from pipeline.access import may_hand_out
from pipeline.documents.fields import FIELDS
from pipeline.model import Dossier, IndexEntry, PageState, Publication
from pipeline.vietnamese import nfc
from search.text.keywords import (
    code_end_key,
    code_key,
    date_key,
    day_keys,
    field_keys,
    number_key,
    value_key,
    year_key,
)
from search.text.mentions import mention_keys
from search.text.tokens import tokens_of

WAITING = "WAITING"  # state of a dossier that is not yet digitised
WITHHELD_TITLE = "Hồ sơ được giữ lại: tài liệu mật"
FACETS = ("unit", "document_type", "year", "state")
BOUNDARY = " ¦ "  # a term between two fields, so that no phrase runs across

_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_IN_HEADING = {field.name for field in FIELDS if not field.has_own_line}
_KEYWORDS = [field.name for field in FIELDS if field.is_keyword]


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One page as it is indexed; all text in NFC."""

    page: int  # number within the dossier, from 1
    text: str
    fields: str  # its dossier's and its document's fields, one a line
    keys: tuple[str, ...]  # keywords
    facets: tuple[str, ...]  # values in the order of FACETS; empty where unknown


class Columns(NamedTuple):
    """The terms of a page as engines compare them, one space between two terms."""

    exact: str
    folded: str
    keys: str


def columns(text: str, fields: str, keys: str) -> Columns:
    """Return the terms of a page's three columns; those of the fields follow those of the text.

    Args:
        text: the page's text, NFC.
        fields: the fields, one a line, NFC.
        keys: the page's keywords with one space between them.
    """
    lines = [tokens_of(line) for line in (text, *fields.split("\n"))]
    exact = [[word.exact for word in line] for line in lines]
    folded = [[word.folded for word in line] for line in lines]
    titles = [" ".join(field_keys(line, "exact")) for line in exact[1:]]
    titles += [" ".join(field_keys(line, "folded")) for line in folded[1:]]
    return Columns(
        BOUNDARY.join(" ".join(line) for line in exact),
        BOUNDARY.join(" ".join(line) for line in folded),
        BOUNDARY.join([keys, *titles]),
    )


def clean(text: str) -> str:
    """Return a text as it is stored: in NFC, without lone surrogates, which UTF-8 cannot encode."""
    return nfc(text.encode("utf-8", "replace").decode())


class Heading(NamedTuple):
    """What a list of results shows of a dossier."""

    code: str | None
    title: str


def heading(dossier: Dossier) -> Heading:
    """Return what the index keeps of a dossier to show it: of a withheld one nothing of its own."""
    if may_hand_out(dossier):
        return Heading(dossier.code, clean(dossier.title))
    return Heading(None, WITHHELD_TITLE)


def index_rows(publication: Publication) -> list[IndexRow]:
    """Return a row for each page; one row without text for a dossier that has no pages yet.

    Nothing of a withheld dossier is indexed, but that there is one of its state. A dossier whose
    scans are in another one has no row: neither a search nor a list finds it.
    """
    dossier = publication.dossier
    if dossier.joined_into:
        return []
    if not may_hand_out(dossier):
        return [IndexRow(1, "", "", (), ("", "", "", _state(dossier)))]
    entries = publication.entries or (IndexEntry(1, "", PageState.NOT_READ),)
    return [_row(dossier, entry) for entry in entries]


def _row(dossier: Dossier, entry: IndexEntry) -> IndexRow:
    findings = {name: value for name, value in entry.findings.items() if value}
    document_type = clean(entry.document_type or findings.get("document_type", ""))
    issued_on = _ISO_DATE.match(findings.get("issued_on", ""))
    year = issued_on[1] if issued_on else str(clock.local(dossier.received).year)
    return IndexRow(
        page=entry.page,
        text=clean(entry.text),
        fields="\n".join(_fields(dossier, document_type, findings)),
        keys=tuple(
            dict.fromkeys([*_keys(dossier, findings), year_key(year), *mention_keys(entry.text)])
        ),
        facets=(clean(dossier.unit or ""), document_type, year, _state(dossier)),
    )


def _state(dossier: Dossier) -> str:
    return dossier.outcome.value if dossier.outcome else WAITING


def _fields(dossier: Dossier, document_type: str, findings: dict[str, str]) -> Iterator[str]:
    number = "/".join(findings[name] for name in ("number", "symbol") if name in findings)
    heading = " ".join(part for part in (document_type, number) if part)
    others = [_readable(findings[name]) for name in sorted(findings) if name not in _IN_HEADING]
    for field in (heading, *others, dossier.code or "", dossier.name):
        if line := " ".join(clean(field).split()):
            yield line


def _readable(value: str) -> str:
    """Return an ISO date as people write it, anything else as it is."""
    match = _ISO_DATE.fullmatch(value)
    return f"{match[3]}/{match[2]}/{match[1]}" if match else value


def _keys(dossier: Dossier, findings: dict[str, str]) -> Iterator[str]:
    for code in (dossier.code, findings.get("dossier_code")):
        if code:
            yield code_key(code)
            yield code_end_key(code)
    if "number" in findings and "symbol" in findings:
        yield number_key(findings["number"], findings["symbol"])
        yield number_key(findings["number"], "")
    if "issued_on" in findings:
        yield date_key(findings["issued_on"])
        if _ISO_DATE.fullmatch(findings["issued_on"]):
            yield from day_keys("date", findings["issued_on"])
    yield from (value_key(findings[name]) for name in _KEYWORDS if name in findings)

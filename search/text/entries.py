"""Builds the index entry of a dossier: its pages' text, fields, keywords, facet values and numbers.

Pure: knows no engine, so that both engines index the same. A dossier is one flat entry: pages and
lines of fields are values of its columns (``search.text.columns`` makes their terms).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from pipeline import clock
from pipeline.access import may_hand_out
from pipeline.documents.fields import FIELDS
from pipeline.model import Dossier, IndexEntry, PageState, Publication
from pipeline.people.scopes import HELD, OPEN, unit_key, units_of
from search.text.beginnings import (
    NOTHING,
    Suggestible,
    is_free_of_personal_data,
    suggestible,
)
from search.text.days import day_numbers, reception_day
from search.text.field_lines import ISO_DATE, OF_PEOPLE, clean, field_lines
from search.text.hidden_numbers import (
    PARTS,
    WHOLE,
    NumberHash,
    Taken,
    bare_of,
    hidden_form,
    take_numbers,
)
from search.text.keywords import (
    code_end_key,
    code_key,
    date_key,
    day_keys,
    number_key,
    value_key,
    year_key,
)
from search.text.mentions import mention_keys
from search.text.tokens import tokens_of

WAITING = "WAITING"  # state of a dossier that is not yet digitised
WITHHELD_TITLE = "Hồ sơ được giữ lại: tài liệu mật"
FACETS = ("unit", "document_type", "year", "state", "procedure", "issuer")
FOLDED = ("procedure", "issuer")  # values are read from papers: they are equal whatever their marks

_READ = ("unit", "document_type", "issuer")  # facets whose values are read, whatever they are

_IN_HEADING = {field.name for field in FIELDS if not field.has_own_line}
_KEYWORDS = [field.name for field in FIELDS if field.is_keyword and field.name not in OF_PEOPLE]


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One page as it is indexed; all text in NFC."""

    page: int  # number within the dossier, from 1
    text: str
    fields: str  # its dossier's and its document's fields, one a line
    keys: tuple[str, ...]  # keywords
    facets: tuple[str, ...]  # values in the order of FACETS; empty where unknown
    hashes: tuple[str, ...] = ()  # of the numbers of people that were taken out
    parts: tuple[str, ...] = ()  # hashes of their parts


class Shown(NamedTuple):
    """What is shown of one page."""

    number: int  # within the dossier, from 1
    text: str
    fields: str  # its dossier's and its document's fields, one a line


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """A dossier as it is indexed; all text in NFC."""

    dossier: str
    sequence: int  # number of its record
    code: str | None
    title: str
    is_listed: bool  # False: its scans are in another dossier; only its sequence is known
    pages: tuple[Shown, ...]
    fields: tuple[str, ...]  # different lines of fields of all pages
    keys: tuple[str, ...]  # different keywords of all pages
    values: dict[str, tuple[str, ...]]  # facets and filters by name; without the empty ones
    numbers: dict[str, tuple[int, ...]]  # received, reception, issued: days as 20240305
    suggested: Suggestible  # what of it may be suggested to who types


class Heading(NamedTuple):
    """What a list of results shows of a dossier."""

    code: str | None
    title: str


def heading(dossier: Dossier) -> Heading:
    """Return what the index keeps of a dossier to show it: of a withheld one nothing of its own."""
    if may_hand_out(dossier):
        return Heading(dossier.code and clean(dossier.code), clean(dossier.title))
    return Heading(None, WITHHELD_TITLE)


def dossier_entry(publication: Publication, hashing: NumberHash) -> DossierEntry:
    """Return the entry of a dossier; its numbers of people are hashed, and left out elsewhere."""
    dossier, rows = publication.dossier, index_rows(publication, hashing)
    is_open = may_hand_out(dossier)
    lines = dict.fromkeys(line for row in rows for line in row.fields.split("\n") if line)
    code, title = heading(dossier)
    values = _values(publication, rows)
    unit, procedure = (values.get(name, ("",))[0] for name in ("unit", "procedure"))
    may_suggest = bool(rows) and is_open
    return DossierEntry(
        dossier.id,
        publication.sequence,
        code,
        bare_of(title),
        is_listed=bool(rows),
        pages=tuple(_shown(rows)),
        fields=tuple(lines),
        keys=tuple(dict.fromkeys(key for row in rows for key in row.keys)),
        values=values,
        numbers=day_numbers(publication) if rows and is_open else {},
        suggested=suggestible(code, unit, procedure, title) if may_suggest else NOTHING,
    )


def _shown(rows: Sequence[IndexRow]) -> Iterator[Shown]:
    """Yield what is shown of each page; a page that several papers share comes once."""
    for number, own in groupby(rows, key=lambda row: row.page):
        texts, fields = zip(*((row.text, row.fields) for row in own), strict=True)
        yield Shown(number, "\n".join(filter(None, texts)), "\n".join(filter(None, fields)))


def folded_value(value: str) -> str:
    """Return the form in which values of ``FOLDED`` are compared: folded words, or as it is."""
    return " ".join(word.folded for word in tokens_of(value)) or value


def _values(publication: Publication, rows: list[IndexRow]) -> dict[str, tuple[str, ...]]:
    dossier, is_open = publication.dossier, may_hand_out(publication.dossier)
    values = {name: sorted({row.facets[at] for row in rows}) for at, name in enumerate(FACETS)}
    for name in _READ:  # what a paper calls them may hold a phone or a number of a person
        values[name] = [value for value in values[name] if is_free_of_personal_data(value)]
    for name in FOLDED:  # a dossier counts once for each value, however its papers spell it
        spelled = {folded_value(value): value for value in reversed(values[name])}
        values[name] = sorted(spelled.values())
        values[f"{name}_folded"] = sorted(spelled)
    units = filter(is_free_of_personal_data, units_of(dossier) if is_open and rows else ())
    values["of_unit"] = sorted({clean(unit_key(unit)) for unit in units})
    values[WHOLE] = list(dict.fromkeys(one for row in rows for one in row.hashes))
    values[PARTS] = list(dict.fromkeys(one for row in rows for one in row.parts))
    values["level"] = [OPEN if is_open else HELD] if rows else []
    values["missing"] = ["1"] if (dossier.missing or dossier.lacking) and is_open and rows else []
    partners = publication.partners if is_open and rows else ()
    values["duplicate"] = list(filter(is_free_of_personal_data, partners))
    has_day = not rows or bool(reception_day(dossier)) or not is_open
    values["no_reception"] = [] if has_day else ["1"]
    found = {name: tuple(filter(None, of_name)) for name, of_name in values.items()}
    return {name: of_name for name, of_name in found.items() if of_name}


def index_rows(publication: Publication, hashing: NumberHash) -> list[IndexRow]:
    """Return a row for each page; one row without text for a dossier that has no pages yet.

    Nothing of a withheld dossier is indexed, but that there is one of its state. A dossier whose
    scans are in another one has no row: neither a search nor a list finds it.
    """
    dossier = publication.dossier
    if dossier.joined_into:
        return []
    if not may_hand_out(dossier):
        return [IndexRow(1, "", "", (), ("", "", "", _state(dossier), "", ""))]
    entries = publication.entries or (IndexEntry(1, "", PageState.NOT_READ),)
    rows: list[IndexRow] = []
    of: tuple[str, dict[str, str]] | None = None
    document = IndexRow(0, "", "", (), ())
    for entry in entries:
        if of != (of := (entry.document_type, entry.findings)):  # no page of the document before
            document = _document(dossier, entry, hashing)
        rows.append(_page(document, entry, take_numbers(clean(entry.text), hashing)))
    return rows


def _page(document: IndexRow, entry: IndexEntry, taken: Taken) -> IndexRow:
    return replace(
        document,
        page=entry.page,
        text=taken.marked,
        keys=tuple(dict.fromkeys([*document.keys, *mention_keys(clean(entry.text), taken.bare)])),
        hashes=(*document.hashes, *taken.hashes),
        parts=(*document.parts, *taken.parts),
    )


def _document(dossier: Dossier, entry: IndexEntry, hashing: NumberHash) -> IndexRow:
    """Return what the rows of all pages of a page's document have in common."""
    findings = {name: value for name, value in entry.findings.items() if value}
    document_type = clean(entry.document_type or findings.get("document_type", ""))
    issued_on = ISO_DATE.match(findings.get("issued_on", ""))
    year = issued_on[1] if issued_on else str(clock.local(dossier.received).year)
    number = "/".join(findings[name] for name in ("number", "symbol") if name in findings)
    title = " ".join(part for part in (document_type, number) if part)
    named = {name: value for name, value in findings.items() if name not in _IN_HEADING}
    lines = list(field_lines(title, named, dossier.name, dossier.code, hashing))
    own = [hidden_form(findings[name]) for name in OF_PEOPLE if name in findings]
    return IndexRow(
        page=0,
        text="",
        fields="\n".join(line.marked for line in lines),
        keys=tuple(dict.fromkeys([*_keys(dossier, findings), year_key(year)])),
        facets=(
            clean(dossier.unit or ""),
            document_type,
            year,
            _state(dossier),
            clean(dossier.procedure or ""),
            clean(findings.get("issuer", "")),
        ),
        hashes=(*(one for line in lines for one in line.hashes), *map(hashing.own, own)),
        parts=tuple(one for line in lines for one in line.parts),
    )


def _state(dossier: Dossier) -> str:
    return dossier.outcome.value if dossier.outcome else WAITING


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
        if ISO_DATE.fullmatch(findings["issued_on"]):
            yield from day_keys("date", findings["issued_on"])
    yield from (value_key(findings[name]) for name in _KEYWORDS if name in findings)

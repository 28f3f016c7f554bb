"""Compares the papers of a dossier with those it should hold: its checklist.

The list that the receipt prints counts first, the catalogue of procedures second. Nothing is called
missing while a paper of unknown type may be it. A paper that is only shown must not be digitised
(TT 01/2023/TT-VPCP Art. 4; docs/domain.md §1.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from pipeline.documents.catalogue import Catalogue, CatalogueLine, Digitise
from pipeline.documents.document_types import DOCUMENT_TYPES
from pipeline.documents.extract.checklists import UNREADABLE, UNSURE
from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.model import Component, ComponentState, Document

RECEIPT_LIST, CATALOGUE = "receipt", "catalogue"  # where a checklist comes from
_ALIKE = 0.85
_SHOWN = re.compile(r"\bxuat trinh\b|\bde doi chieu\b")
_OPTIONAL = re.compile(r"\bneu co\b|\btruong hop\b")
_ASIDE = re.compile(r"\([^)]*\)")
# Types that say little: a name that begins so is a narrower one.
_GENERAL = frozenset(
    map(
        folded_text,
        (
            "Giấy chứng nhận", "Giấy xác nhận", "Tờ khai", "Đơn đề nghị", "Hợp đồng",
            "Giấy phép", "Giấy đề nghị",
        ),
    )
)  # fmt: skip
_WHY_SHOWN = "Chỉ xuất trình: không số hóa."
WHY_SCANNED = "Giấy tờ chỉ xuất trình mà đã được quét: xem lại."
_WHY_OPTIONAL = "Chỉ nộp trong trường hợp có."
_WHY_UNREADABLE = "Giấy tiếp nhận bị che, gấp hoặc mờ ở chỗ này: xem giấy gốc."
_WHY_UNSURE = "Tên giấy này đọc không chắc: xem giấy tiếp nhận."


class Held(NamedTuple):
    """The procedure that a dossier is held against."""

    catalogue: Catalogue
    procedure: str | None = None  # its code; None while nobody knows it
    on: date | None = None  # the day of reception, which decides the version

    @property
    def lines(self) -> tuple[CatalogueLine, ...]:
        """Its components on that day; empty where nobody knows them."""
        if not self.procedure or not self.on:
            return ()
        return self.catalogue.components(self.procedure, self.on)


class _Wanted(NamedTuple):
    name: str
    digitise: Digitise
    types: tuple[str, ...]  # labels; empty: told by the name
    reason: str = ""


def components_of(
    documents: Sequence[Document],
    listed: Sequence[str],
    held: Held,
    unread: Sequence[int] = (),
) -> tuple[Component, ...]:
    """Return the checklist of a dossier; empty where neither receipt nor catalogue has one.

    Args:
        documents: its papers.
        listed: the papers that its receipt lists.
        held: the procedure that it is held against.
        unread: numbers of pages that could not be read, which may be any paper.
    """
    lines = held.lines
    is_read = any(not name.endswith(UNREADABLE) for name in listed)
    if listed and (is_read or not lines):
        wanted, source = [_from_receipt(name, lines) for name in listed], RECEIPT_LIST
    else:
        wanted = [_Wanted(one.component, one.digitise, one.types, one.reason) for one in lines]
        source = CATALOGUE
    unknown = [
        document.pages[0]
        for document in documents
        if document.pages and not document.type and "component" not in document.findings
    ]
    unknown = sorted({*unknown, *unread})
    return tuple(_component(one, source, documents, unknown) for one in wanted)


def may_be(document: Document, name: str) -> bool:
    """Tell whether a paper is one that a checklist names so, by its type.

    Args:
        document: the paper.
        name: the name of the component, as printed.
    """
    return bool(document.type) and document.type in _types_named(_plain(name))


def _from_receipt(name: str, lines: Sequence[CatalogueLine]) -> _Wanted:
    """Return what a receipt lists; the catalogue knows more of it where it has the same paper."""
    plain, folded = _plain(name), folded_text(name)
    for line in lines:
        if similarity(_plain(line.component), plain, _ALIKE) >= _ALIKE:
            return _Wanted(name, line.digitise, line.types, line.reason)
    if _SHOWN.search(folded):
        return _Wanted(name, Digitise.SHOWN, (), _WHY_SHOWN)
    return _Wanted(name, Digitise.OPTIONAL if _OPTIONAL.search(folded) else Digitise.REQUIRED, ())


def _component(
    wanted: _Wanted, source: str, documents: Sequence[Document], unknown: Sequence[int]
) -> Component:
    pages = tuple(
        document.pages[0] for document in documents if document.pages and _is(document, wanted)
    )
    if wanted.name.endswith((UNREADABLE, UNSURE)):
        is_lost = wanted.name.endswith(UNREADABLE)
        pages = () if is_lost else pages
        state, reason = ComponentState.UNCLEAR, _WHY_UNREADABLE if is_lost else _WHY_UNSURE
    else:
        state, reason = _standing(wanted, pages, unknown)
    return Component(wanted.name, state, source, pages, reason)


def _standing(
    wanted: _Wanted, pages: Sequence[int], unknown: Sequence[int]
) -> tuple[ComponentState, str]:
    if wanted.digitise is Digitise.SHOWN:
        return ComponentState.SHOWN, WHY_SCANNED if pages else wanted.reason or _WHY_SHOWN
    if wanted.digitise is Digitise.NO and not pages:
        return ComponentState.EXEMPT, wanted.reason
    if pages:
        return ComponentState.PRESENT, ""
    if unknown:
        listed = ", ".join(map(str, unknown[:5]))
        return ComponentState.UNCLEAR, f"Giấy tờ chưa rõ loại ở trang {listed} có thể là giấy này."
    if wanted.digitise is Digitise.OPTIONAL:
        return ComponentState.EXEMPT, wanted.reason or _WHY_OPTIONAL
    return ComponentState.MISSING, ""


def _is(document: Document, wanted: _Wanted) -> bool:
    """Tell whether a paper is a component: as its cover sheet names it, else by its type."""
    named = document.findings.get("component")
    if named and named.is_certain:
        return similarity(_plain(named.value), _plain(wanted.name), _ALIKE) >= _ALIKE
    if not document.type:
        return False
    if wanted.types:
        return document.type in wanted.types
    return document.type in _types_named(_plain(wanted.name))


@cache
def _types_named(name: str) -> frozenset[str]:
    """Return the document types that a folded name means: by its beginning, else by what it says.

    «Tờ khai cấp Giấy xác nhận …» is a form, and no Giấy xác nhận.
    """
    titles = {
        (title, kind.label)
        for kind in DOCUMENT_TYPES
        for title in (folded_text(kind.label), *kind.titles)
    }
    alike = {(title, label): similarity(title, name, _ALIKE) for title, label in titles}
    beginning = {pair for pair in titles if f"{name} ".startswith(f"{pair[0]} ")}
    near = {pair for pair in titles if alike[pair] >= _ALIKE}
    said = {pair for pair in titles if pair[0] not in _GENERAL and f" {pair[0]} " in f" {name} "}
    if beginning or not near:
        best = max((len(title) for title, _ in beginning or said), default=0)
        return frozenset(label for title, label in beginning or said if len(title) == best)
    most = max(alike[pair] for pair in near)
    return frozenset(label for title, label in near if alike[title, label] == most)


def _plain(name: str) -> str:
    return folded_text(_ASIDE.sub(" ", name))

"""Names, orders and belongings of the items of the review queue."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.documents.fields import BY_NAME, FieldKind
from pipeline.model import EVERYTHING, Dossier, Scope
from pipeline.people.scopes import unit_key, units_of

PAGE = "page"  # stands for the field where the page itself is the item
_NAMING = {"applicant", "full_name", "subject", "organisation", "personal_id", "tax_code"}
_PAGE_RANK, _REST = 4, 5
_NAME = re.compile(r"([0-9a-f]{1,64})-(\d{1,6})\.(\d{1,6})(?:\.(\d{1,2}))?-([a-z_]{1,40})")


class ItemName(NamedTuple):
    """What an item is called by: a page as a record of a dossier has it, and a field."""

    dossier: str
    sequence: int
    page: int
    field: str
    part: int = 0  # of the page where the paper begins, as ``ReviewItem``


class Wanted(NamedTuple):
    """Which items somebody may be given."""

    scope: Scope = EVERYTHING  # the dossiers that they may know of
    besides: tuple[ItemName, ...] = ()  # what they have in hand and do not want again
    without: frozenset[str] = frozenset()  # names of fields that they are not given
    dossier: str = ""  # of this dossier alone; empty: of any


class ScopeKeys(NamedTuple):
    """What tells whose a dossier is, as ``pipeline.people.scopes`` compares it."""

    units: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()  # labels of its papers


def parsed_name(name: str) -> ItemName | None:
    """Return the parts of an item's name; None when it is none."""
    if parts := _NAME.fullmatch(name):
        return ItemName(parts[1], int(parts[2]), int(parts[3]), parts[5], int(parts[4] or 0))
    return None


def scope_keys(dossier: Dossier) -> ScopeKeys:
    """Return what tells whose a dossier is."""
    types = frozenset(one.type for one in dossier.documents if one.type)
    return ScopeKeys(frozenset(map(unit_key, units_of(dossier))), types)


def rank_of_kind(field: str) -> int:
    """Return where a kind of field stands in the queue; 0 comes first."""
    if field == "dossier_code":
        return 0
    if field == PAGE:
        return _PAGE_RANK
    if field in _NAMING:
        return 1
    if field in ("number", "symbol"):
        return 2
    is_date = field in BY_NAME and BY_NAME[field].kind is FieldKind.DATE
    return 3 if is_date else _REST

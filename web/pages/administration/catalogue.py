"""Route ``/danh-muc``: the catalogue of procedures in use, with components and days of validity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from pipeline import clock
from pipeline.audit import Verb
from pipeline.documents.catalogue import Catalogue, CatalogueLine, catalogue_of
from pipeline.model import Right
from pipeline.vietnamese.text import fold
from web.context import Context
from web.people.gate import CurrentVisit, needs
from web.people.recording import record_act

router = APIRouter()

MOST_SHOWN = 100  # procedures on a page; a search narrows them


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version of a procedure, as it holds between two days."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None  # the last day; None: until further notice
    components: tuple[CatalogueLine, ...]

    def holds(self, on: date) -> bool:
        """Tell whether this version holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def procedures_of(catalogue: Catalogue, sought: str = "") -> Iterator[Procedure]:
    """Yield the versions of procedures by code, the newest first.

    Args:
        catalogue: the catalogue.
        sought: words that code, name or a component must have, marks and capitals aside.
    """
    words = fold(sought).split()
    ordered = sorted(catalogue.lines, key=lambda one: (one.procedure, -one.valid_from.toordinal()))
    for (code, name, since, until), lines in groupby(ordered, key=lambda one: _version(one)):
        components = tuple(lines)
        told = fold(" ".join((code, name, *(one.component for one in components))))
        if all(word in told for word in words):
            yield Procedure(code, name, since, until, components)


def _version(line: CatalogueLine) -> tuple[str, str, date, date | None]:
    return line.procedure, line.name, line.valid_from, line.valid_to


@router.get("/danh-muc", dependencies=[needs(Right.VIEW_OPERATION)])
def catalogue(
    context: Context,
    visit: CurrentVisit,
    sought: Annotated[str, Query(alias="tim-thu-tuc", max_length=200)] = "",
) -> Response:
    """Show the catalogue that checklists are made by."""
    known = catalogue_of(context.settings.home)
    record_act(context.audit, visit, Verb.MANAGE, detail={"act": "catalogue"})
    found = list(procedures_of(known, sought))
    return context.render(
        "catalogue.html",
        visit=visit,
        current_url="/danh-muc",
        is_imported=known.is_imported,
        procedures=found[:MOST_SHOWN],
        found=len(found),
        sought=sought,
        today=clock.today(),
    )

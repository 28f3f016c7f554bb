"""Route ``/api/v1/catalogue``: the catalogue of procedures that checklists are made by."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import Field

from pipeline.audit import Verb
from pipeline.documents.catalogue import catalogue_of
from pipeline.model import Right
from web.api.answers import ApiAnswer
from web.api.calls import api_router
from web.pages.administration.catalogue import MOST_SHOWN, Procedure, procedures_of
from web.people.gate import CurrentAsk, needs

router = api_router("work")


class CataloguedComponent(ApiAnswer):
    """A paper that a procedure asks for."""

    name: str
    types: tuple[str, ...] = Field(description="document types that are it")
    digitise: str = Field(description="required, optional, shown or no")
    reason: str = Field(description="Vietnamese, why it is not digitised; empty: it is")


class ProcedureAnswer(ApiAnswer):
    """One version of a procedure."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None = Field(description="the last day; null: until further notice")
    components: tuple[CataloguedComponent, ...]


class CatalogueAnswer(ApiAnswer):
    """Procedures by code, the newest version of each first."""

    imported: bool = Field(description="false: the sample that comes with the product")
    found: int
    procedures: tuple[ProcedureAnswer, ...] = Field(description=f"at most {MOST_SHOWN}")


@router.get("/catalogue", dependencies=[needs(Right.VIEW_OPERATION)])
def catalogue_in_use(
    asked: CurrentAsk, q: Annotated[str, Query(max_length=200, description="words")] = ""
) -> CatalogueAnswer:
    """Return the catalogue of procedures in use."""
    known = catalogue_of(asked.context.settings.home)
    asked.record(Verb.MANAGE, detail={"act": "catalogue"})
    found = list(procedures_of(known, q))
    shown = tuple(map(_answer, found[:MOST_SHOWN]))
    return CatalogueAnswer(imported=known.is_imported, found=len(found), procedures=shown)


def _answer(one: Procedure) -> ProcedureAnswer:
    components = tuple(
        CataloguedComponent(
            name=line.component,
            types=line.types,
            digitise=str(line.digitise),
            reason=line.reason,
        )
        for line in one.components
    )
    return ProcedureAnswer(
        code=one.code,
        name=one.name,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        components=components,
    )

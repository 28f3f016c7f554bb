"""Admits a call of the API: how often, with a token from nowhere but its header, no unknown word.

What stands here is asked of every route below ``/api/v1`` before its own needs.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request

from pipeline.audit import Verb
from pipeline.errors import QueryError
from pipeline.model import Visitor
from web.api.answers import ErrorAnswer
from web.api.rates import address_key
from web.context import AppContext, Context
from web.people.bearer import exposed_token, refuse_exposed
from web.people.gate import CurrentVisit
from web.people.visits import Visit, address_of

V1 = "/api/v1"
_TOLD = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": HTTPStatus(status).phrase} for status in _TOLD
}


def count_address(request: Request, context: Context) -> None:
    """Count a call of a network address, before anything is looked up.

    Raises:
        TooManyCallsError: it is one too many.
    """
    context.calls.by_address.take(address_key(address_of(request)))


def refuse_exposed_token(request: Request, context: Context) -> None:
    """Refuse a request whose address holds a token; if the token is real, that is recorded.

    Pages of the room ask this too: whoever puts a token there has written it into logs.

    Raises:
        TokenExposedError: it does.
    """
    text = exposed_token(request)
    if not text:
        return
    accounts = context.visits.accounts()
    if accounts is not None and (token := accounts.tokens.find(text)):
        visitor = Visitor(address_of(request))
        number = str(request.scope.get("request_id", ""))
        request.state.visit = Visit(visitor, number, token=token)
        request.state.verb = Verb.MANAGE  # the refusal is recorded as one of the token itself
    raise refuse_exposed()


def admit(request: Request, context: Context, visit: CurrentVisit) -> None:
    """Count a call of a token, and refuse words in the address that mean nothing here.

    Raises:
        QueryError: a parameter is unknown, or given twice.
        TooManyCallsError: it is one call too many.
    """
    context.calls.by_token.take(visit.held.id if visit.held else visit.name)
    known = _parameters(request.app)[request.scope["route"].path, request.method.lower()]
    names = [name for name, _ in request.query_params.multi_items()]
    wrong = [name for name in names if name not in known or names.count(name) > 1]
    if wrong:
        raise QueryError(
            f"Tham số «{wrong[0][:40]}» không có ở đây, hoặc có hai lần.",
            f"Các tham số: {', '.join(sorted(known)) or 'không có'}.",
        )


def api_router(tag: str) -> APIRouter:
    """Return a router below ``/api/v1`` that admits calls as this module says.

    Args:
        tag: the heading of its routes in the description.
    """
    asked = [Depends(count_address), Depends(refuse_exposed_token), Depends(admit)]
    return APIRouter(prefix=V1, tags=[tag], dependencies=asked, responses=ERRORS)


def _parameters(app: FastAPI) -> dict[tuple[str, str], frozenset[str]]:
    """Return the names of the parameters of each route and method, as the description has them."""
    known: dict[tuple[str, str], frozenset[str]] | None
    known = getattr(app.state, "api_parameters", None)
    if known is None:
        known = app.state.api_parameters = {
            (path, method): frozenset(
                each["name"] for each in told.get("parameters", ()) if each["in"] == "query"
            )
            for path, methods in app.openapi()["paths"].items()
            for method, told in methods.items()
        }
    return known


def limits_of(context: AppContext) -> dict[str, int]:
    """Return what the description says about limits."""
    web = context.settings.web
    return {
        "calls_a_minute": web.api_calls_a_minute,
        "upload_bytes": web.upload_mib << 20,
        "upload_files": web.upload_files,
    }

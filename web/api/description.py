"""Routes ``/api/v1/openapi.json`` and ``/api/v1/token``: the description, and one's own token."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from pipeline.audit import Verb
from pipeline.errors import ObjectMissingError
from pipeline.model import ApiToken
from pipeline.people.token_facts import token_facts
from web.api.answers import ApiAnswer, Moment, Text
from web.api.calls import V1, api_router, count_address, limits_of
from web.pages.signing_in.sign_in import accounts_of
from web.people.gate import Anyone, Asked, CurrentAsk, needs, own_call

router = api_router("token")
description_router = APIRouter(prefix=V1, dependencies=[Depends(count_address)])


class TokenAnswer(ApiAnswer):
    """The token of the call, and what it may do now: at most what its account may."""

    id: str
    account: Text
    label: Text
    scopes: tuple[str, ...]
    units: tuple[Text, ...] | None = Field(description="null: every unit")
    document_types: tuple[Text, ...] | None = Field(description="null: every type")
    levels: tuple[str, ...] | None = Field(description="null: every level")
    created: Moment
    ends: Moment
    limits: dict[str, int] = Field(description="calls_a_minute, upload_bytes, upload_files")


@description_router.get("/openapi.json", dependencies=[needs(Anyone.AT_ALL)])
def description(request: Request) -> Response:
    """Return the description of the API (OpenAPI 3.1)."""
    return JSONResponse(describe(request.app))


@router.get("/token", dependencies=[needs(Anyone.SIGNED_IN)])
def own_token(asked: CurrentAsk) -> TokenAnswer:
    """Tell what the token of this call may do, and until when."""
    held, scope = _held(asked), asked.visit.scope
    return TokenAnswer(
        id=held.id,
        account=held.account.name,
        label=held.label,
        scopes=tuple(sorted(asked.visit.rights)),
        units=_names(scope.units),
        document_types=_names(scope.document_types),
        levels=_names(scope.levels),
        created=held.created,
        ends=held.ends,
        limits=limits_of(asked.context),
    )


@router.delete("/token", status_code=204, dependencies=[needs(Anyone.SIGNED_IN), Depends(own_call)])
def revoke_own_token(asked: CurrentAsk) -> Response:
    """Revoke the token of this call, at once and for good: it leaked, or is needed no more."""
    held = _held(asked)
    asked.record(Verb.MANAGE, detail={"what": "token revoked", **token_facts(held)})
    accounts_of(asked.context).tokens.revoke(held.id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description, with the token as the way in; made once."""
    told = app.openapi()
    told["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    told["security"] = [{"token": []}]
    return told


def _held(asked: Asked) -> ApiToken:
    if asked.visit.token is None:  # the demonstration has none
        raise ObjectMissingError("Phòng đọc thử không dùng token.", "")
    return asked.visit.token


def _names(names: frozenset[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(names))

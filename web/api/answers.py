"""Shapes of answers of the API, and of its errors: one object for every status from 400 on.

Texts are NFC, moments ISO 8601 with their zone. Fields may be added to an answer within a version;
none is renamed or removed, and none changes its type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import JSONResponse
from starlette.types import Scope

from pipeline.errors import (
    AuditUnavailableError,
    CorrectionRefusedError,
    EditConflictError,
    JoinedError,
    ObjectExistsError,
    ObjectMissingError,
    QueryError,
    ServiceUnavailableError,
    SohoaError,
    WithheldError,
)
from pipeline.intake.uploads import UploadRefusedError
from pipeline.people.errors import AccountRefusedError
from search.text.field_lines import clean
from web.api.rates import TooManyCallsError
from web.masked.sight import PictureMaskedError
from web.people.bearer import TokenExposedError, TokenMissingError, TokenRefusedError
from web.people.disclosure import PurposeMissingError
from web.people.gate import RightMissingError
from web.people.visits import NoAccountsError
from web.security import CrossSitePostError

_AGAIN = 10  # seconds after which a service that is away may be asked again
CODES: dict[type[SohoaError], str] = {  # stable: programs tell errors apart by these
    TokenMissingError: "token_missing",
    TokenRefusedError: "token_refused",
    TokenExposedError: "token_exposed",
    NoAccountsError: "no_accounts",
    RightMissingError: "right_missing",
    PurposeMissingError: "purpose_missing",
    PictureMaskedError: "picture_masked",
    CrossSitePostError: "cross_site",
    TooManyCallsError: "too_many_calls",
    UploadRefusedError: "upload_refused",
    ObjectMissingError: "not_found",
    WithheldError: "withheld",
    JoinedError: "joined",
    CorrectionRefusedError: "correction_refused",
    AccountRefusedError: "account_refused",
    ObjectExistsError: "conflict",
    EditConflictError: "conflict",
    QueryError: "query_wrong",
    AuditUnavailableError: "unavailable",
    ServiceUnavailableError: "unavailable",
}

Text = Annotated[str, BeforeValidator(clean)]  # NFC
Moment = AwareDatetime


class ApiAnswer(BaseModel):
    """What all shapes have in common: nothing beside the named fields, and no change later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorBody(ApiAnswer):
    """What went wrong."""

    code: str = Field(description="stable word for programs, listed in docs/api.md")
    message: str = Field(description="Vietnamese: what happened")
    hint: str = Field(description="Vietnamese: what to do; may be empty")
    retry: int | None = Field(
        description="seconds after which the same call may succeed; null: it will not"
    )
    request: str = Field(description="id of the request, as in X-Request-Id and in the audit log")


class ErrorAnswer(ApiAnswer):
    """The answer of every status from 400 on."""

    error: ErrorBody


class Said(NamedTuple):
    """What an error says; what is empty is filled in from the status."""

    message: str = ""
    hint: str = ""
    code: str = ""
    retry: int | None = None  # seconds


_NOTHING = Said()
_SEE = "Xem mô tả ở /api/v1/openapi.json."
_ASK = "Thử lại sau ít phút; nếu vẫn lỗi, báo người vận hành kèm mã yêu cầu."
_SAID = {
    HTTPStatus.BAD_REQUEST: Said("Yêu cầu không hiểu được.", _SEE, "request_wrong"),
    HTTPStatus.NOT_FOUND: Said("Không có địa chỉ này.", _SEE, "not_found"),
    HTTPStatus.METHOD_NOT_ALLOWED: Said(
        "Địa chỉ này không nhận phương thức đó.", _SEE, "method_wrong"
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Said("Yêu cầu gửi lên quá lớn.", _SEE, "too_large"),
    HTTPStatus.UNPROCESSABLE_ENTITY: Said("Có giá trị không dùng được.", _SEE, "values_wrong"),
    HTTPStatus.SERVICE_UNAVAILABLE: Said(
        "Một máy chủ cần đến đang không dùng được.", _ASK, "unavailable", _AGAIN
    ),
}
_NO_RIGHT = Said(
    "Token này không có quyền cần cho lời gọi.",
    "Xem quyền ở GET /api/v1/token; quản trị tạo token khác nếu công việc cần.",
    "right_missing",
)
_UNEXPECTED = Said("Lỗi ngoài dự kiến.", _ASK, "internal")


def told_error(scope: Scope, error: SohoaError) -> JSONResponse:
    """Return the answer that tells an error of ours; where servers are is not told.

    Args:
        scope: the scope of the request.
        error: the error.
    """
    kind = next((kind for kind in type(error).__mro__ if kind in CODES), None)
    if kind is None or CODES[kind] == "unavailable":
        return told_status(scope, error.http_status)
    if kind is RightMissingError:
        return told_status(scope, error.http_status, _NO_RIGHT)
    seconds = getattr(error, "seconds", _AGAIN) if error.retryable else None
    said = Said(error.message, error.remedy, CODES[kind], seconds)
    return told_status(scope, error.http_status, said)


def told_status(
    scope: Scope, status: int, said: Said = _NOTHING, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return the answer of a status.

    Args:
        scope: the scope of the request.
        status: the HTTP status, from 400 on.
        said: the words of the error, and whether the same may be tried again.
        headers: further headers.
    """
    usual = _SAID.get(HTTPStatus(status), _UNEXPECTED)
    retry = usual.retry if said.retry is None else said.retry
    body = ErrorBody(
        code=said.code or usual.code,
        message=said.message or usual.message,
        hint=said.hint if said.message else usual.hint,
        retry=retry,
        request=str(scope.get("request_id", "")),
    )
    told = dict(headers or {})
    if retry is not None:
        told["Retry-After"] = str(retry)
    if status == HTTPStatus.UNAUTHORIZED:
        told["WWW-Authenticate"] = 'Bearer realm="sohoa"'
    return JSONResponse({"error": body.model_dump()}, status, told)


def told_values(scope: Scope, errors: Sequence[Mapping[str, Any]]) -> JSONResponse:
    """Return the answer to values that do not fit: 404 for a path, 422 otherwise; names alone.

    Args:
        scope: the scope of the request.
        errors: the wrong values, each as pydantic describes it.
    """
    places = [tuple(map(str, each.get("loc", ()))) for each in errors]
    if any(place[:1] == ("path",) for place in places):
        return told_status(scope, HTTPStatus.NOT_FOUND)
    names = sorted({".".join(place[1:])[:80] for place in places if place[1:]})
    said = _SAID[HTTPStatus.UNPROCESSABLE_ENTITY]
    hint = f"Sai ở: {', '.join(names[:10])}." if names else said.hint
    return told_status(scope, HTTPStatus.UNPROCESSABLE_ENTITY, said._replace(hint=hint))

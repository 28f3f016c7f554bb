"""Renders error pages: each exception becomes a status, a message and a remedy in Vietnamese."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from pipeline.errors import (
    AccountsUnavailableError,
    AuditUnavailableError,
    MisconfiguredError,
    SearchUnavailableError,
    SohoaError,
    StorageUnavailableError,
)
from web.api.answers import Said, told_error, told_status, told_values
from web.context import AppContext
from web.people.bearer import is_api
from web.people.disclosure import PurposeMissingError, purpose_path
from web.people.gate import NotSignedInError, RightMissingError
from web.people.recording import record_refusal
from web.people.returning import go_to, with_return
from web.people.visits import DESK, Visit
from web.security import add_security_headers

log = logging.getLogger(__name__)

_MESSAGES = {  # status: what happened, what to do
    HTTPStatus.BAD_REQUEST: (
        "Địa chỉ này có phần không hiểu được.",
        "Kiểm tra lại địa chỉ, hoặc bắt đầu lại từ trang tra cứu.",
    ),
    HTTPStatus.NOT_FOUND: (
        "Không có trang này.",
        "Kiểm tra lại địa chỉ, hoặc tìm hồ sơ theo mã, số văn bản hay tên.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "Địa chỉ này không nhận yêu cầu kiểu đó.",
        "Hãy dùng các nút và liên kết trong phòng đọc.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Một máy chủ mà phòng đọc cần đang không dùng được.",
        "Thử lại sau ít phút; nếu vẫn lỗi, báo người vận hành kèm thời điểm xảy ra.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Phòng đọc gặp lỗi ngoài dự kiến.",
        "Thử lại sau ít phút; nếu vẫn lỗi, báo người vận hành kèm thời điểm xảy ra.",
    ),
}
_DEFAULT_MESSAGE = ("Yêu cầu không thực hiện được.", "Hãy bắt đầu lại từ trang tra cứu.")
_TITLES = {
    HTTPStatus.BAD_REQUEST: "Chưa hiểu yêu cầu",
    HTTPStatus.UNAUTHORIZED: "Cần đăng nhập",
    HTTPStatus.FORBIDDEN: "Không được phép",
    HTTPStatus.TOO_MANY_REQUESTS: "Quá nhiều lần thử",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Quá lớn",
    HTTPStatus.NOT_FOUND: "Không tìm thấy",
    HTTPStatus.SERVICE_UNAVAILABLE: "Tạm thời không dùng được",
}
_DEFAULT_TITLE = "Có lỗi xảy ra"
_OF_THE_HOUSE = (
    AccountsUnavailableError,
    MisconfiguredError,
    SearchUnavailableError,
    StorageUnavailableError,
)


def add_error_handlers(app: FastAPI, context: AppContext) -> None:
    """Make the application answer every exception with an error page, or as the API does."""

    def on_error(request: Request, error: Exception) -> Response:
        answer = _told if is_api(request.url.path) else _page
        return answer(context, request, error)

    def on_unexpected_error(request: Request, error: Exception) -> Response:
        log.error("unexpected %s", type(error).__name__)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        response = refuse(context, request.scope, status, *_message(status))
        # Starlette answers unhandled exceptions outside of all other middleware.
        add_security_headers(response.headers)
        return response

    for kind in (SohoaError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, on_error)
    app.add_exception_handler(Exception, on_unexpected_error)


def _told(context: AppContext, request: Request, error: Exception) -> Response:
    """Return what the API says of an error."""
    if isinstance(error, SohoaError):
        return told_error(request.scope, _recorded(context, request, error))
    if isinstance(error, RequestValidationError):
        return told_values(request.scope, error.errors())
    assert isinstance(error, HTTPException)
    return told_status(request.scope, error.status_code, headers=error.headers)


def _page(context: AppContext, request: Request, error: Exception) -> Response:
    """Return the error page of an error."""
    if not isinstance(error, SohoaError):
        status = _status_of(error)
        return error_page(context, status, *_message(status), _visit(request))
    if isinstance(error, NotSignedInError) and request.method == "GET":
        return go_to(_sign_in_url(request))
    if isinstance(error, PurposeMissingError) and request.method == "GET":
        return go_to(with_return(purpose_path(error.dossier), _address(request)))
    if isinstance(error, RightMissingError) and (home := _home_of_clerk(request)):
        return go_to(home)
    error = _recorded(context, request, error)
    visit = _visit(request)
    if isinstance(error, _OF_THE_HOUSE) and not (visit and visit.name):
        # Which server is away, and where it is, is for those who work here.
        message = _message(HTTPStatus.SERVICE_UNAVAILABLE)
        return error_page(context, error.http_status, *message, visit)
    return error_page(context, error.http_status, error.message, error.remedy, visit)


def _home_of_clerk(request: Request) -> str:
    """Return where ``/`` leads a clerk, who searches nothing: the desk; empty: it leads nowhere."""
    visit = _visit(request)
    is_root = request.method == "GET" and request.url.path == "/" and not request.url.query
    return DESK if is_root and visit and visit.home == DESK else ""


def _recorded(context: AppContext, request: Request, error: SohoaError) -> SohoaError:
    """Return what is to be told: the refusal, or that it could not be recorded."""
    if error.http_status < HTTPStatus.INTERNAL_SERVER_ERROR:
        try:
            record_refusal(context.audit, request, error)
        except AuditUnavailableError as unavailable:
            error = unavailable
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s: %s", type(error).__name__, error)
    return error


def _status_of(error: Exception) -> int:
    """Return 404 when a path parameter is invalid, 400 when a query or form parameter is."""
    if isinstance(error, HTTPException):
        return error.status_code
    assert isinstance(error, RequestValidationError)
    locations = [each.get("loc") for each in error.errors()]
    in_path = any(isinstance(part, tuple) and part[:1] == ("path",) for part in locations)
    return HTTPStatus.NOT_FOUND if in_path else HTTPStatus.BAD_REQUEST


def _message(status: int) -> tuple[str, str]:
    return _MESSAGES.get(HTTPStatus(status), _DEFAULT_MESSAGE)


def refuse(context: AppContext, scope: Scope, status: int, message: str, remedy: str) -> Response:
    """Return what a request is told that no handler answers: a page, or the error of the API.

    Args:
        context: the handlers' context.
        scope: the scope of the request.
        status: the HTTP status.
        message: the sentence that says what happened.
        remedy: the advice what to do; may be empty.
    """
    if is_api(scope["path"]):
        return told_status(scope, status, Said(message, remedy))
    return error_page(context, status, message, remedy)


def error_page(
    context: AppContext, status: int, message: str, remedy: str, visit: Visit | None = None
) -> Response:
    """Return a page that says in Vietnamese what happened and what to do.

    Args:
        context: the handlers' context.
        status: the HTTP status.
        message: the sentence that says what happened.
        remedy: the advice what to do; may be empty.
        visit: the visit that will see it; None where nobody knows.
    """
    title = _TITLES.get(HTTPStatus(status), _DEFAULT_TITLE)
    told = {"title": title, "message": message, "remedy": remedy, "code": int(status)}
    return context.render("error.html", visit=visit, status=status, **told)


def _visit(request: Request) -> Visit | None:
    """Return whose request failed, as far as that was found out before it did."""
    visit: Visit | None = getattr(request.state, "visit", None)
    return visit


def _sign_in_url(request: Request) -> str:
    return with_return("/dang-nhap", _address(request))


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query

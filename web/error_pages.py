"""Renders error pages: each exception becomes a status, a message and a remedy in Vietnamese."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.errors import SohoaError
from web.context import AppContext
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
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Phòng đọc gặp lỗi ngoài dự kiến.",
        "Thử lại sau ít phút; nếu vẫn lỗi, báo người vận hành kèm thời điểm xảy ra.",
    ),
}
_DEFAULT_MESSAGE = ("Yêu cầu không thực hiện được.", "Hãy bắt đầu lại từ trang tra cứu.")
_TITLES = {
    HTTPStatus.BAD_REQUEST: "Chưa hiểu yêu cầu",
    HTTPStatus.FORBIDDEN: "Không được phép",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Quá lớn",
    HTTPStatus.NOT_FOUND: "Không tìm thấy",
    HTTPStatus.SERVICE_UNAVAILABLE: "Tạm thời không dùng được",
}
_DEFAULT_TITLE = "Có lỗi xảy ra"


def add_error_handlers(app: FastAPI, context: AppContext) -> None:
    """Make the application answer every exception with an error page."""

    def on_sohoa_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, SohoaError)
        if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("%s: %s", type(error).__name__, error)
        return error_page(context, error.http_status, error.message, error.remedy)

    def on_http_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return error_page(context, error.status_code, *_message(error.status_code))

    def on_invalid_parameters(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        status = _status(error.errors())
        return error_page(context, status, *_message(status))

    def on_unexpected_error(_: Request, error: Exception) -> Response:
        log.error("unexpected %s", type(error).__name__)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        response = error_page(context, status, *_message(status))
        # Starlette answers unhandled exceptions outside of all other middleware.
        add_security_headers(response.headers)
        return response

    app.add_exception_handler(SohoaError, on_sohoa_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid_parameters)
    app.add_exception_handler(Exception, on_unexpected_error)


def _status(errors: Sequence[dict[str, object]]) -> int:
    """Return 404 when a path parameter is invalid, 400 when a query or form parameter is."""
    locations = [error.get("loc") for error in errors]
    in_path = any(isinstance(part, tuple) and part[:1] == ("path",) for part in locations)
    return HTTPStatus.NOT_FOUND if in_path else HTTPStatus.BAD_REQUEST


def _message(status: int) -> tuple[str, str]:
    return _MESSAGES.get(HTTPStatus(status), _DEFAULT_MESSAGE)


def error_page(context: AppContext, status: int, message: str, remedy: str) -> Response:
    """Return a page that says in Vietnamese what happened and what to do."""
    title = _TITLES.get(HTTPStatus(status), _DEFAULT_TITLE)
    return context.render(
        "error.html", status=status, title=title, message=message, remedy=remedy, code=int(status)
    )

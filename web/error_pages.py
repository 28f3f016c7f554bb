"""What a visitor sees when something goes wrong: what happened and what to do, in Vietnamese."""

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
from web.security import complete

log = logging.getLogger(__name__)

_WORDS = {
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
_OTHERWISE = ("Yêu cầu không thực hiện được.", "Hãy bắt đầu lại từ trang tra cứu.")
_TITLES = {
    HTTPStatus.BAD_REQUEST: "Chưa hiểu yêu cầu",
    HTTPStatus.FORBIDDEN: "Không được phép",
    HTTPStatus.NOT_FOUND: "Không tìm thấy",
    HTTPStatus.SERVICE_UNAVAILABLE: "Tạm thời không dùng được",
}


def answer_failures(app: FastAPI, context: AppContext) -> None:
    """Answer every failure of the app with a page of ours."""

    def ours(_: Request, error: Exception) -> Response:
        assert isinstance(error, SohoaError)
        if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("%s: %s", type(error).__name__, error)
        return _page(context, error.http_status, error.message, error.remedy)

    def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return _page(context, error.status_code, *_words(error.status_code))

    def misread(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        status = _status(error.errors())
        return _page(context, status, *_words(status))

    def unexpected(_: Request, error: Exception) -> Response:
        log.error("unexpected %s", type(error).__name__)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        response = _page(context, status, *_words(status))
        complete(response.headers)  # this answer does not pass through SafeHeaders
        return response

    app.add_exception_handler(SohoaError, ours)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, misread)
    app.add_exception_handler(Exception, unexpected)


def _status(errors: Sequence[dict[str, object]]) -> int:
    """An address that cannot name anything is not found; a wrong parameter is a bad request."""
    places = [error.get("loc") for error in errors]
    in_path = any(isinstance(place, tuple) and place[:1] == ("path",) for place in places)
    return HTTPStatus.NOT_FOUND if in_path else HTTPStatus.BAD_REQUEST


def _words(status: int) -> tuple[str, str]:
    return _WORDS.get(HTTPStatus(status), _OTHERWISE)


def _page(context: AppContext, status: int, message: str, remedy: str) -> Response:
    title = _TITLES.get(HTTPStatus(status), "Có lỗi xảy ra")
    return context.show(
        "error.html", status=status, title=title, message=message, remedy=remedy, code=int(status)
    )

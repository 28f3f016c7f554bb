"""Routes ``/dang-nhap`` and ``/dang-xuat``: signing in with name and password, and signing out."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from pipeline.audit import AuditResult, Verb
from pipeline.errors import SohoaError
from pipeline.model import SignedIn, SignInStep
from pipeline.people.errors import AccountError, SignInDelayedError, SignInRefusedError
from pipeline.ports import Accounts
from web.context import AppContext
from web.people.cookies import DEVICE, GUEST, SESSION, Cookies
from web.people.gate import Anyone, Asked, CurrentAsk, needs, own_post
from web.people.returning import go_to, safe_path, with_return
from web.people.visits import Visit, new_guest

router = APIRouter()

SIGN_IN = "/dang-nhap"
STEP_PATHS = {
    SignInStep.CODE: "/dang-nhap/ma",
    SignInStep.PASSWORD: "/dang-nhap/mat-khau",
    SignInStep.ENROLMENT: "/dang-nhap/lop-hai",
}
Wanted = Annotated[str, Query(alias="ve", max_length=2_000)]
WantedField = Annotated[str, Form(alias="ve", max_length=2_000)]


class UnsafeConnectionError(SohoaError):
    """Somebody would send a password over a network where others can read it."""

    http_status = 403


@router.get(SIGN_IN, dependencies=[needs(Anyone.AT_ALL)])
def ask(asked: CurrentAsk, wanted: Wanted = "") -> Response:
    """Show the form; who has signed in is led on."""
    visit = asked.visit
    if visit.session or visit.is_demonstration:
        return go_to(onward(visit, wanted))
    return show_form(asked, wanted)


@router.post(SIGN_IN, dependencies=[needs(Anyone.AT_ALL), Depends(own_post)])
def sign_in(
    asked: CurrentAsk,
    name: Annotated[str, Form(alias="ten", max_length=200)] = "",
    password: Annotated[str, Form(alias="mat-khau", max_length=1_000)] = "",
    wanted: WantedField = "",
) -> Response:
    """Take name and password; the answer is the same for names that nobody has."""
    accounts = accounts_of(asked.context)
    try:
        signed = accounts.sign_ins.sign_in(name, password, asked.visit.visitor)
    except AccountError as error:
        if isinstance(error, SignInRefusedError):
            guest = Asked(asked.request, asked.context, replace(asked.visit, session=None))
            guest.record(Verb.SIGN_IN, words=name, result=AuditResult.REFUSED)
        return show_form(asked, wanted, error)
    if asked.visit.session:  # a session that somebody may have planted opens nothing any more
        accounts.sessions.sign_out(asked.visit.secret)
    return let_in(asked, signed, wanted)


@router.post("/dang-xuat", dependencies=[needs(Anyone.AT_ALL), Depends(own_post)])
def sign_out(asked: CurrentAsk) -> Response:
    """End the session, also one whose steps are not done."""
    if asked.visit.session:
        asked.record(Verb.SIGN_OUT)
        accounts_of(asked.context).sessions.sign_out(asked.visit.secret)
    response = go_to(SIGN_IN)
    Cookies(asked.request).remove(response, SESSION)
    response.headers["Clear-Site-Data"] = '"cache"'  # pictures may be cached for minutes
    return response


def accounts_of(context: AppContext) -> Accounts:
    """Return the accounts.

    Raises:
        UnsafeConnectionError: nobody has one, so nobody can sign in.
    """
    accounts = context.visits.accounts()
    if accounts is None:
        raise UnsafeConnectionError("Phòng đọc chưa có tài khoản nào nên không cần đăng nhập.")
    return accounts


def onward(visit: Visit, wanted: str) -> str:
    """Return where somebody goes: to the next step, then to what they wanted, or to their home."""
    if visit.session and visit.session.step in STEP_PATHS:
        return with_return(STEP_PATHS[visit.session.step], wanted)
    return safe_path(wanted) or visit.home


def let_in(asked: Asked, signed: SignedIn, wanted: str) -> Response:
    """Record a step that succeeded, and lead on to the next one or to the wanted page.

    Raises:
        AuditUnavailableError: it could not be recorded; nobody gets the session then.
    """
    now = after(asked, signed)
    now.record(Verb.SIGN_IN, detail={"step": str(signed.session.step)})
    response = go_to(onward(now.visit, wanted))
    hand_over(asked.request, response, signed)
    return response


def after(asked: Asked, signed: SignedIn) -> Asked:
    """Return the same request as that of a session which has just got its secret."""
    visit = replace(asked.visit, session=signed.session, secret=signed.secret)
    return Asked(asked.request, asked.context, visit)


def hand_over(request: Request, response: Response, signed: SignedIn) -> None:
    """Set the cookies of a session that has a new secret."""
    cookies = Cookies(request)
    cookies.set(response, SESSION, signed.secret)
    cookies.remove(response, GUEST)
    if signed.device:
        cookies.set(response, DEVICE, signed.device)


def add_delay(response: Response, error: SohoaError | None) -> None:
    """Tell programs too when the next attempt is heard (RFC 9110, Retry-After)."""
    if isinstance(error, SignInDelayedError):
        response.headers["Retry-After"] = str(error.seconds)


def show_form(asked: Asked, wanted: str, error: AccountError | None = None) -> Response:
    """Return the form of signing in.

    Args:
        asked: the request.
        wanted: the page that is opened afterwards.
        error: why the attempt before failed; None at first.

    Raises:
        UnsafeConnectionError: others on the network could read the password.
    """
    cookies, visit = Cookies(asked.request), asked.visit
    if not cookies.is_safe:
        raise UnsafeConnectionError(
            "Không đăng nhập qua kết nối không mã hóa: người khác trên mạng đọc được mật khẩu.",
            "Mở phòng đọc bằng địa chỉ https://; người vận hành xem docs/operating.md, “TLS”.",
        )
    guest = visit.secret or new_guest()
    response = asked.context.render(
        "sign_in.html",
        visit=replace(visit, secret=guest),
        status=error.http_status if error else HTTPStatus.OK,
        error=error,
        wanted=safe_path(wanted),
        provider=asked.context.settings.accounts.oidc_name if asked.context.provider else "",
    )
    if not visit.secret:
        cookies.set(response, GUEST, guest)
    add_delay(response, error)
    return response

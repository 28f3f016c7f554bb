"""Routes ``/dang-nhap/…``: code, change of a first password, setting up the second factor."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, NamedTuple

import segno
from fastapi import APIRouter, Depends, Form
from markupsafe import Markup
from starlette.responses import Response

from pipeline.audit import AuditResult, Verb
from pipeline.model import SignInStep
from pipeline.people.errors import (
    AccountError,
    SessionEndedError,
    SignInRefusedError,
    WeakPasswordError,
)
from web.pages.signing_in.sign_in import (
    SIGN_IN,
    Wanted,
    WantedField,
    accounts_of,
    add_delay,
    after,
    hand_over,
    let_in,
    onward,
)
from web.people.gate import Anyone, Asked, CurrentAsk, needs, own_post
from web.people.returning import go_to, safe_path, with_return

router = APIRouter(prefix=SIGN_IN)

_OPEN = [needs(Anyone.AT_ALL)]
_POST = [needs(Anyone.AT_ALL), Depends(own_post)]
Code = Annotated[str, Form(alias="ma", max_length=40)]


class PasswordForm(NamedTuple):
    """What is typed to change a password."""

    old: str
    new: str
    again: str


def _password_form(
    old: Annotated[str, Form(alias="cu", max_length=1_000)] = "",
    new: Annotated[str, Form(alias="moi", max_length=1_000)] = "",
    again: Annotated[str, Form(alias="lai", max_length=1_000)] = "",
) -> PasswordForm:
    return PasswordForm(old, new, again)


@router.get("/ma", dependencies=_OPEN)
def ask_code(asked: CurrentAsk, wanted: Wanted = "") -> Response:
    """Ask for the code of the second factor."""
    return _elsewhere(asked, SignInStep.CODE, wanted) or _page(asked, "code", wanted)


@router.post("/ma", dependencies=_POST)
def enter_code(asked: CurrentAsk, code: Code = "", wanted: WantedField = "") -> Response:
    """Take the code, or a recovery code."""
    visit = asked.visit
    try:
        signed = accounts_of(asked.context).sign_ins.enter_code(visit.secret, code, visit.visitor)
    except AccountError as error:
        return _refused(asked, "code", wanted, error)
    return let_in(asked, signed, wanted)


@router.get("/mat-khau", dependencies=_OPEN)
def ask_password(asked: CurrentAsk, wanted: Wanted = "") -> Response:
    """Ask for another password: in place of the first one, or because somebody wants to."""
    is_free = asked.visit.is_signed_in
    elsewhere = None if is_free else _elsewhere(asked, SignInStep.PASSWORD, wanted)
    return elsewhere or _page(asked, "password", wanted)


@router.post("/mat-khau", dependencies=_POST)
def change_password(
    asked: CurrentAsk,
    form: Annotated[PasswordForm, Depends(_password_form)],
    wanted: WantedField = "",
) -> Response:
    """Set one's own password; one's other sessions end."""
    visit, changing = asked.visit, accounts_of(asked.context).sign_ins
    try:
        if form.new != form.again:
            raise WeakPasswordError("Hai lần gõ mật khẩu mới không giống nhau.", "Gõ lại cả hai.")
        signed = changing.change_password(
            visit.secret, form.old, form.new, visit.visitor, asked.before_change
        )
    except AccountError as error:
        return _refused(asked, "password", wanted, error)
    return let_in(asked, signed, wanted)


@router.get("/lop-hai", dependencies=_OPEN)
def begin_enrolment(asked: CurrentAsk, wanted: Wanted = "") -> Response:
    """Show a new key for an authenticator application; the former one counts no more."""
    if elsewhere := _elsewhere(asked, SignInStep.ENROLMENT, wanted):
        return elsewhere
    made = accounts_of(asked.context).second_factors.begin(asked.visit.secret)
    groups = " ".join(made.key[at : at + 4] for at in range(0, len(made.key), 4))
    code = segno.make(made.uri, micro=False).svg_inline(
        scale=5, border=4, omitsize=True, svgclass=None, lineclass=None, light="#fff"
    )
    return _page(asked, "enrolment", wanted, key=groups, uri=made.uri, qr=Markup(code))


@router.post("/lop-hai", dependencies=_POST)
def confirm_enrolment(asked: CurrentAsk, code: Code = "", wanted: WantedField = "") -> Response:
    """Take the first code and show the recovery codes, this once."""
    visit, factors = asked.visit, accounts_of(asked.context).second_factors
    try:
        signed, codes = factors.confirm(visit.secret, code, visit.visitor, asked.before_change)
    except AccountError as error:
        return _refused(asked, "enrolment", wanted, error)
    now = after(asked, signed)
    now.record(Verb.SIGN_IN, detail={"step": str(signed.session.step)})
    response = asked.context.render(
        "recovery_codes.html", visit=now.visit, codes=codes, onward=onward(now.visit, wanted)
    )
    hand_over(asked.request, response, signed)
    return response


def _elsewhere(asked: Asked, step: SignInStep, wanted: str) -> Response | None:
    """Return where somebody belongs whose turn this step is not."""
    session = asked.visit.session
    if session and session.step is step:
        return None
    path = onward(asked.visit, wanted) if session else with_return(SIGN_IN, wanted)
    return go_to(path)


def _refused(asked: Asked, step: str, wanted: str, error: AccountError) -> Response:
    """Say what was wrong on the page itself; a session that ended begins from the start."""
    if isinstance(error, SessionEndedError):
        is_there = asked.visit.session is not None
        path = onward(asked.visit, wanted) if is_there else with_return(SIGN_IN, wanted)
        return go_to(path)
    if isinstance(error, SignInRefusedError):  # nothing was compared in any other case
        asked.record(Verb.SIGN_IN, result=AuditResult.REFUSED, detail={"step": step})
    response = _page(asked, step, wanted, error)
    add_delay(response, error)
    return response


def _page(
    asked: Asked,
    step: str,
    wanted: str,
    error: AccountError | None = None,
    **values: object,
) -> Response:
    shown = {"key": "", "uri": "", "qr": ""} | values
    status = error.http_status if error else HTTPStatus.OK
    told = {"step": step, "error": error, "wanted": safe_path(wanted)} | shown
    return asked.context.render("sign_in_step.html", visit=asked.visit, status=status, **told)

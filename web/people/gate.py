"""Defines ``needs``: what a route demands of whoever asks. A route without it cannot be built."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Form, Request
from fastapi.params import Depends as Dependency

from pipeline.audit import Verb
from pipeline.errors import SohoaError
from pipeline.model import Account, Right, Scope
from pipeline.people.scopes import is_within
from pipeline.versions import missing_record
from web.context import AppContext
from web.people.recording import record_act
from web.people.visits import Visit
from web.security import CrossSitePostError, require_same_origin


class Anyone(StrEnum):
    """What a route needs that needs no right."""

    AT_ALL = "anyone"  # health, and the steps of signing in
    SIGNED_IN = "signed in"  # one's own sessions


Need = Right | Anyone
RECORDED_AS: dict[Right, Verb] = {  # a refusal is recorded as what was asked for
    Right.SEARCH: Verb.SEARCH,
    Right.VIEW: Verb.VIEW,
    Right.VIEW_RECEIPTS: Verb.LIST,
    Right.RETRY: Verb.RETRY,
    Right.UPLOAD: Verb.RECEIVE,
    Right.JOIN: Verb.JOIN,
    Right.CORRECT: Verb.CORRECT,
    Right.EXPORT: Verb.DOWNLOAD,
    Right.DOWNLOAD: Verb.ORIGINAL,
    Right.VIEW_WITHHELD: Verb.LIST,
    Right.LIFT_WITHHELD: Verb.LIFT,
    Right.UNMASK: Verb.UNMASK,
    Right.READ_AUDIT: Verb.READ_AUDIT,
    Right.VIEW_OPERATION: Verb.LIST,
}


_CHANGES = {  # of one's own account, as the log calls them
    "add": "user add by provider",
    "roles": "user roles by provider",
    "password": "own password",
    "second factor": "second factor",
}


class NotSignedInError(SohoaError):
    """A page is asked for that only people with an account see."""

    http_status = 401


class RightMissingError(SohoaError):
    """The account has not the right that the page needs."""

    http_status = 403


def visit_of(request: Request) -> Visit:
    """Return whose request it is; the handlers' parameter ``CurrentVisit`` is filled in by it."""
    context: AppContext = request.app.state.context
    visit: Visit | None = getattr(request.state, "visit", None)
    if visit is None:
        visit = request.state.visit = context.visits.visit(request)
    return visit


CurrentVisit = Annotated[Visit, Depends(visit_of)]


class Asked(NamedTuple):
    """A request with all that is known of it."""

    request: Request
    context: AppContext
    visit: Visit

    def record(self, verb: Verb, **more: Any) -> None:
        """Record an act of the visitor, as ``record_act`` does."""
        record_act(self.context.audit, self.visit, verb, **more)

    def before_change(self, what: str, account: Account) -> None:
        """Record what is about to change in the visitor's own account; ``Before`` of the port."""
        told = {"what": _CHANGES[what], "subject": account.name, "roles": ",".join(account.roles)}
        if account.scope.units is not None:
            told["units"] = ",".join(sorted(account.scope.units))
        self.record(Verb.MANAGE, detail=told)


def _asked(request: Request, visit: CurrentVisit) -> Asked:
    return Asked(request, request.app.state.context, visit)


CurrentAsk = Annotated[Asked, Depends(_asked)]


def needs(need: Need) -> Dependency:
    """Return the dependency that refuses whoever lacks what a route needs.

    Args:
        need: a right, or ``Anyone``.
    """
    made: Dependency = Depends(_gate(need))
    return made


def _let_pass() -> None:
    """Ask nobody who they are."""


NEEDS: dict[Callable[..., Any], Need] = {_let_pass: Anyone.AT_ALL}


@cache
def _gate(need: Need) -> Callable[..., None]:
    if need is Anyone.AT_ALL:
        return _let_pass

    def check(request: Request, visit: CurrentVisit) -> None:
        if isinstance(need, Right):
            request.state.verb = RECORDED_AS.get(need, Verb.MANAGE)
        check_need(need, visit)

    NEEDS[check] = need
    return check


def check_need(need: Need, visit: Visit) -> None:
    """Refuse a visit that lacks what is needed.

    Raises:
        NotSignedInError: nobody has signed in, or not to the end.
        RightMissingError: the account lacks the right.
    """
    if visit.is_demonstration and need in visit.rights:
        return
    if not visit.is_signed_in:
        raise NotSignedInError("Cần đăng nhập để xem trang này.", "Hãy đăng nhập rồi mở lại.")
    if isinstance(need, Right) and need not in visit.rights:
        raise RightMissingError(
            "Tài khoản của bạn không có quyền dùng trang này.",
            "Nếu công việc cần đến, hãy đề nghị người quản trị cấp quyền.",
        )


def own_post(
    request: Request, visit: CurrentVisit, token: Annotated[str, Form(alias="khoa")] = ""
) -> None:
    """Refuse a POST that another site's page may have sent: by its origin and by its token.

    Raises:
        CrossSitePostError: it is not known to come from a page of this visit.
    """
    require_same_origin(request)
    check_token(visit, token)


def own_upload(request: Request) -> None:
    """Refuse files that another site's page may be sending, before they are read.

    The token lies in the form, or in a header: ``check_token`` is asked once it is known.

    Raises:
        CrossSitePostError: it is not known to come from a page of this visit.
    """
    require_same_origin(request)


def check_token(visit: Visit, token: str) -> None:
    """Refuse a form or call that does not carry the token of its visit.

    Raises:
        CrossSitePostError: it does not.
    """
    if visit.is_demonstration:
        return
    if not visit.csrf or not hmac.compare_digest(visit.csrf.encode(), token.encode()):
        raise CrossSitePostError(
            "Trang này đã cũ nên yêu cầu không được thực hiện.",
            "Mở lại trang rồi bấm lại nút; trình duyệt cần cho phép cookie.",
        )


def own_call(request: Request, visit: CurrentVisit) -> None:
    """Refuse a call that changes something and that a page in a browser may have sent.

    A token comes in a header that no foreign page can send. The demonstration asks for none, and
    there whatever a browser says of itself (Fetch standard) is refused.

    Raises:
        CrossSitePostError: it is not known to come from a program.
    """
    if visit.token is not None:
        return
    if not visit.is_demonstration or {"origin", "sec-fetch-site"} & set(request.headers):
        raise CrossSitePostError(
            "Yêu cầu này đến từ trình duyệt nên không được thực hiện.",
            "Gọi từ chương trình, kèm token trong đầu Authorization.",
        )


def in_scope(request: Request, visit: CurrentVisit) -> None:
    """Take a dossier outside of the visitor's scope for one that does not exist.

    Raises:
        ObjectMissingError: there is none, in the words of an id that nobody has.
    """
    if visit.scope == Scope():
        return
    context: AppContext = request.app.state.context
    dossier = request.path_params["dossier"]
    record = context.record(dossier)
    if not is_within(visit.scope, record):
        raise missing_record(dossier)

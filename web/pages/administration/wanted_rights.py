"""Reads roles and scope from the form of an account, and carries them whole from page to page."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import Depends, Form
from pydantic import TypeAdapter, ValidationError

from pipeline.model import Account, PersonRole, Scope
from pipeline.people.errors import AccountRefusedError
from pipeline.people.scopes import OPEN

Lines = Annotated[str, Form(max_length=10_000)]
Tick = Annotated[str, Form(max_length=10)]
Carried = Annotated[str, Form(max_length=200_000)]  # roles and scope, as ``held_text`` writes them


class WantedRights(NamedTuple):
    """Roles and scope as they were typed."""

    roles: frozenset[PersonRole]
    scope: Scope


_WHOLE = TypeAdapter(WantedRights)


def held_by(account: Account) -> WantedRights:
    """Return the roles and the scope of an account."""
    return WantedRights(account.roles, account.scope)


def held_text(held: WantedRights) -> str:
    """Return roles and scope as a page carries them: none and all stay apart."""
    return _WHOLE.dump_json(held).decode()


def read_held(text: str) -> WantedRights:
    """Return the roles and scope that a page carried. Raises ``AccountRefusedError``."""
    try:
        return _WHOLE.validate_json(text)
    except ValidationError:
        raise AccountRefusedError(
            "Trang không còn cho biết vai trò và phạm vi trước đó.", "Tải lại trang rồi làm lại."
        ) from None


def _typed_rights(
    roles: Annotated[list[str], Form(alias="vai-tro", max_length=20)] = [],  # noqa: B006 — FastAPI copies it
    units: Annotated[Lines, Form(alias="don-vi")] = "",
    no_unit: Annotated[Tick, Form(alias="khong-don-vi")] = "",
    types: Annotated[Lines, Form(alias="loai")] = "",
    no_type: Annotated[Tick, Form(alias="khong-loai")] = "",
) -> WantedRights:
    known = {str(role): role for role in PersonRole}
    if set(roles) - known.keys():
        raise AccountRefusedError("Không có vai trò này.", "Tải lại trang rồi chọn lại.")
    limits = (_limit(units, no_unit, "đơn vị"), _limit(types, no_type, "loại giấy tờ"))
    return WantedRights(frozenset(known[role] for role in roles), Scope(*limits))


def _with_levels(
    typed: Annotated[WantedRights, Depends(_typed_rights)],
    only_open: Annotated[Tick, Form(alias="chi-thuong")] = "",
    keeps_levels: Annotated[Tick, Form(alias="giu-muc")] = "",
    seen: Annotated[Carried, Form(alias="dang-co")] = "",
) -> WantedRights:
    levels = frozenset({OPEN}) if only_open else None
    if keeps_levels and not only_open:  # the command sets levels that the form has no word for
        levels = read_held(seen).scope.levels
    scope = Scope(typed.scope.units, typed.scope.document_types, levels)
    return WantedRights(typed.roles, scope)


Wanted = Annotated[WantedRights, Depends(_with_levels)]


def _limit(lines: str, nothing: str, what: str) -> frozenset[str] | None:
    """Return the names that stand on lines of their own; None, which is all, for none.

    Raises:
        AccountRefusedError: names are typed, and none is ticked as well.
    """
    names = frozenset(filter(None, map(str.strip, lines.splitlines())))
    if names and nothing:
        raise AccountRefusedError(
            f"Vừa ghi {what}, vừa chọn «không {what} nào»: chưa thay gì.",
            f"Xóa các {what}, hoặc bỏ dấu ở «không {what} nào», rồi lưu lại.",
        )
    return names or (frozenset() if nothing else None)

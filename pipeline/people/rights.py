"""Says what each role of people may do; whatever is not in the table is denied."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.people import ApiToken, PersonRole, Right, Session, SignInStep
from pipeline.model.search import Scope

RIGHTS: dict[PersonRole, frozenset[Right]] = {
    PersonRole.CLERK: frozenset({Right.VIEW_RECEIPTS, Right.UPLOAD, Right.RETRY}),
    PersonRole.READER: frozenset({Right.SEARCH, Right.VIEW}),
    PersonRole.RECORDS: frozenset(
        {
            Right.SEARCH,
            Right.VIEW,
            Right.VIEW_RECEIPTS,
            Right.UPLOAD,
            Right.RETRY,
            Right.JOIN,
            Right.CORRECT,
            Right.EXPORT,
            Right.DOWNLOAD,
            Right.UNMASK,
            Right.VIEW_OPERATION,
        }
    ),
    PersonRole.PRIVACY: frozenset({Right.SEARCH, Right.VIEW, Right.UNMASK, Right.PROTECT_DATA}),
    PersonRole.SECRECY: frozenset(
        {Right.SEARCH, Right.VIEW, Right.VIEW_WITHHELD, Right.LIFT_WITHHELD}
    ),
    PersonRole.AUDITOR: frozenset({Right.READ_AUDIT}),
    PersonRole.ADMIN: frozenset({Right.MANAGE_ACCOUNTS, Right.VIEW_OPERATION}),
}

ROLE_NAMES = {  # as people read them, on pages and in the terminal
    PersonRole.CLERK: "Cán bộ tiếp nhận",
    PersonRole.READER: "Người tra cứu",
    PersonRole.RECORDS: "Cán bộ hồ sơ",
    PersonRole.PRIVACY: "Bảo vệ dữ liệu cá nhân",
    PersonRole.SECRECY: "Phụ trách bảo mật",
    PersonRole.AUDITOR: "Kiểm tra nhật ký",
    PersonRole.ADMIN: "Quản trị tài khoản",
}

# Whoever has one of these sees unmasked data or could give it to others.
_NEEDS_SECOND_FACTOR = frozenset(
    {
        Right.UNMASK,
        Right.VIEW_WITHHELD,
        Right.LIFT_WITHHELD,
        Right.READ_AUDIT,
        Right.MANAGE_ACCOUNTS,
    }
)
# A token has no second factor, so it never carries a right that demands one.
TOKEN_RIGHTS = frozenset(Right) - _NEEDS_SECOND_FACTOR - {Right.PROTECT_DATA}
# Whoever makes accounts sees no papers, and whoever reads the log does not appear in it.
_ALONE = frozenset({PersonRole.ADMIN, PersonRole.AUDITOR})


def rights_of_roles(roles: Iterable[PersonRole]) -> frozenset[Right]:
    """Return all that somebody with these roles may do."""
    return frozenset[Right]().union(*(RIGHTS[role] for role in roles))


def rights_of(visit: Session | ApiToken) -> frozenset[Right]:
    """Return what a session or token may do now: nothing until all steps of a sign-in are done."""
    held = rights_of_roles(visit.account.roles)
    if visit.account.is_disabled:
        return frozenset()
    if isinstance(visit, ApiToken):
        return frozenset() if visit.is_revoked else visit.rights & held & TOKEN_RIGHTS
    return held if visit.step is SignInStep.DONE else frozenset()


def needs_second_factor(roles: Iterable[PersonRole]) -> bool:
    """Tell whether somebody with these roles must sign in with a second factor."""
    return bool(rights_of_roles(roles) & _NEEDS_SECOND_FACTOR)


def conflict(roles: frozenset[PersonRole]) -> str:
    """Return why roles may not be one person's, in Vietnamese; empty when they may."""
    if not roles:
        return "Tài khoản phải có ít nhất một vai trò."
    if len(roles) > 1 and (alone := sorted(roles & _ALONE)):
        role = alone[0]
        told = f"Vai trò «{ROLE_NAMES[role]}» ({role})"  # pages show names, commands take codes
        return f"{told} không đi cùng vai trò khác: mỗi việc một tài khoản."
    return ""


def narrowed(scope: Scope, units: frozenset[str] | None) -> Scope:
    """Return a scope with only those of its units that are also among the given ones."""
    if units is None:
        return scope
    kept = units if scope.units is None else scope.units & units
    return Scope(kept, scope.document_types, scope.levels)


def is_wider(scope: Scope, than: Scope) -> bool:
    """Tell whether a scope holds anything that another one does not."""
    pairs = (
        (scope.units, than.units),
        (scope.document_types, than.document_types),
        (scope.levels, than.levels),
    )
    return any(before is not None and (now is None or not now <= before) for now, before in pairs)

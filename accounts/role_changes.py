"""Changes the roles and scope of accounts, by an administrator or as a provider says."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select, update

from accounts.rows import account_of, end_sessions, scope_values
from accounts.schema import accounts
from pipeline.model import Account, PersonRole, ProvidedIdentity, Scope
from pipeline.people.errors import AccountRefusedError
from pipeline.people.rights import is_wider
from pipeline.ports.accounts import Before


def keep_an_admin(connection: Connection, leaving: Account) -> None:
    """Refuse to take the last open administrator away.

    All open accounts are locked, in one order: of two administrators who close each other at the
    same moment one stays. In SQLite writers come one after the other anyway.
    """
    if PersonRole.ADMIN not in leaving.roles or leaving.is_disabled:
        return
    is_open = select(accounts).where(~accounts.c.is_disabled).order_by(accounts.c.id)
    others = map(account_of, connection.execute(is_open.with_for_update()))
    if not any(PersonRole.ADMIN in each.roles for each in others if each.id != leaving.id):
        raise AccountRefusedError(
            f"«{leaving.name}» là người quản trị cuối cùng.",
            "Tạo hoặc mở tài khoản quản trị khác trước.",
        )


def locked_as(
    connection: Connection, account: str, roles: frozenset[PersonRole], scope: Scope
) -> Account:
    """Lock an account and return it; refuse if it has not these roles and this scope any more.

    So nobody overwrites a decision that they have not seen.
    """
    mine = select(accounts).where(accounts.c.id == account).with_for_update()
    found = account_of(connection.execute(mine).one())
    if (found.roles, found.scope) != (roles, scope):
        raise AccountRefusedError(
            f"Vai trò hoặc phạm vi của «{found.name}» vừa được người khác đổi; chưa thay gì.",
            "Xem vai trò và phạm vi bây giờ, rồi quyết định lại.",
        )
    return found


def replace_roles(
    connection: Connection, before: Account, roles: frozenset[PersonRole], scope: Scope
) -> None:
    """Replace roles and scope; more than before ends all sessions: it takes a new sign-in."""
    if (roles, scope) == (before.roles, before.scope):
        return
    values = {"roles": frozenset(map(str, roles)), **scope_values(scope)}
    connection.execute(update(accounts).where(accounts.c.id == before.id).values(values))
    if roles - before.roles or is_wider(scope, before.scope):
        end_sessions(connection, before.id)  # more rights only with a new session


def with_rights_of(
    connection: Connection, known: Account, identity: ProvidedIdentity, before: Before
) -> Account:
    """Give an account the roles, and perhaps units, that its provider says; return it."""
    types, levels = known.scope.document_types, known.scope.levels
    scope = Scope(identity.scope.units, types, levels) if identity.has_units else known.scope
    changed = replace(known, roles=identity.roles, scope=scope)
    if changed != known:
        replace_roles(connection, known, changed.roles, changed.scope)
        before("roles", changed)
    return changed

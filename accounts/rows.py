"""Turns rows of the tables into accounts and back, and cleans what people and browsers send."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from accounts.schema import accounts, sessions
from pipeline.model import Account, PersonRole, Scope, SignInStep, Subject
from pipeline.people.errors import AccountMissingError
from pipeline.people.rights import needs_second_factor
from pipeline.plain_text import replace_unseen
from pipeline.vietnamese.text import nfc

LONGEST_NAME = 64


def cleaned(text: str, longest: int) -> str:
    """Return text that every database takes and that steers no terminal, cut to a length."""
    return replace_unseen(nfc(text[: longest * 4]).strip())[:longest]


def folded(name: str) -> str:
    """Return the form of a name that is looked for: its case does not count."""
    return cleaned(name, LONGEST_NAME + 1).casefold()


def secret_hash(secret: str) -> str:
    """Return what is kept of a secret of 256 bits; it needs no slow hash, as nobody guesses it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_id() -> str:
    """Return an id that means nothing and may be shown."""
    return secrets.token_hex(8)


def account_of(row: Row[Any]) -> Account:
    """Return the account of a row of ``accounts``."""
    return Account(
        id=row.id,
        name=row.name,
        roles=frozenset(map(PersonRole, row.roles)),
        scope=Scope(row.units, row.document_types, row.levels),
        created=row.created,
        is_disabled=row.is_disabled,
        must_change_password=row.must_change_password,
        has_second_factor=row.factor is not None,
        signed_in=row.signed_in,
        subject=Subject(row.issuer, row.subject) if row.issuer else None,
    )


def scope_values(scope: Scope) -> dict[str, frozenset[str] | None]:
    """Return the columns of a scope."""
    return {
        "units": scope.units,
        "document_types": scope.document_types,
        "levels": scope.levels,
    }


def row_named(connection: Connection, name: str) -> Row[Any]:
    """Return the row of the account of a name. Raises ``AccountMissingError``."""
    row = find_row(connection, folded(name))
    if row is None:
        raise AccountMissingError(
            f"Không có tài khoản «{cleaned(name, LONGEST_NAME)}».", "Xem: sohoa user list"
        )
    return row


def find_row(connection: Connection, folded_name: str) -> Row[Any] | None:
    """Return the row of the account of a folded name."""
    return connection.execute(select(accounts).where(accounts.c.folded == folded_name)).first()


def end_sessions(connection: Connection, account: str, *, but: str = "") -> int:
    """End the sessions of an account; return how many ended.

    Args:
        connection: a transaction that writes.
        account: the account's id.
        but: the id of a session that stays.
    """
    mine = (sessions.c.account == account) & (sessions.c.id != but)
    return connection.execute(delete(sessions).where(mine)).rowcount


def step_of(account: Account, *, passed_factor: bool) -> SignInStep:
    """Return what is still asked of whoever signed in, as the account is now.

    Args:
        account: the account.
        passed_factor: the second factor was given in this session, here or to the provider.
    """
    if account.has_second_factor and not passed_factor:
        return SignInStep.CODE
    if account.must_change_password:
        return SignInStep.PASSWORD
    if needs_second_factor(account.roles) and not passed_factor:
        return SignInStep.ENROLMENT
    return SignInStep.DONE

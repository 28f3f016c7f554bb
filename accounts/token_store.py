"""Keeps API tokens ``soh_<id>_<secret>``: shown once, stored as a hash, ended after 90 days."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from accounts.database import Database
from accounts.rows import account_of, cleaned, new_id, row_named, secret_hash
from accounts.schema import accounts, tokens
from pipeline.model import ApiToken, Right, TokenRequest
from pipeline.people.errors import AccountRefusedError
from pipeline.people.rights import TOKEN_RIGHTS, narrowed, rights_of_roles

_TEXT = re.compile(r"soh_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_MOST_DAYS = 90
_USED_EVERY = timedelta(minutes=1)  # a call is noted once in this time
_LONGEST_LABEL = 80


class TokenStore:
    """The tokens; fulfils ``pipeline.ports.tokens.Tokens``."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def make(self, name: str, wanted: TokenRequest) -> tuple[ApiToken, str]:
        """Make a token; return it, and its text, which is kept nowhere."""
        id_, secret, now = wanted.id or new_id(), secrets.token_urlsafe(32), self._now()
        with self._database.writing() as connection:
            owner = row_named(connection, name)
            _refuse_too_much(owner, wanted)
            row = {
                "id": id_,
                "hash": secret_hash(secret),
                "account": owner.id,
                "rights": frozenset(map(str, wanted.rights)),
                "units": wanted.units,
                "label": cleaned(wanted.label, _LONGEST_LABEL),
                "created": now,
                "ends": now + timedelta(days=wanted.days),
                "is_revoked": False,
            }
            connection.execute(tokens.insert().values(row))
            made = connection.execute(_joined().where(tokens.c.id == id_)).one()
        return _token_of(made), f"soh_{id_}_{secret}"

    def find(self, text: str) -> ApiToken | None:
        """Return the token of a text, and note that it was used; None: unknown, ended, revoked."""
        parts = _TEXT.fullmatch(text)
        if parts is None:
            return None
        with self._database.reading() as connection:
            row = connection.execute(_joined().where(tokens.c.id == parts[1])).first()
        if row is None or not secrets.compare_digest(row.hash, secret_hash(parts[2])):
            return None
        now = self._now()
        if row.is_revoked or row.is_disabled or not row.begun <= now < row.ends:
            return None
        if row.used is None or abs(now - row.used) >= _USED_EVERY:
            with self._database.writing() as connection:
                mine = tokens.c.id == row.token
                connection.execute(update(tokens).where(mine).values(used=now))
        return _token_of(row)

    def of(self, name: str) -> tuple[ApiToken, ...]:
        """Return the tokens of an account, newest first."""
        with self._database.reading() as connection:
            owner = row_named(connection, name)
            asked = _joined().where(tokens.c.account == owner.id)
            rows = connection.execute(asked.order_by(tokens.c.created.desc())).all()
        return tuple(map(_token_of, rows))

    def revoke(self, token: str) -> bool:
        """Make a token useless; False when there is none of this id."""
        with self._database.writing() as connection:
            mine = tokens.c.id == cleaned(token, _LONGEST_LABEL)
            change = update(tokens).where(mine).values(is_revoked=True)
            return connection.execute(change).rowcount == 1


def _refuse_too_much(owner: Row[Any], wanted: TokenRequest) -> None:
    """Refuse a token that could do more than its account, or lasts too long."""
    account = account_of(owner)
    if account.is_disabled:
        raise AccountRefusedError(
            f"Tài khoản «{account.name}» đang bị khóa.", "Mở lại: sohoa user disable NAME --undo"
        )
    held = rights_of_roles(account.roles) & TOKEN_RIGHTS
    if not wanted.rights or not wanted.rights <= held:
        may = ", ".join(sorted(held)) or "không quyền nào"
        raise AccountRefusedError(
            "Token không thể có quyền này: tài khoản không có, hoặc quyền chỉ dành cho người.",
            f"Tài khoản «{account.name}» cho token được: {may}.",
        )
    if not 1 <= wanted.days <= _MOST_DAYS:
        raise AccountRefusedError(f"Token có hạn từ 1 đến {_MOST_DAYS} ngày.", "Sửa --days.")
    units = account.scope.units
    if wanted.units is not None and units is not None and not wanted.units <= units:
        raise AccountRefusedError(
            "Token không thể xem đơn vị mà tài khoản không xem được.",
            f"Đơn vị của tài khoản: {', '.join(sorted(units))}.",
        )


def _token_of(row: Row[Any]) -> ApiToken:
    account = account_of(row)
    return ApiToken(
        id=row.token,
        account=account,
        rights=frozenset(map(Right, row.rights)),
        scope=narrowed(account.scope, row.token_units),
        label=row.label,
        created=row.begun,
        ends=row.ends,
        used=row.used,
        is_revoked=row.is_revoked,
    )


def _joined() -> Any:
    named = (
        tokens.c.id.label("token"),
        tokens.c.units.label("token_units"),
        tokens.c.created.label("begun"),
    )
    others = (
        tokens.c.hash,
        tokens.c.rights,
        tokens.c.label,
        tokens.c.ends,
        tokens.c.used,
        tokens.c.is_revoked,
    )
    return select(accounts, *named, *others).join(tokens, tokens.c.account == accounts.c.id)

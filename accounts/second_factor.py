"""Second factor by codes of time (TOTP, RFC 6238), each taken once, and recovery codes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection, delete, func, select, update

from accounts.keys import KeyRing
from accounts.schema import accounts, recovery_codes
from pipeline.model import Account, Enrolment

_ISSUER = "Sohoa"  # what the application calls the account
_DRIFT = 2  # steps of 30 seconds by which a telephone's clock may be off, and typing takes time
_CODES = 10  # recovery codes
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH, _GROUP = 16, 4  # letters of a recovery code: 80 bits
_TYPED = re.compile(r"[\s-]+")
_SIX_DIGITS = re.compile(r"[0-9]{6}")


class CodeBook:
    """The keys of second factors, and the recovery codes."""

    def __init__(self, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now

    def begin(self, connection: Connection, account: Account) -> Enrolment:
        """Make a key that is not confirmed yet; one that was begun before counts no more.

        Args:
            connection: a transaction that writes.
            account: the account that it becomes the second factor of.
        """
        key = pyotp.random_base32()
        mine = accounts.c.id == account.id
        sealed = self._keys.seal(key)
        connection.execute(update(accounts).where(mine).values(factor_begun=sealed))
        uri = pyotp.TOTP(key).provisioning_uri(name=account.name, issuer_name=_ISSUER)
        return Enrolment(key, uri)

    def confirm(self, connection: Connection, account: str, code: str) -> tuple[str, ...]:
        """Put the begun key in force if the code is its own; return the recovery codes.

        Args:
            connection: a transaction that writes.
            account: the account's id.
            code: the code as typed.

        Returns:
            Codes that stand nowhere else, each to be used once; none: the code is wrong.
        """
        mine = accounts.c.id == account
        sealed = connection.execute(select(accounts.c.factor_begun).where(mine)).scalar()
        step = None if sealed is None else self._step(self._keys.unseal(sealed), code)
        if step is None:
            return ()
        values: dict[str, Any] = {"factor": sealed, "factor_begun": None, "factor_step": step}
        connection.execute(update(accounts).where(mine).values(values))
        connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))
        made = tuple(_recovery_code() for _ in range(_CODES))
        rows = [{"mark": self._mark(account, each), "account": account} for each in made]
        connection.execute(recovery_codes.insert(), rows)
        return made

    def takes(self, connection: Connection, account: str, code: str) -> bool:
        """Tell whether a code is right, and use it up: no code is taken a second time.

        Args:
            connection: a transaction that writes.
            account: the account's id.
            code: a code of the application, or a recovery code, as typed.
        """
        mine = accounts.c.id == account
        sealed = connection.execute(select(accounts.c.factor).where(mine)).scalar()
        if sealed is None:
            return False
        step = self._step(self._keys.unseal(sealed), code)
        if step is not None:
            newer = update(accounts).where(mine, accounts.c.factor_step < step)
            return connection.execute(newer.values(factor_step=step)).rowcount == 1
        used = delete(recovery_codes).where(
            recovery_codes.c.mark == self._mark(account, code),
            recovery_codes.c.account == account,
        )
        return connection.execute(used).rowcount == 1

    def left(self, connection: Connection, account: str) -> int:
        """Return how many recovery codes an account has left."""
        mine = recovery_codes.c.account == account
        asked = select(func.count()).select_from(recovery_codes).where(mine)
        return connection.execute(asked).scalar() or 0

    def _step(self, key: str, code: str) -> int | None:
        """Return the step of time that a code belongs to; None when it is none of these minutes."""
        typed = _TYPED.sub("", code)
        if not _SIX_DIGITS.fullmatch(typed):
            return None
        generator = pyotp.TOTP(key)
        present = generator.timecode(self._now())
        steps = range(max(0, present - _DRIFT), present + _DRIFT + 1)
        right = [
            step for step in steps if secrets.compare_digest(generator.generate_otp(step), typed)
        ]
        return right[-1] if right else None

    def _mark(self, account: str, code: str) -> str:
        """Return what is kept of a recovery code."""
        plain = _TYPED.sub("", code[:100]).upper().encode("utf-8", "replace").decode()
        return self._keys.mark("recovery", f"{account} {plain}")


def forget(connection: Connection, account: str) -> None:
    """Forget an account's second factor and recovery codes.

    Args:
        connection: a transaction that writes.
        account: the account's id.
    """
    values = {"factor": None, "factor_begun": None, "factor_step": -1}
    connection.execute(update(accounts).where(accounts.c.id == account).values(values))
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))

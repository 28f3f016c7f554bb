"""Accounts for tests: a clock that can be set, places of both forms, and people with passwords."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
from pydantic import SecretStr

from accounts import open_accounts
from pipeline.model import (
    Account,
    NewAccount,
    PersonRole,
    Scope,
    SignedIn,
    SignInStep,
    Visitor,
)
from pipeline.ports import Accounts
from pipeline.settings import AccountSettings

PASSWORD = "bốn từ không liên quan"
STRANGER = Visitor("198.51.100.7", "a browser")
OWNER = Visitor("192.0.2.10", "the owner's browser")


class Clock:
    """Tells the time that a test wants it to be; it begins at the present moment."""

    def __init__(self) -> None:
        self._moment = datetime.now(UTC)
        self._goes_on = False

    def __call__(self) -> datetime:
        return datetime.now(UTC) if self._goes_on else self._moment

    def go_on(self) -> None:
        """Tell the present from now on, as real browsers and telephones do."""
        self._goes_on = True

    def forward(self, **time: float) -> None:
        """Set it forward, by the arguments of ``timedelta``."""
        self._moment += timedelta(**time)


@dataclass
class Place:
    """Where accounts lie: a home, or a database of PostgreSQL; opened any number of times."""

    home: Path
    url: str = ""  # of PostgreSQL; empty: the file of the home
    clock: Clock = field(default_factory=Clock)
    opened: list[Accounts] = field(default_factory=list)

    @property
    def settings(self) -> AccountSettings:
        """The settings, with the cheapest hashes that are allowed."""
        return AccountSettings(url=SecretStr(self.url), hash_memory_mib=19, hash_passes=2)

    def open(self) -> Accounts:
        """Open the accounts, as another process would."""
        self.opened.append(open_accounts(self.settings, self.home, self.clock))
        return self.opened[-1]

    def close(self) -> None:
        """Close whatever was opened."""
        while self.opened:
            self.opened.pop().close()


def add_person(
    accounts: Accounts,
    name: str,
    *roles: PersonRole,
    scope: Scope | None = None,
    must_change: bool = False,
) -> Account:
    """Make an account with ``PASSWORD``."""
    new = NewAccount(name, frozenset(roles or {PersonRole.READER}), scope or Scope())
    return accounts.people.add(new, PASSWORD, must_change=must_change)


def enrol(accounts: Accounts, begun: SignedIn, clock: Clock) -> tuple[SignedIn, pyotp.TOTP, str]:
    """Set up a second factor; return the session, the telephone and a recovery code."""
    assert begun.session.step is SignInStep.ENROLMENT
    phone = pyotp.TOTP(accounts.second_factors.begin(begun.secret).key)
    done, codes = accounts.second_factors.confirm(begun.secret, phone.at(clock()), OWNER)
    return done, phone, codes[0]

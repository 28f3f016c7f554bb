"""Accounts of people for the rules of lifting: a list of them, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from pipeline.model import EVERYTHING, Account, PersonRole
from pipeline.people.errors import AccountMissingError
from pipeline.ports.accounts import People


@dataclass
class Officers:
    """People by name, whatever its case; changed as an administrator changes them."""

    known: dict[str, Account] = field(default_factory=dict)

    def add(self, name: str, *roles: PersonRole) -> Account:
        """Make an account, of the secrecy role unless others are named."""
        held = frozenset(roles or {PersonRole.SECRECY})
        made = Account(f"{len(self.known):016x}", name, held, EVERYTHING, datetime.now(UTC))
        self.known[name.casefold()] = made
        return made

    def change(self, name: str, **values: Any) -> Account:
        """Replace values of an account."""
        self.known[name.casefold()] = replace(self.known[name.casefold()], **values)
        return self.known[name.casefold()]

    def named(self, name: str) -> Account:
        """Return the account of a name."""
        if name.casefold() not in self.known:
            raise AccountMissingError("Không có tài khoản này.")
        return self.known[name.casefold()]

    @property
    def people(self) -> People:
        """These, as the port that the rules ask; they ask for names alone."""
        return cast("People", self)


NOBODY = Officers().people

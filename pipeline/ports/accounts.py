"""Defines the port of people's accounts: administration, sign-in, sessions, second factor, tokens.

All methods raise ``AccountsUnavailableError`` when the database is away, full or read-only. Words
of refusals are the same for accounts that exist and those that do not, and so is the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from pipeline.model.people import (
    Account,
    Enrolment,
    NewAccount,
    PersonRole,
    ProvidedIdentity,
    Session,
    SignedIn,
    Subject,
    Visitor,
)
from pipeline.model.search import Scope
from pipeline.ports.purposes import Purposes
from pipeline.ports.saved_searches import SavedSearches
from pipeline.ports.tokens import Tokens

# Told what is about to change, and the account as it is then; when it raises, nothing changes.
Before = Callable[[str, Account], None]


def nobody_is_told(what: str, account: Account) -> None:
    """Stand for ``Before`` where nothing is recorded, as in tests and measurements."""


class People(Protocol):
    """The accounts, as an administrator sees them."""

    def is_empty(self) -> bool:
        """Tell whether nobody has an account yet."""
        ...

    def everyone(self) -> tuple[Account, ...]:
        """Return all accounts, by name."""
        ...

    def named(self, name: str) -> Account:
        """Return the account of a name, whatever its case. Raises ``AccountMissingError``."""
        ...

    def add(self, new: NewAccount, password: str, *, must_change: bool) -> Account:
        """Make an account.

        Args:
            new: the name, roles and scope it gets.
            password: its first password; empty: it signs in through a provider only.
            must_change: the first password must be changed at the first sign-in.

        Raises:
            AccountRefusedError: the name is taken or not allowed, or the roles exclude each other.
            WeakPasswordError: the password is too short or too common.
        """
        ...

    def set_roles(
        self,
        name: str,
        roles: frozenset[PersonRole],
        scope: Scope,
        instead_of: tuple[frozenset[PersonRole], Scope] | None = None,
    ) -> Account:
        """Replace roles and scope; what falls away does so at once, a rise ends all sessions.

        Args:
            name: the account's name.
            roles: the roles from now on.
            scope: the scope from now on.
            instead_of: roles and scope that are replaced; nothing is if it has others by now.

        Raises:
            AccountMissingError: nobody has this name.
            AccountRefusedError: the roles exclude each other, the last administrator would go, or
                the account has other roles or another scope than ``instead_of``.
        """
        ...

    def set_disabled(self, name: str, *, is_disabled: bool) -> Account:
        """Close an account, which ends its sessions, or open it.

        Raises:
            AccountMissingError: nobody has this name.
            AccountRefusedError: it is that of the last administrator.
        """
        ...

    def reset(
        self, name: str, password: str, *, must_change: bool, forgets_second_factor: bool = False
    ) -> Account:
        """Set another password; end all sessions; forget the delays after wrong passwords.

        Args:
            name: the account's name.
            password: the password from now on.
            must_change: it must be changed at the next sign-in.
            forgets_second_factor: the second factor must be set up anew, as when a phone is lost.

        Raises:
            AccountMissingError: nobody has this name.
            WeakPasswordError: the password is too short or too common.
        """
        ...

    def link(self, name: str, subject: Subject) -> Account:
        """Let somebody sign in through an OpenID provider too.

        Raises:
            AccountMissingError: nobody has this name.
            AccountRefusedError: this subject is linked to another account.
        """
        ...


class SignIns(Protocol):
    """Signing in, step by step; each step that succeeds gives the session a new secret."""

    def sign_in(self, name: str, password: str, visitor: Visitor) -> SignedIn:
        """Begin a session. Its ``step`` says what is still asked.

        Raises:
            SignInRefusedError: no such account, wrong password, or closed: never says which.
            SignInDelayedError: too many wrong passwords before; nothing was compared.
            SignInBusyError: too many people sign in at this moment; nothing was compared.
        """
        ...

    def sign_in_by_provider(
        self, identity: ProvidedIdentity, visitor: Visitor, before: Before = nobody_is_told
    ) -> SignedIn:
        """Begin the session of somebody a provider vouches for; the first time makes an account.

        ``before`` is told of an account that is made (``add``) or gets other rights (``roles``).

        Raises:
            SignInRefusedError: the account is closed, or none of the groups has a role here.
        """
        ...

    def enter_code(self, secret: str, code: str, visitor: Visitor) -> SignedIn:
        """Take the code of the second factor, or a recovery code, which then is used up.

        Raises:
            SessionEndedError: the session has ended.
            SignInRefusedError: the code is wrong, or was used before.
            SignInDelayedError: too many wrong codes before.
        """
        ...

    def change_password(
        self, secret: str, old: str, new: str, visitor: Visitor, before: Before = nobody_is_told
    ) -> SignedIn:
        """Set one's own password; all other sessions end. ``before`` is told ``password``.

        Raises:
            SessionEndedError: the session has ended, or its second factor is still asked for.
            SignInRefusedError: the old password is wrong.
            SignInDelayedError: it was wrong too often.
            SignInBusyError: too many people sign in at this moment.
            WeakPasswordError: the new one is too short, too common, or the old one.
        """
        ...


class SecondFactors(Protocol):
    """Setting up the second factor: codes by time (TOTP, RFC 6238)."""

    def begin(self, secret: str) -> Enrolment:
        """Return a new key for an authenticator application; it counts once it is confirmed.

        Raises:
            SessionEndedError: the session has ended, or another step comes first.
        """
        ...

    def confirm(
        self, secret: str, code: str, visitor: Visitor, before: Before = nobody_is_told
    ) -> tuple[SignedIn, tuple[str, ...]]:
        """Take the first code; return the session, and recovery codes to be shown once.

        ``before`` is told ``second factor``.

        Raises:
            SessionEndedError: the session has ended, or nothing was begun.
            SignInRefusedError: the code is wrong.
            SignInDelayedError: it was wrong too often.
        """
        ...


class Sessions(Protocol):
    """The sessions of those who are signed in."""

    def find(self, secret: str) -> Session | None:
        """Return the session of a secret, and note that it was seen; None when it has ended."""
        ...

    def of(self, account: str) -> tuple[Session, ...]:
        """Return the living sessions of an account, given by its id, newest first."""
        ...

    def sign_out(self, secret: str) -> None:
        """End the session of a secret; none is fine."""
        ...

    def end(self, account: str, session: str = "") -> int:
        """End a session of an account (by id), or all of them; return how many ended.

        Args:
            account: the account's id; another account's session is not touched.
            session: the session's id; empty: all.
        """
        ...


class Accounts(NamedTuple):
    """All that is known of people."""

    people: People
    sign_ins: SignIns
    second_factors: SecondFactors
    sessions: Sessions
    tokens: Tokens
    purposes: Purposes
    searches: SavedSearches
    close: Callable[[], None]  # closes the connections to the database

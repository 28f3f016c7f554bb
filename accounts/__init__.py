"""Opens the accounts of people: in a file of the home, or in PostgreSQL where it is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from accounts.checks import check_database, has_people, prepare_database, prepare_role
from accounts.database import FILE, open_database
from accounts.delays import Delays
from accounts.enrolment import EnrolmentDesk
from accounts.install import accept_key, check_key
from accounts.keys import load_keys
from accounts.password_rules import first_password
from accounts.passwords import HashingGate, Passwords
from accounts.people_store import PeopleStore
from accounts.purpose_store import PurposeStore
from accounts.review.queue import FILE as REVIEW_FILE
from accounts.review.queue import ReviewStore
from accounts.searches.saved import SavedSearchStore
from accounts.second_factor import CodeBook
from accounts.session_store import SessionStore
from accounts.sign_in import Parts, SignInDesk
from accounts.token_store import TokenStore
from accounts.upgrade import upgrade
from pipeline.errors import SohoaError
from pipeline.model import Check
from pipeline.ports import Accounts
from pipeline.settings import AccountSettings

__all__ = [
    "check_accounts",
    "first_password",
    "has_accounts",
    "has_people",
    "open_accounts",
    "open_review",
    "prepare_accounts",
    "prepare_role",
    "replace_key",
]


def _present() -> datetime:
    return datetime.now(UTC)


def open_accounts(
    settings: AccountSettings, home: Path, now: Callable[[], datetime] = _present
) -> Accounts:
    """Open the accounts; tables and key are made, or brought to this version, by the first call.

    Safe to call from many processes at once, and what it returns from many threads.

    Args:
        settings: where the database is, how long sessions last, what a hash costs.
        home: the folder of the embedded database and of the key.
        now: tells the present moment, with its zone.

    Raises:
        AccountsUnavailableError: the database is away, locked or damaged.
        MisconfiguredError: a newer version has written it, or the key is not the one it knows.
    """
    database = open_database(settings, home)
    try:
        upgrade(database)
        keys = load_keys(settings, home)
        check_key(database, keys)
    except SohoaError:
        database.close()
        raise
    passwords, delays = Passwords(settings), Delays(keys, now)
    people = PeopleStore(database, keys, passwords, now)
    sessions = SessionStore(database, settings, now)
    gate, codes = HashingGate(settings.hashes_at_once), CodeBook(keys, now)
    parts = Parts(database, people, sessions, codes, passwords, gate, delays, now)
    desk = SignInDesk(parts)
    enrolment = EnrolmentDesk(parts, desk)
    tokens = TokenStore(database, now)
    purposes = PurposeStore(database, now)
    searches = SavedSearchStore(database, keys, now)
    return Accounts(people, desk, enrolment, sessions, tokens, purposes, searches, database.close)


def open_review(
    settings: AccountSettings, home: Path, now: Callable[[], datetime] = _present
) -> ReviewStore:
    """Open the review queue: beside served accounts, else in a file of its own in the home.

    Args:
        settings: where the database is.
        home: the folder of the embedded file.
        now: tells the present moment, with its zone.

    Raises:
        AccountsUnavailableError: the database is away, locked or damaged.
        MisconfiguredError: the address is none of PostgreSQL, or `sohoa prepare` was not run.
    """
    return ReviewStore(open_database(settings, home, REVIEW_FILE), now)


def has_accounts(settings: AccountSettings, home: Path) -> bool:
    """Tell whether anybody has an account; a home without a database gets none by this.

    Raises:
        AccountsUnavailableError: the database is away, locked or damaged.
        MisconfiguredError: a newer version has written it, or the key is not the one it knows.
    """
    if not settings.url.get_secret_value() and not (home / FILE).exists():
        return False
    accounts = open_accounts(settings, home)
    try:
        return not accounts.people.is_empty()
    finally:
        accounts.close()


def check_accounts(settings: AccountSettings, home: Path) -> Iterator[Check]:
    """Yield the checks of the database, its key and its people; never raises, changes nothing."""
    yield from check_database(settings, home)


def prepare_accounts(settings: AccountSettings, home: Path) -> Iterator[Check]:
    """Make schema and tables of a served database and yield what was done; again changes nothing.

    The embedded one makes itself with the first account.
    """
    if settings.url.get_secret_value():
        yield from prepare_database(settings, home)


def replace_key(settings: AccountSettings, home: Path) -> int:
    """Accept the present key in place of one that is lost; all second factors are forgotten.

    Returns:
        How many accounts must set up their second factor anew.

    Raises:
        AccountsUnavailableError: the database is away.
        MisconfiguredError: the key cannot be read or made.
    """
    with closing(open_database(settings, home)) as database:
        upgrade(database)
        return accept_key(database, load_keys(settings, home))

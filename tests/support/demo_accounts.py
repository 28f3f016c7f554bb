"""Makes the accounts of `make demo ACCOUNTS=1`, and removes them for a demo without."""

from __future__ import annotations

from accounts import first_password, open_accounts
from pipeline.model import NewAccount, PersonRole
from pipeline.settings import Settings


def prepare_accounts(settings: Settings) -> dict[str, str]:
    """Make an account for each role, named after it; return names and passwords."""
    people = {}
    accounts = open_accounts(settings.accounts, settings.home)
    known = {account.name for account in accounts.people.everyone()}
    for role in PersonRole:
        name, password = str(role), first_password()
        if name in known:
            accounts.people.reset(name, password, must_change=False, forgets_second_factor=True)
        else:
            accounts.people.add(NewAccount(name, frozenset({role})), password, must_change=False)
        people[name] = password
    accounts.close()
    return people


def forget_accounts(settings: Settings) -> dict[str, str]:
    """Remove the accounts of an earlier demo: without any the room stays a demonstration."""
    for file in settings.home.glob("accounts.sqlite3*"):
        file.unlink()
    return {}

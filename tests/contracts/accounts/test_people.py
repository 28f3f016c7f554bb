"""Accounts as an administrator makes and changes them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.model import NewAccount, PersonRole, Scope
from pipeline.people.errors import (
    AccountMissingError,
    AccountRefusedError,
    WeakPasswordError,
)
from pipeline.ports import Accounts
from tests.support.people import PASSWORD, Place, add_person

READER = frozenset({PersonRole.READER})


def test_an_account_is_kept_as_it_was_made(place: Place) -> None:
    accounts = place.open()
    assert accounts.people.is_empty()
    scope = Scope(frozenset({"H26"}), frozenset({"Quyết định"}), frozenset({"công khai"}))
    made = add_person(accounts, "Thủy.Tiên", PersonRole.CLERK, PersonRole.READER, scope=scope)
    assert made.created == place.clock()
    again = place.open().people
    assert again.everyone() == (made,)
    assert again.named("thủy.tiên") == made
    assert not again.is_empty()


@pytest.mark.parametrize(
    "name", ["", " ", "-an", "an bình", "a/b", "an\nbình", "a\u202eb", "x" * 65, "<b>", "a\0"]
)
def test_names_that_mislead_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountRefusedError):
        accounts.people.add(NewAccount(name, READER), PASSWORD, must_change=True)
    assert accounts.people.is_empty()


@pytest.mark.parametrize("roles", ["", "admin reader", "auditor records", "admin auditor"])
def test_roles_that_exclude_each_other_are_refused(accounts: Accounts, roles: str) -> None:
    chosen = frozenset(map(PersonRole, roles.split()))
    with pytest.raises(AccountRefusedError):
        accounts.people.add(NewAccount("an", chosen), PASSWORD, must_change=True)
    add_person(accounts, "an")
    with pytest.raises(AccountRefusedError):
        accounts.people.set_roles("an", chosen, Scope())
    assert accounts.people.named("an").roles == READER


def test_a_name_is_given_once_whatever_its_case(accounts: Accounts) -> None:
    add_person(accounts, "An")
    with pytest.raises(AccountRefusedError):
        add_person(accounts, "aN")


def test_of_two_who_take_a_name_at_once_one_gets_it(place: Place) -> None:
    done: list[str] = []

    def add(accounts: Accounts) -> None:
        try:
            done.append(add_person(accounts, "an").id)
        except AccountRefusedError:
            return

    threads = [threading.Thread(target=add, args=(place.open(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.id for each in place.open().people.everyone()] == done


@pytest.mark.parametrize("password", ["ngắn", "123456789012", "matkhau@2024", "x" * 257])
def test_a_weak_password_makes_no_account(accounts: Accounts, password: str) -> None:
    with pytest.raises(WeakPasswordError):
        accounts.people.add(NewAccount("an", READER), password, must_change=True)
    assert accounts.people.is_empty()


@pytest.mark.parametrize("what", ["find", "roles", "close", "reset"])
def test_nobody_can_be_changed(accounts: Accounts, what: str) -> None:
    with pytest.raises(AccountMissingError):
        if what == "find":
            accounts.people.named("an")
        elif what == "roles":
            accounts.people.set_roles("an", READER, Scope())
        elif what == "close":
            accounts.people.set_disabled("an", is_disabled=True)
        else:
            accounts.people.reset("an", PASSWORD, must_change=True)


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    add_person(accounts, "lan", PersonRole.ADMIN)
    add_person(accounts, "minh")
    people = accounts.people
    with pytest.raises(AccountRefusedError, match="cuối cùng"):
        people.set_disabled("lan", is_disabled=True)
    with pytest.raises(AccountRefusedError, match="cuối cùng"):
        people.set_roles("lan", READER, Scope())
    people.set_disabled("minh", is_disabled=True)
    add_person(accounts, "hoa", PersonRole.ADMIN)
    assert people.set_disabled("lan", is_disabled=True).is_disabled
    with pytest.raises(AccountRefusedError, match="cuối cùng"):
        people.set_disabled("hoa", is_disabled=True)


def test_of_two_administrators_who_close_each_other_at_once_one_stays(place: Place) -> None:
    one, other = place.open(), place.open()
    for name in ("lan", "hoa"):
        add_person(one, name, PersonRole.ADMIN)
    start = threading.Barrier(2)

    def close(accounts: Accounts, name: str) -> bool:
        start.wait(300)
        try:
            return accounts.people.set_disabled(name, is_disabled=True).is_disabled
        except AccountRefusedError:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(close, one, "lan"), pool.submit(close, other, "hoa")]
        assert sorted(each.result(60) for each in done) == [False, True]


def test_roles_are_replaced_only_where_they_are_what_was_seen(accounts: Accounts) -> None:
    scope = Scope(units=frozenset())
    seen = add_person(accounts, "an", PersonRole.READER, scope=scope)
    clerk = frozenset({PersonRole.CLERK})
    changed = accounts.people.set_roles("an", clerk, scope, (seen.roles, seen.scope))
    assert changed.roles == clerk
    for stale in ((seen.roles, scope), (clerk, Scope()), (clerk, Scope(None, frozenset()))):
        with pytest.raises(AccountRefusedError):
            accounts.people.set_roles("an", READER, Scope(), stale)
    assert accounts.people.named("an") == changed

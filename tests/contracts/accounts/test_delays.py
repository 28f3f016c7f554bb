"""Delays after wrong passwords: they rise, pass, and strangers never delay the owner."""

from __future__ import annotations

import threading

import pytest

from pipeline.model import SignInStep, Visitor
from pipeline.people.errors import (
    SignInBusyError,
    SignInDelayedError,
    SignInRefusedError,
)
from pipeline.ports import Accounts
from tests.support.people import OWNER, PASSWORD, Clock, Place, add_person

PATIENCE = 60  # seconds that a test's thread may take


def fail(accounts: Accounts, name: str, visitor: Visitor) -> int:
    """Give a wrong password; return the seconds to wait, 0 when it was heard."""
    try:
        accounts.sign_ins.sign_in(name, "wrong password", visitor)
    except SignInDelayedError as error:
        assert str(error.seconds) in str(error)
        return error.seconds
    except SignInRefusedError:
        return 0
    raise AssertionError(name)


def strangers(number: int) -> Visitor:
    return Visitor(f"203.0.113.{number % 250}")


def delay_strangers(accounts: Accounts, name: str) -> int:
    """Fail from many addresses until it is delayed; return the seconds."""
    for number in range(50):
        if seconds := fail(accounts, name, strangers(number)):
            return seconds
    raise AssertionError("strangers were never delayed")


def test_delays_rise_and_are_bounded(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an")
    waited = []
    for number in range(14):
        if seconds := fail(accounts, "an", strangers(number)):
            waited.append(seconds)
            clock.forward(seconds=seconds)
            assert not fail(accounts, "an", strangers(number)), "it was said when"
    assert waited == sorted(waited)
    assert len(set(waited)) > 3
    assert max(waited) <= 31


@pytest.mark.parametrize("name", ["an", "nobody"])
def test_an_unknown_name_is_delayed_like_a_known_one(accounts: Accounts, name: str) -> None:
    add_person(accounts, "an")
    told = [fail(accounts, name, strangers(number)) for number in range(7)]
    assert told == [0, 0, 0, 0, 0, 2, 2]


def test_too_early_does_not_count(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an")
    seconds = delay_strangers(accounts, "an")
    for number in range(100):
        assert fail(accounts, "an", strangers(number)) <= seconds
    clock.forward(seconds=seconds)
    assert accounts.sign_ins.sign_in("an", PASSWORD, strangers(1))


def test_strangers_do_not_delay_a_known_device(accounts: Accounts) -> None:
    add_person(accounts, "an")
    known = accounts.sign_ins.sign_in("an", PASSWORD, OWNER).device
    delay_strangers(accounts, "an")
    far_away = Visitor("203.0.113.251", device=known)
    assert accounts.sign_ins.sign_in("an", PASSWORD, far_away)


def test_strangers_do_not_delay_a_known_address(accounts: Accounts) -> None:
    add_person(accounts, "an")
    accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    delay_strangers(accounts, "an")
    assert accounts.sign_ins.sign_in("an", PASSWORD, Visitor(OWNER.address))
    with pytest.raises(SignInDelayedError):
        accounts.sign_ins.sign_in("an", PASSWORD, Visitor("203.0.113.252"))


def test_a_known_device_is_delayed_by_its_own_failures(accounts: Accounts) -> None:
    add_person(accounts, "an")
    device = accounts.sign_ins.sign_in("an", PASSWORD, OWNER).device
    known = Visitor(OWNER.address, device=device)
    assert any(fail(accounts, "an", known) for _ in range(12))


@pytest.mark.parametrize("device", ["", "1.2.3", "b4a6c.00.00", "\0.\ud800.x", "." * 5000])
def test_a_device_cannot_be_made_up(accounts: Accounts, device: str) -> None:
    add_person(accounts, "an")
    delay_strangers(accounts, "an")
    with pytest.raises(SignInDelayedError):
        accounts.sign_ins.sign_in("an", PASSWORD, Visitor("203.0.113.253", device=device))


def test_a_device_is_known_to_its_owner_and_for_half_a_year(
    accounts: Accounts, clock: Clock
) -> None:
    add_person(accounts, "an")
    add_person(accounts, "bình")
    device = accounts.sign_ins.sign_in("an", PASSWORD, OWNER).device
    delay_strangers(accounts, "bình")
    with pytest.raises(SignInDelayedError):
        accounts.sign_ins.sign_in("bình", PASSWORD, Visitor("203.0.113.254", device=device))
    clock.forward(days=200)
    delay_strangers(accounts, "an")
    with pytest.raises(SignInDelayedError):
        accounts.sign_ins.sign_in("an", PASSWORD, Visitor("203.0.113.254", device=device))


def test_one_address_that_tries_many_names_is_delayed(accounts: Accounts) -> None:
    names = [f"name{number}" for number in range(30)]
    attacker = Visitor("2001:db8:1:2::1")
    heard = [name for name in names if not fail(accounts, name, attacker)]
    assert len(heard) == 20
    neighbour = Visitor("2001:db8:1:2:ffff::9")  # the same network of 64 bits
    assert fail(accounts, "another", neighbour)
    assert not fail(accounts, "another", Visitor("2001:db8:1:3::1"))


def test_own_successes_do_not_cover_up_guessing(accounts: Accounts) -> None:
    """Whoever has an account could sign in between two guesses of other people's passwords."""
    add_person(accounts, "mine")
    attacker = Visitor("198.51.100.9")
    with pytest.raises(SignInDelayedError):
        for number in range(30):
            assert not fail(accounts, f"name{number}", attacker)
            accounts.sign_ins.sign_in("mine", PASSWORD, attacker)


def test_many_at_once_count_each(accounts: Accounts) -> None:
    """Attempts are counted before they are compared: a hundred at once are no hundred free ones."""
    add_person(accounts, "an")
    heard: list[int] = []

    def attempt(number: int) -> None:
        try:
            heard.extend([number] * (not fail(accounts, "an", strangers(number))))
        except SignInBusyError:
            return

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert 1 <= len(heard) <= 5


def test_delays_hold_in_every_process_and_are_forgotten(place: Place, clock: Clock) -> None:
    first, second = place.open(), place.open()
    add_person(first, "an")
    delay_strangers(first, "an")
    with pytest.raises(SignInDelayedError):
        second.sign_ins.sign_in("an", PASSWORD, strangers(7))
    clock.forward(hours=3)
    assert [fail(second, "an", strangers(number)) for number in range(5)] == [0] * 5


def test_an_administrator_forgives(place: Place, clock: Clock) -> None:
    first, second = place.open(), place.open()
    add_person(first, "an")
    delay_strangers(first, "an")
    second.people.reset("an", PASSWORD, must_change=False)
    clock.forward(seconds=5)  # what a process may remember
    assert first.sign_ins.sign_in("an", PASSWORD, strangers(7)).session.step is SignInStep.DONE


def test_a_clock_that_was_set_back_locks_nobody_out(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an")
    delay_strangers(accounts, "an")
    clock.forward(days=-2)
    assert accounts.sign_ins.sign_in("an", PASSWORD, strangers(1))
    delay_strangers(accounts, "an")

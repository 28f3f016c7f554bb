"""Sessions: they end by themselves and by hand, and rights fall at once."""

from __future__ import annotations

import pytest

from pipeline.model import PersonRole, Right, Scope, SignInStep
from pipeline.people.errors import SessionEndedError
from pipeline.people.rights import rights_of
from pipeline.ports import Accounts
from tests.support.people import OWNER, PASSWORD, STRANGER, Clock, Place, add_person

IDLE, LONGEST = 30, 12 * 60  # minutes


def signed_in(accounts: Accounts, name: str = "an") -> str:
    return accounts.sign_ins.sign_in(name, PASSWORD, OWNER).secret


def test_a_session_ends_when_nobody_uses_it(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an")
    secret = signed_in(accounts)
    for _ in range(3):
        clock.forward(minutes=IDLE - 1)
        assert accounts.sessions.find(secret)
    clock.forward(minutes=IDLE)
    assert accounts.sessions.find(secret) is None
    clock.forward(minutes=-IDLE)
    assert accounts.sessions.find(secret), "only the time had ended it"


def test_a_session_ends_after_twelve_hours(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an")
    secret = signed_in(accounts)
    for _ in range(LONGEST // 20 - 1):
        clock.forward(minutes=20)
        assert accounts.sessions.find(secret)
    clock.forward(minutes=20)
    assert accounts.sessions.find(secret) is None


def test_unfinished_steps_end_after_ten_minutes(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an", PersonRole.ADMIN)
    secret = signed_in(accounts)
    clock.forward(minutes=9)
    assert accounts.sessions.find(secret)
    clock.forward(minutes=1)
    assert accounts.sessions.find(secret) is None
    with pytest.raises(SessionEndedError):
        accounts.second_factors.begin(secret)


def test_a_session_from_the_future_has_ended(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an")
    secret = signed_in(accounts)
    clock.forward(days=-2)
    assert accounts.sessions.find(secret) is None


def test_signing_out_ends_it_in_every_process(place: Place) -> None:
    first, second = place.open(), place.open()
    add_person(first, "an")
    secret, other = signed_in(first), signed_in(first)
    assert second.sessions.find(secret)
    second.sessions.sign_out(secret)
    second.sessions.sign_out(secret)
    assert first.sessions.find(secret) is None
    assert first.sessions.find(other)


def test_ones_sessions_are_listed_and_ended_from_elsewhere(
    accounts: Accounts, clock: Clock
) -> None:
    mine, other = add_person(accounts, "an"), add_person(accounts, "bình")
    old = signed_in(accounts)
    clock.forward(minutes=1)
    new = accounts.sign_ins.sign_in("an", PASSWORD, STRANGER)
    foreign = signed_in(accounts, "bình")
    listed = accounts.sessions.of(mine.id)
    assert [each.address for each in listed] == [STRANGER.address, OWNER.address]
    assert new.secret not in repr(listed)

    (of_other,) = accounts.sessions.of(other.id)
    assert not accounts.sessions.end(mine.id, of_other.id), "nobody ends another's"
    assert accounts.sessions.find(foreign)
    assert accounts.sessions.end(mine.id, listed[1].id) == 1
    assert accounts.sessions.find(old) is None
    assert accounts.sessions.end(mine.id) == 1
    assert accounts.sessions.find(new.secret) is None
    assert accounts.sessions.of(mine.id) == ()


@pytest.mark.parametrize("secret", ["", "\0", "\ud800", "x" * 100_000, "' OR 1=1 --"])
def test_any_secret_is_answered(accounts: Accounts, secret: str) -> None:
    add_person(accounts, "an")
    signed_in(accounts)
    assert accounts.sessions.find(secret) is None
    accounts.sessions.sign_out(secret)


def test_rights_fall_in_the_middle_of_a_session(accounts: Accounts) -> None:
    add_person(accounts, "an", PersonRole.CLERK, PersonRole.READER)
    secret = signed_in(accounts)
    accounts.people.set_roles("an", frozenset({PersonRole.CLERK}), Scope(frozenset({"H26"})))
    found = accounts.sessions.find(secret)
    assert found
    assert Right.VIEW not in rights_of(found)
    assert found.account.scope.units == frozenset({"H26"})


@pytest.mark.parametrize("what", ["role", "unit"])
def test_rights_rise_only_with_a_new_session(accounts: Accounts, what: str) -> None:
    scope, roles = Scope(units=frozenset({"H26"})), frozenset({PersonRole.READER})
    add_person(accounts, "an", scope=scope)
    secret = signed_in(accounts)
    if what == "role":
        accounts.people.set_roles("an", roles | {PersonRole.RECORDS}, scope)
    else:
        accounts.people.set_roles("an", roles, Scope(units=frozenset({"H26", "H27"})))
    assert accounts.sessions.find(secret) is None
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    assert begun.session.step is (SignInStep.ENROLMENT if what == "role" else SignInStep.DONE)


@pytest.mark.parametrize("what", ["closed", "reset"])
def test_an_administrator_ends_all_sessions(accounts: Accounts, what: str) -> None:
    add_person(accounts, "an")
    secrets = [signed_in(accounts) for _ in range(2)]
    if what == "closed":
        accounts.people.set_disabled("an", is_disabled=True)
    else:
        accounts.people.reset("an", PASSWORD, must_change=True)
    assert not any(map(accounts.sessions.find, secrets))
    accounts.people.set_disabled("an", is_disabled=False)
    assert not any(map(accounts.sessions.find, secrets))


def test_what_has_ended_is_swept(place: Place, clock: Clock) -> None:
    accounts = place.open()
    account = add_person(accounts, "an")
    for _ in range(3):
        signed_in(accounts)
    clock.forward(hours=13)
    signed_in(accounts)
    clock.forward(hours=-13)
    assert len(accounts.sessions.of(account.id)) <= 1, "the old ones are gone for good"

"""The second factor: who needs it, codes that are taken once, clocks that differ, lost phones."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from pyotp import TOTP

from pipeline.model import PersonRole, Right, SignInStep
from pipeline.people.errors import (
    AccountRefusedError,
    SessionEndedError,
    SignInDelayedError,
    SignInRefusedError,
)
from pipeline.people.rights import rights_of
from pipeline.ports import Accounts
from tests.support.people import OWNER, PASSWORD, STRANGER, Clock, add_person, enrol

ASKED = {
    PersonRole.CLERK: SignInStep.DONE,
    PersonRole.READER: SignInStep.DONE,
    PersonRole.RECORDS: SignInStep.ENROLMENT,
    PersonRole.PRIVACY: SignInStep.ENROLMENT,
    PersonRole.SECRECY: SignInStep.ENROLMENT,
    PersonRole.AUDITOR: SignInStep.ENROLMENT,
    PersonRole.ADMIN: SignInStep.ENROLMENT,
}


@pytest.mark.parametrize("role", PersonRole)
def test_who_sees_unmasked_data_or_administers_needs_it(
    accounts: Accounts, role: PersonRole
) -> None:
    add_person(accounts, "an", role)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    assert begun.session.step is ASKED[role]
    assert bool(rights_of(begun.session)) is (ASKED[role] is SignInStep.DONE)


def test_setting_up_gives_the_rights_and_a_new_secret(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an", PersonRole.RECORDS, must_change=True)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    with pytest.raises(SessionEndedError):
        accounts.second_factors.begin(begun.secret)  # the first password comes first
    begun = accounts.sign_ins.change_password(begun.secret, PASSWORD, PASSWORD + " hai", OWNER)
    done, _, _ = enrol(accounts, begun, clock)
    assert Right.UNMASK in rights_of(done.session)
    assert accounts.sessions.find(begun.secret) is None
    assert accounts.people.named("an").has_second_factor


def test_a_wrong_first_code_sets_nothing_up(accounts: Accounts) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    with pytest.raises(SignInRefusedError):
        accounts.second_factors.confirm(begun.secret, "123456", OWNER)  # nothing was begun
    accounts.second_factors.begin(begun.secret)
    with pytest.raises(SignInRefusedError):
        accounts.second_factors.confirm(begun.secret, "000000", OWNER)
    assert not accounts.people.named("an").has_second_factor


def test_a_code_is_taken_once(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    _, phone, _ = enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    code = phone.at(clock())
    replayed = accounts.sign_ins.sign_in("an", PASSWORD, STRANGER)
    assert replayed.session.step is SignInStep.CODE
    with pytest.raises(SignInRefusedError):  # it was the code of the set-up
        accounts.sign_ins.enter_code(replayed.secret, code, STRANGER)
    clock.forward(seconds=30)
    done = accounts.sign_ins.enter_code(replayed.secret, phone.at(clock()), STRANGER)
    assert Right.UNMASK in rights_of(done.session)
    other = accounts.sign_ins.sign_in("an", PASSWORD, STRANGER)
    with pytest.raises(SignInRefusedError):
        accounts.sign_ins.enter_code(other.secret, phone.at(clock()), STRANGER)


def test_of_many_who_enter_one_code_at_once_one_gets_in(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    _, phone, _ = enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    clock.forward(seconds=30)
    waiting = [accounts.sign_ins.sign_in("an", PASSWORD, OWNER).secret for _ in range(4)]
    in_: list[str] = []

    def enter(secret: str) -> None:
        try:
            accounts.sign_ins.enter_code(secret, phone.at(clock()), OWNER)
        except (SignInRefusedError, SignInDelayedError):
            return
        in_.append(secret)

    threads = [threading.Thread(target=enter, args=(secret,)) for secret in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(in_) == 1


@pytest.mark.parametrize(("seconds", "taken"), [(60, True), (-60, True), (120, False)])
def test_a_phone_may_be_off_by_a_minute(
    accounts: Accounts, clock: Clock, seconds: int, taken: bool
) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    _, phone, _ = enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    clock.forward(minutes=5)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    code = phone.at(clock() + timedelta(seconds=seconds))
    if taken:
        assert accounts.sign_ins.enter_code(begun.secret, code, OWNER)
        return
    with pytest.raises(SignInRefusedError):
        accounts.sign_ins.enter_code(begun.secret, code, OWNER)


def test_a_recovery_code_is_taken_once_however_it_is_typed(
    accounts: Accounts, clock: Clock
) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    _, _, code = enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    assert accounts.sign_ins.enter_code(begun.secret, f" {code.lower()} ", OWNER)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    with pytest.raises(SignInRefusedError):
        accounts.sign_ins.enter_code(begun.secret, code.replace("-", ""), OWNER)


def test_a_recovery_code_is_its_owners_alone(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    add_person(accounts, "bình", PersonRole.RECORDS)
    _, _, code = enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    enrol(accounts, accounts.sign_ins.sign_in("bình", PASSWORD, OWNER), clock)
    begun = accounts.sign_ins.sign_in("bình", PASSWORD, OWNER)
    with pytest.raises(SignInRefusedError):
        accounts.sign_ins.enter_code(begun.secret, code, OWNER)


def test_guessing_codes_is_delayed_and_survives_new_sign_ins(
    accounts: Accounts, clock: Clock
) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    _, phone, _ = enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    guesses = 0
    with pytest.raises(SignInDelayedError):
        for guesses in range(20):
            begun = accounts.sign_ins.sign_in("an", PASSWORD, STRANGER)
            with pytest.raises(SignInRefusedError):
                accounts.sign_ins.enter_code(begun.secret, f"{guesses:06d}", STRANGER)
    assert guesses <= 5
    clock.forward(minutes=1)
    assert accounts.sign_ins.enter_code(begun.secret, phone.at(clock()), STRANGER)


@pytest.mark.parametrize("code", ["", "\0", "\ud800", "١٢٣٤٥٦", "0" * 100_000, "' OR 1=1 --"])
def test_any_code_is_answered(accounts: Accounts, clock: Clock, code: str) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    with pytest.raises(SignInRefusedError):
        accounts.sign_ins.enter_code(begun.secret, code, OWNER)


def test_a_taken_over_session_cannot_replace_it(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    done, _, _ = enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    with pytest.raises(AccountRefusedError):
        accounts.second_factors.begin(done.secret)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    for attempt in (
        lambda: accounts.second_factors.begin(begun.secret),
        lambda: accounts.sign_ins.change_password(begun.secret, PASSWORD, "x y z t u v", OWNER),
    ):
        with pytest.raises(SessionEndedError):  # the password alone goes no further
            attempt()


def test_a_lost_phone_is_forgotten_by_an_administrator(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an", PersonRole.RECORDS)
    _, phone, code = enrol(accounts, accounts.sign_ins.sign_in("an", PASSWORD, OWNER), clock)
    accounts.people.reset("an", PASSWORD, must_change=False)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    assert begun.session.step is SignInStep.CODE, "another password alone leaves it"
    accounts.people.reset("an", PASSWORD, must_change=False, forgets_second_factor=True)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    assert begun.session.step is SignInStep.ENROLMENT
    clock.forward(seconds=30)
    for old in (phone.at(clock()), code):
        with pytest.raises((SignInRefusedError, SessionEndedError)):
            accounts.sign_ins.enter_code(begun.secret, old, OWNER)


def test_who_set_it_up_elsewhere_must_give_it_here_too(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an")  # a reader may have one, and need not
    here = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    there = accounts.sign_ins.sign_in("an", PASSWORD, STRANGER)
    phone_key = accounts.second_factors.begin(here.secret).key
    accounts.second_factors.confirm(here.secret, TOTP(phone_key).at(clock()), OWNER)
    found = accounts.sessions.find(there.secret)
    assert found is None or not rights_of(found)

"""A chosen purpose holds half an hour for a session and a dossier, in every place at once."""

from __future__ import annotations

import pytest

from pipeline.model import PersonRole, Purpose
from pipeline.people.errors import SessionEndedError
from pipeline.ports import Accounts
from tests.support.people import OWNER, PASSWORD, Clock, Place, add_person


def begun(accounts: Accounts, name: str = "an") -> str:
    """Return the id of a new session of somebody."""
    if name not in {one.name for one in accounts.people.everyone()}:
        add_person(accounts, name, PersonRole.READER)
    return accounts.sign_ins.sign_in(name, PASSWORD, OWNER).session.id


def test_another_process_knows_it_for_half_an_hour(place: Place, clock: Clock) -> None:
    accounts, other = place.open(), place.open()
    session = begun(accounts)
    made = accounts.purposes.choose(session, "0a01", Purpose.CASE, " 12/GM ")
    assert other.purposes.chosen(session, "0a01") == made
    assert made.file_number == "12/GM"
    assert other.purposes.chosen(session, "0a02") is None
    clock.forward(minutes=29, seconds=59)
    assert other.purposes.chosen(session, "0a01") == made
    clock.forward(seconds=2)
    assert other.purposes.chosen(session, "0a01") is None


def test_a_later_one_takes_its_place_and_it_can_be_dropped(accounts: Accounts) -> None:
    session = begun(accounts)
    accounts.purposes.choose(session, "0a01", Purpose.CASE)
    accounts.purposes.choose(session, "0a01", Purpose.COPY)
    chosen = accounts.purposes.chosen(session, "0a01")
    assert chosen
    assert chosen.purpose is Purpose.COPY
    for _ in range(2):
        accounts.purposes.drop(session, "0a01")
        assert accounts.purposes.chosen(session, "0a01") is None


def test_it_ends_with_its_session_and_is_no_other_sessions(accounts: Accounts) -> None:
    one, two = begun(accounts), begun(accounts)
    accounts.purposes.choose(one, "0a01", Purpose.CASE)
    assert accounts.purposes.chosen(two, "0a01") is None
    accounts.sessions.end(accounts.people.named("an").id, one)
    assert accounts.purposes.chosen(one, "0a01") is None
    with pytest.raises(SessionEndedError):
        accounts.purposes.choose(one, "0a01", Purpose.CASE)


def test_a_clock_that_was_set_back_ends_it(accounts: Accounts, clock: Clock) -> None:
    session = begun(accounts)
    accounts.purposes.choose(session, "0a01", Purpose.CASE)
    clock.forward(minutes=-30)
    assert accounts.purposes.chosen(session, "0a01") is None

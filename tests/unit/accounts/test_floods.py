"""A flood of sign-ins is turned away before hashing; no answer's time tells who is known."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accounts.passwords import HashingGate, Passwords
from pipeline.model import Visitor
from pipeline.people.errors import SignInBusyError, SignInDelayedError, SignInRefusedError
from pipeline.settings import AccountSettings
from tests.support.people import OWNER, PASSWORD, Place, add_person

FLOOD = 1000
STRANGERS_STAY = 60.0  # seconds, unless they are let go


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were compared; comparing goes on as it is."""
    compared: list[str] = []
    really = Passwords.matches

    def matches(self: Passwords, kept: str | None, password: str) -> bool:
        compared.append(password)
        return really(self, kept, password)

    monkeypatch.setattr(Passwords, "matches", matches)
    return compared


def flood(place: Place, visitors: list[Visitor], *, threads: int = 40) -> Counter[str]:
    """Give wrong passwords from many threads, as a web server has; count the answers."""
    accounts = place.open()

    def attempt(number: int) -> str:
        try:
            accounts.sign_ins.sign_in(f"name{number}", "wrong password", visitors[number])
        except (SignInRefusedError, SignInDelayedError, SignInBusyError) as error:
            return type(error).__name__
        raise AssertionError(number)

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(attempt, range(len(visitors))))


@pytest.mark.slow
def test_a_flood_from_one_address_costs_no_hashing(place: Place, hashed: list[str]) -> None:
    answers = flood(place, [Visitor("198.51.100.1")] * FLOOD)
    assert answers.total() == FLOOD
    assert len(hashed) == answers["SignInRefusedError"] <= 25


@pytest.mark.slow
def test_a_flood_from_everywhere_is_bounded_and_the_owner_gets_in(
    place: Place, hashed: list[str]
) -> None:
    accounts = place.open()
    add_person(accounts, "an")
    device = accounts.sign_ins.sign_in("an", PASSWORD, OWNER).device
    known, took = Visitor("203.0.113.77", device=device), []

    def sign_in() -> None:
        for _ in range(3):
            begun = time.monotonic()
            accounts.sign_ins.sign_in("an", PASSWORD, known)
            took.append(time.monotonic() - begun)

    owner = threading.Thread(target=sign_in)
    owner.start()
    everywhere = [Visitor(f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}") for n in range(FLOOD)]
    answers = flood(place, everywhere)
    owner.join(300)
    assert len(took) == 3
    assert answers["SignInBusyError"] > FLOOD / 2
    strangers = [password for password in hashed if password != PASSWORD]
    assert len(strangers) == answers["SignInRefusedError"]


def test_strangers_never_fill_the_gate() -> None:
    gate, let_go = HashingGate(2), threading.Event()
    inside, busy = [], []

    def stranger() -> None:
        try:
            with gate.entered(is_known=False):
                inside.append(1)
                let_go.wait(STRANGERS_STAY)
        except SignInBusyError:
            busy.append(1)

    threads = [threading.Thread(target=stranger) for _ in range(50)]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    with gate.entered(is_known=True):  # at once, although 50 strangers are at the door
        assert time.monotonic() - begun < STRANGERS_STAY / 2
        assert len(inside) <= 1
    let_go.set()
    for thread in threads:
        thread.join(2 * STRANGERS_STAY)
    assert len(busy) >= 40
    with gate.entered(is_known=False):
        pass


@pytest.mark.slow
def test_time_does_not_tell_who_has_an_account(place: Place) -> None:
    accounts = place.open()
    add_person(accounts, "an")
    add_person(accounts, "closed")
    accounts.people.set_disabled("closed", is_disabled=True)
    spent: dict[str, list[float]] = {"an": [], "closed": [], "nobody": []}
    for turn in range(12):
        place.clock.forward(hours=2)  # nothing is delayed
        for name, times in spent.items():
            begun = time.thread_time()
            with pytest.raises(SignInRefusedError):
                accounts.sign_ins.sign_in(name, "wrong password", Visitor(f"192.0.2.{turn}"))
            times.append(time.thread_time() - begun)
    medians = {name: statistics.median(times) for name, times in spent.items()}
    assert max(medians.values()) < 1.3 * min(medians.values()), medians


def test_the_hashes_are_argon2id_of_the_settings() -> None:
    made = Passwords(AccountSettings()).hash(PASSWORD)
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    passwords = Passwords(AccountSettings(hash_memory_mib=19, hash_passes=2))
    assert passwords.is_outdated(made)
    assert passwords.matches(made, PASSWORD)
    for broken in ("", "$argon2id$", "no hash", made[:-4]):
        assert not passwords.matches(broken or None, PASSWORD)

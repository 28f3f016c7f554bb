"""How many drops are claimed: one until the store has answered, then all there is room for."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import wiring
from flows.receiver import Receiver
from flows.watch import Watcher
from tests.support.clerk import slip
from tests.support.watched import until

pytestmark = pytest.mark.slow

COUNT = 5


@pytest.fixture
def inbox(home: Path) -> Path:
    folder = home / "inbox"
    folder.mkdir(parents=True)
    for number in range(COUNT):
        (folder / f"tệp {number}.png").write_bytes(slip(number))
    return folder


def poll(folder: Path, is_enough: Callable[[Receiver], bool]) -> Receiver:
    """Poll as the watcher does, with threads beside it, until it is enough and some times more."""
    receiver = Receiver(3)
    watcher = Watcher(receiver)

    def polled() -> bool:
        watcher.poll(folder)
        return is_enough(receiver)

    until(polled)
    for _ in range(5):
        watcher.poll(folder)
        time.sleep(0.1)
    receiver.close()
    return receiver


def test_of_a_burst_one_drop_is_claimed_while_the_store_is_away(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = {"KIND": "minio", "ENDPOINT": "127.0.0.1:1", "ACCESS_KEY": "a", "SECRET_KEY": "b"}
    for name, value in away.items():
        monkeypatch.setenv(f"SOHOA_STORAGE__{name}", value)
    wiring.forget()
    receiver = poll(inbox, lambda receiver: receiver.is_store_away)
    assert receiver.is_store_away
    assert not receiver.may_claim
    assert len(list(inbox.glob("*.png"))) == COUNT - 1


def test_all_of_a_burst_are_claimed_once_the_store_has_answered(inbox: Path) -> None:
    receiver = poll(inbox, lambda _: not any(inbox.glob("*.png")))
    assert not list(inbox.glob("*.png"))
    assert receiver.may_claim
    assert len(list(wiring.archive().dossiers())) == COUNT

"""Whoever sees some units alone learns nothing of others' papers from the time of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from pipeline.model import PersonRole, Scope
from pipeline.owners import HeldPaper
from tests.support.owned_papers import MARRIAGE, OWN_UNIT, add_owned_papers
from tests.support.visitors import Room, open_room
from web.pages.owners.owner_view import find_suggested
from web.people.gate import Asked
from web.people.lookups import EVEN_SECONDS, look_up, rest_of

STORE = f"/kho/{MARRIAGE}/1"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = open_room(tmp_path)
    add_owned_papers(room)
    room.person("lan", PersonRole.READER, scope=Scope(units=frozenset({OWN_UNIT})))
    return room


def test_what_is_suggested_is_looked_for_within_the_even_time(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    @contextmanager
    def noted(asked: Asked) -> Iterator[None]:
        with look_up(asked):
            yield
        told.append("looked up")

    def sought(asked: Asked, held: Sequence[HeldPaper], day: date) -> list[HeldPaper]:
        told.append("suggested")
        return find_suggested(asked, held, day)

    monkeypatch.setattr("web.pages.owners.owner_store.look_up", noted)
    monkeypatch.setattr("web.pages.owners.owner_store.find_suggested", sought)
    assert room.signed_in("lan").get(STORE).status_code == 200
    assert told == ["suggested", "looked up"]


@pytest.mark.parametrize("took", [0.0, 0.01, EVEN_SECONDS, 0.16, 0.31, 2.0])
def test_answers_end_at_whole_steps(took: float) -> None:
    steps = (took + rest_of(took)) / EVEN_SECONDS
    assert steps == pytest.approx(round(steps))
    assert steps >= 1
    assert 0 <= rest_of(took) <= EVEN_SECONDS

"""The composition root opens each adapter once, and forgets all of them together."""

from __future__ import annotations

from functools import partial, wraps
from pathlib import Path

import pytest

from flows import wiring
from tests.support.stored import TextReader


def cached_openers() -> dict[str, int]:
    """How many results each cached function of the module holds."""
    return {
        name: value.cache_info().currsize
        for name, value in vars(wiring).items()
        if hasattr(value, "cache_info")
    }


def test_every_opener_is_forgotten(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "open_reader", lambda settings: TextReader())
    opened = wiring.tools()
    wiring.page_turns()
    wiring.scan_budgets()
    wiring.audit_log()
    wiring.exchange()
    wiring.duplicates()
    wiring.index_to_search()
    assert wiring.tools() is opened, "opened once"
    assert set(cached_openers().values()) == {1}
    assert len(cached_openers()) == 12
    wiring.forget()
    assert set(cached_openers().values()) == {0}
    assert wiring.tools().binder is not opened.binder


def test_each_opener_is_forgotten_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleared: list[str] = []
    for name in cached_openers():
        opener = getattr(wiring, name)

        @wraps(opener)
        def counted() -> None: ...

        vars(counted).update(
            cache_info=opener.cache_info, cache_clear=partial(cleared.append, name)
        )
        monkeypatch.setattr(wiring, name, counted)
    wiring.forget()
    assert sorted(cleared) == sorted(cached_openers())


def test_what_is_forgotten_is_opened_from_the_settings_of_now(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wiring.settings().home == home
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "elsewhere"))
    assert wiring.settings().home == home
    wiring.forget()
    assert wiring.settings().home == tmp_path / "elsewhere"

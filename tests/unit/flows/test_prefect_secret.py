"""The secret of Prefect's API: made once for a home, whoever asks first."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from flows.prefect_secret import given_secret, home_secret
from pipeline.errors import MisconfiguredError


def test_a_home_has_one_secret_however_many_ask_at_once(tmp_path: Path) -> None:
    ready = threading.Barrier(8)
    found: list[str] = []

    def ask() -> None:
        ready.wait()
        found.append(home_secret(tmp_path / "prefect"))

    asking = [threading.Thread(target=ask) for _ in range(8)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    name, _, word = found[0].partition(":")
    assert (name, len(word) >= 32) == ("sohoa", True)
    assert [path.name for path in (tmp_path / "prefect").iterdir()] == ["api.secret"]
    assert (tmp_path / "prefect" / "api.secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "prefect").stat().st_mode & 0o777 == 0o700
    assert home_secret(tmp_path / "another") != found[0]


def test_the_variable_holds_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret"
    path.write_text("from:file\n")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING_FILE", str(path))
    assert given_secret() == "from:file"
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "from:variable")
    assert given_secret() == "from:variable"
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", " ")
    path.unlink()
    with pytest.raises(MisconfiguredError, match="Không đọc được tệp khóa"):
        given_secret()

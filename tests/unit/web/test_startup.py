"""A wrong setting ends the web server with a sentence, however the server was started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import MisconfiguredError
from pipeline.settings import load_settings
from tests import ROOT

UVICORN = ("uvicorn", "--factory", "web.app:create_app", "--port", "0")
COMMAND = ("flows.cli", "web")


def start(
    module: tuple[str, ...], folder: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a module of this working tree in a folder of its own until it ends."""
    return subprocess.run(
        [sys.executable, "-m", *module],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SOHOA_HOME": str(folder)} | variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("module", [UVICORN, COMMAND], ids=["uvicorn", "sohoa web"])
def test_a_wrong_variable_ends_the_server_with_a_sentence(
    module: tuple[str, ...], tmp_path: Path
) -> None:
    done = start(module, tmp_path, SOHOA_WEB__PORT="many")
    assert done.returncode == 1
    assert "Cấu hình sai: SOHOA_WEB__PORT: " in done.stderr
    assert "docs/operating.md" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SOHOA_LOG", "loud", "SOHOA_LOG: không có mức"),
        ("SOHOA_STORAGE__ENDPOINT", "a:b:c", "endpoint has no host with a port"),
        ("SOHOA_SEARCH__URL", "https://[", "url has no host with a port"),
        ("SOHOA_WATCH__POLL_SECONDS", "inf", "poll_seconds is more than"),
    ],
)
def test_a_command_says_in_one_line_which_setting_is_wrong(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    served = {
        "SOHOA_STORAGE__KIND": "minio",
        "SOHOA_STORAGE__ENDPOINT": "127.0.0.1:1",
        "SOHOA_STORAGE__ACCESS_KEY": "a",
        "SOHOA_STORAGE__SECRET_KEY": "b",
        "SOHOA_SEARCH__KIND": "elasticsearch",
    }
    done = start(("flows.cli", "search", "x"), tmp_path, **(served | {name: value}))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SOHOA_WEB__PORT", "0", "SOHOA_WEB__PORT"),
        ("SOHOA_WEB__PROT", "1", "SOHOA_WEB__PROT"),
        ("SOHOA_WEB__NAMES", "localhost", "dạng JSON"),
        ("SOHOA_STORAGE__KIND", "minio", "endpoint, access_key, secret_key"),
    ],
)
def test_what_is_wrong_with_a_variable_is_said_in_vietnamese(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(MisconfiguredError, match=sentence) as caught:
        load_settings()
    assert caught.value.message.startswith("Cấu hình")
    assert caught.value.remedy


def test_a_settings_file_that_is_no_toml_is_said_with_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sohoa.toml").write_text("[web]\nport = = 1\n")
    with pytest.raises(MisconfiguredError, match=r"sohoa\.toml sai: .*line 2"):
        load_settings()


def test_a_value_that_is_refused_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A secret typed under a wrong name must not reach a log."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOHOA_STORAGE__SECRET", "hunter-2")
    with pytest.raises(MisconfiguredError) as caught:
        load_settings()
    assert "SOHOA_STORAGE__SECRET" in str(caught.value)
    assert "hunter-2" not in str(caught.value)

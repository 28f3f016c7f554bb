"""Whatever value a setting is given, it works, or a sentence names it: never a traceback."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.errors import MisconfiguredError, SohoaError
from pipeline.model import Query
from pipeline.settings import Settings, load_settings
from search import open_index
from storage import open_archive
from web.app import build_app

SERVED = {
    "SOHOA_STORAGE__KIND": "minio",
    "SOHOA_STORAGE__ENDPOINT": "127.0.0.1:1",
    "SOHOA_STORAGE__ACCESS_KEY": "name",
    "SOHOA_STORAGE__SECRET_KEY": "secret",
    "SOHOA_SEARCH__KIND": "elasticsearch",
    "SOHOA_SEARCH__URL": "https://127.0.0.1:1",
    "SOHOA_SEARCH__USER": "name",
}
TEXTS = (
    *("", " ", "a:b:c", "-1", "0", "nan", "inf", "1e400", "1e-300", "9" * 20, "true", "null"),
    *("[]", "{}", '["a"]', '[""]', "[1]", '["\\u0000"]', '["a/../.."]', '{"a": 1}', '{"kind": 1}'),
    *("http://", "http://127.0.0.1:1", "https://[::1", "https://a:99999", "https://x y/"),
    *(
        "https://127.0.0.1:1/?a#b",
        "ftp://a",
        "127.0.0.1:0",
        "127.0.0.1:1",
        "a..b:1",
        "a/b",
        "u@h:1",
    ),
    *("không:1", "\udcff", "\x1b[31m", "a\nb", "x" * 300, "%s%n", "~", "../..", "1.2.3.4"),
    *("/nonexistent/x", "/dev/null", "/dev/full", "/proc/self/mem"),
)
# As TOML has them; None stands for a day.
VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1e400,
    "",
    "a:b:c",
    [],
    {},
    [1],
    {"a": {"b": 1}},
)


def names() -> list[str]:
    """Every variable there is, a whole group as JSON and the file of a secret among them."""
    found = ["SOHOA_STORAGE__SECRET_KEY_FILE", "SOHOA_SEARCH__PASSWORD_FILE"]
    for group, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", {})
        found += [f"SOHOA_{group}".upper(), *(f"SOHOA_{group}__{name}".upper() for name in inner)]
    return sorted(found)


NAMES = names()


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own, with nothing set but a home."""
    for name in [each for each in os.environ if each.startswith("SOHOA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOHOA_HOME", "home")
    return tmp_path


def use(name: str) -> None:
    """Open and use what the settings name; only our own errors may come of it."""
    try:
        settings = load_settings()
    except MisconfiguredError as error:
        assert name.removesuffix("_FILE") in str(error) or "sohoa.toml" in str(error), str(error)
        assert error.message
        assert error.remedy
        str(error).encode()
        return
    with suppress(SohoaError):
        archive, index = (
            open_archive(settings.storage, settings.home),
            open_index(settings.search, settings.home),
        )
        build_app(archive, index, settings)
        with suppress(SohoaError):
            archive.queued()
        with suppress(SohoaError):
            index.find(Query("đất"))


def values_of(name: str) -> Iterator[str]:
    outside = ("/", "~", "../..")  # a home must not be made outside of this test's folder
    return (text for text in TEXTS if name != "SOHOA_HOME" or not text.startswith(outside))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_of_the_embedded_form(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in values_of(name):
        monkeypatch.setenv(name, text)
        use(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [each for each in NAMES if "STORAGE" in each or "SEARCH" in each])
def test_of_the_served_form(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, text in SERVED.items():
        monkeypatch.setenv(variable, text)
    for text in values_of(name):
        monkeypatch.setenv(name, text)
        use(name)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SOHOA_STORAGE__ENDPOINT": "a:b:c"}, "endpoint has no host with a port"),
        ({"SOHOA_STORAGE__ENDPOINT": "http://minio:9000"}, "endpoint has no host with a port"),
        ({"SOHOA_STORAGE__BUCKET": "a b"}, "bucket is no name of a bucket"),
        ({"SOHOA_STORAGE__ACCESS_KEY": "tên"}, "access_key has letters that are not ASCII"),
        ({"SOHOA_STORAGE__CA_FILE": "none.pem"}, "ca_file is no file of certificates"),
        ({"SOHOA_SEARCH__URL": "http://a:b:c"}, "url has no host with a port"),
        ({"SOHOA_SEARCH__USER": "a\nb"}, "user holds a control character"),
        ({"SOHOA_SEARCH__CA_FILE": "sohoa.toml"}, "ca_file is no file of certificates"),
        (
            {"SOHOA_SEARCH__URL": "http://a:1", "SOHOA_SEARCH__CA_FILE": "sohoa.toml"},
            "ca_file is for https://",
        ),
        ({"SOHOA_SEARCH__PASSWORD_FILE": "pipe"}, "SOHOA_SEARCH__PASSWORD_FILE"),
    ],
    ids=lambda given: str(given)[:60],
)
def test_what_is_wrong_is_named(
    variables: dict[str, str], sentence: str, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (room / "sohoa.toml").write_text("")
    os.mkfifo(room / "pipe")  # whoever opened it to read would wait for ever
    for variable, text in (SERVED | variables).items():
        monkeypatch.setenv(variable, text)
    with pytest.raises(MisconfiguredError, match=sentence) as caught:
        load_settings()
    assert not {"a:b:c", "tên", "none.pem"} & set(str(caught.value).split()), "it may be a secret"


def test_what_works_is_not_refused(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, text in SERVED.items():
        monkeypatch.setenv(variable, text)
    for endpoint in (
        "minio",
        "minio:9000",
        "10.0.0.2:9000",
        "[::1]:9000",
        "a_b.local:1",
        "S3.x.vn.",
    ):
        monkeypatch.setenv("SOHOA_STORAGE__ENDPOINT", endpoint)
        assert load_settings().storage.endpoint == endpoint
    for url in ("http://es", "https://es:9200/", "https://u:p@es:9200/prefix", "http://[::1]:9200"):
        monkeypatch.setenv("SOHOA_SEARCH__URL", url)
        assert load_settings().search.url == url
    monkeypatch.setenv("SOHOA_STORAGE__CA_FILE", "")
    assert load_settings().storage.ca_file is None


@pytest.mark.slow
@pytest.mark.parametrize("name", [each for each in NAMES if not each.endswith("_FILE")])
def test_of_the_settings_file(name: str, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOHOA_HOME")
    group, _, inner = name.removeprefix("SOHOA_").lower().partition("__")
    for value in VALUES:
        text = "inf" if value == 1e400 else json.dumps(value).replace('": ', '" = ')
        if value is None:
            text = "2026-01-01"
        line = f"{inner} = {text}\n" if inner else f"{group} = {text}\n"
        home = "" if group == "home" else 'home = "home"\n'
        (room / "sohoa.toml").write_text(f"{home}[{group}]\n{line}" if inner else f"{home}{line}")
        use(name)
        shutil.rmtree(room / "home", ignore_errors=True)


@pytest.mark.parametrize("content", [b"home = '\xe9'", b"\0", b"[web"], ids=repr)
def test_a_settings_file_that_cannot_be_read_is_named(content: bytes, room: Path) -> None:
    (room / "sohoa.toml").write_bytes(content)
    with pytest.raises(MisconfiguredError, match=r"sohoa\.toml") as caught:
        load_settings()
    assert caught.value.remedy

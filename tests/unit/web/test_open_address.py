"""An open address is refused before there is anybody to sign in, with the command that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.people import Place, add_person
from web.app import create_app


@pytest.fixture(params=["0.0.0.0", "::", "192.0.2.1", "phong-doc.example"])
def open_home(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A home whose room would listen on an open address."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    monkeypatch.setenv("SOHOA_WEB__HOST", request.param)
    return tmp_path


def test_an_open_address_without_accounts_is_refused(open_home: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        create_app()
    told = str(ended.value)
    assert "sohoa user add TÊN --role admin" in told
    assert "docker compose run --rm web" in told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SOHOA_WEB__NAMES", '["127.0.0.1","phong-doc.example"]', "phong-doc.example"),
        ("SOHOA_WEB__NAMES", '["*"]', "web.names"),
        ("SOHOA_WEB__PROXIES", '["127.0.0.1"]', "web.proxies"),
    ],
)
def test_a_room_that_others_will_reach_is_no_demonstration(
    name: str, value: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy on the same machine asks from a loopback address, whoever it asks for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        create_app()
    assert told in str(ended.value)
    assert "sohoa user add TÊN --role admin" in str(ended.value)


def test_an_open_address_with_an_account_is_served(open_home: Path) -> None:
    place = Place(open_home)
    add_person(place.open(), "lan")
    place.close()
    app = create_app()
    assert app.state.context.visits.accounts() is not None
    app.state.context.visits.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_machine_itself_is_served_without_accounts(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    monkeypatch.setenv("SOHOA_WEB__HOST", host)
    assert create_app().state.context.visits.is_demonstration()

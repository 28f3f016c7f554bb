"""What somebody changes of their own account is recorded first; no log, no change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.audit import AuditEntry, Verb
from pipeline.errors import AuditUnavailableError
from pipeline.model import PersonRole, Scope
from pipeline.settings import AccountSettings
from tests.support.identity_provider import PERSON, identity_provider
from tests.support.people import PASSWORD
from tests.support.visitors import Browser, Room, open_room

NEW = "năm từ khác hẳn nhau"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return open_room(tmp_path)


def changes(room: Room) -> list[tuple[str, str, str]]:
    """Return what was recorded of changes: what, of whose account, and its units."""
    return [
        (e.detail("what"), e.detail("subject"), e.detail("units"))
        for e in room.entries()
        if e.text("verb") == "manage"
    ]


@pytest.fixture
def without_log(room: Room, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes the log unwritable for changes of accounts."""
    log = room.app.state.context.audit
    kept = log.record

    def record(entry: AuditEntry) -> None:
        if entry.verb is Verb.MANAGE:
            raise AuditUnavailableError("Nhật ký không ghi được.")
        kept(entry)

    return lambda: monkeypatch.setattr(log, "record", record)


def change_password(browser: Browser) -> int:
    fields = {"cu": PASSWORD, "moi": NEW, "lai": NEW}
    return browser.post("/dang-nhap/mat-khau", **fields).status_code


def test_a_changed_password_is_recorded_and_a_wrong_one_changes_nothing(room: Room) -> None:
    room.person("lan")
    browser = room.signed_in("lan")
    wrong = browser.post("/dang-nhap/mat-khau", cu="sai hẳn", moi=NEW, lai=NEW)
    assert wrong.status_code == 401
    assert changes(room) == []
    assert change_password(browser) == 303
    assert changes(room) == [("own password", "lan", "")]
    assert room.browser().sign_in("lan", NEW).status_code == 303


def test_without_the_log_no_password_is_changed(
    room: Room, without_log: Callable[[], None]
) -> None:
    room.person("lan")
    browser = room.signed_in("lan")
    without_log()
    assert change_password(browser) == 503
    assert room.browser().sign_in("lan", NEW).status_code == 401
    assert room.browser().sign_in("lan").status_code == 303


def test_without_the_log_no_second_factor_is_set_up(
    room: Room, without_log: Callable[[], None]
) -> None:
    room.person("soat", PersonRole.AUDITOR)
    without_log()
    assert room.browser().sign_in("soat").status_code == 503
    assert not room.accounts.people.named("soat").has_second_factor


def office_room(home: Path, issuer: str, units: dict[str, str]) -> Room:
    settings = {
        "oidc_issuer": issuer,
        "oidc_client_id": "sohoa",
        "oidc_client_secret": "kept apart",
        "oidc_roles": {"van-thu": "clerk"},
        "oidc_units": units,
    }
    made = open_room(home, accounts=AccountSettings.model_validate(settings))
    made.person("quan-tri", PersonRole.ADMIN)
    return made


@pytest.mark.parametrize(
    ("units", "seen"),
    [
        ({}, None),
        ({"cong-doan": "H26", "van-thu": "H27", "khac": "H28"}, {"H26", "H27"}),
        ({"khac": "H28"}, set()),  # in no group of a unit: no papers of any
        ({"cong-doan": "*", "van-thu": "H27"}, None),
    ],
)
def test_an_account_of_the_office_has_the_units_of_its_groups_and_is_recorded(
    tmp_path: Path, units: dict[str, str], seen: set[str] | None
) -> None:
    with identity_provider(PERSON) as provider:
        room = office_room(tmp_path, provider.issuer, units)
        name = str(PERSON["preferred_username"])

        def enter() -> int:
            browser = room.browser()
            away = browser.get("/dang-nhap/co-quan").headers["location"]
            return browser.get(provider.path_back(away)).status_code

        assert enter() == 303
        account = room.accounts.people.named(name)
        assert account.scope.units == (None if seen is None else frozenset(seen))
        told = ",".join(sorted(seen or ()))
        assert changes(room) == [("user add by provider", name, told)]
        assert enter() == 303
        assert len(changes(room)) == 1, "nothing changed"
        narrowed = Scope(frozenset({"H99"}), None, frozenset({"open"}))
        room.accounts.people.set_roles(name, account.roles, narrowed)
        assert enter() == 303
        scope = room.accounts.people.named(name).scope
        assert scope.levels == narrowed.levels, "that is an administrator's to say"
        assert scope.units == (account.scope.units if units else narrowed.units)


def test_without_the_log_nobody_gets_an_account_from_the_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with identity_provider(PERSON) as provider:
        room = office_room(tmp_path, provider.issuer, {})
        log = room.app.state.context.audit

        def record(_: AuditEntry) -> None:
            raise AuditUnavailableError("Nhật ký không ghi được.")

        monkeypatch.setattr(log, "record", record)
        browser = room.browser()
        away = browser.get("/dang-nhap/co-quan").headers["location"]
        assert browser.get(provider.path_back(away)).status_code == 503
        assert [each.name for each in room.accounts.people.everyone()] == ["quan-tri"]

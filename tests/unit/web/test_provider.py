"""Signing in through a real OpenID provider on loopback, and answers that are not its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.audit import Verb
from pipeline.model import PersonRole
from pipeline.settings import AccountSettings
from tests.support.identity_provider import IdentityProvider, identity_provider
from tests.support.visitors import Room, open_room

pytestmark = pytest.mark.slow

START = "/dang-nhap/co-quan"


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with identity_provider() as running:
        yield running


def room_with(home: Path, issuer: str, **roles: str) -> Room:
    settings = {
        "oidc_issuer": issuer,
        "oidc_client_id": "sohoa",
        "oidc_client_secret": "kept apart",
        "oidc_roles": roles or {"van-thu": "clerk", "ho-so": "records"},
    }
    return open_room(home, accounts=AccountSettings.model_validate(settings))


@pytest.fixture
def room(tmp_path: Path, provider: IdentityProvider) -> Room:
    made = room_with(tmp_path, provider.issuer)
    made.person("quan-tri", PersonRole.ADMIN)
    return made


def test_a_group_of_the_office_becomes_a_role_here(room: Room, provider: IdentityProvider) -> None:
    browser = room.browser()
    assert "Đăng nhập bằng tài khoản cơ quan" in browser.get("/dang-nhap").text
    away = browser.get(f"{START}?ve=/bien-nhan").headers["location"]
    asked = parse_qs(urlsplit(away).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    verifier = browser.client.cookies["sohoa-oidc"].strip('"').split(" ")[0].split(".")[2]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]
    back = browser.get(provider.path_back(away))
    assert back.headers["location"] == "/bien-nhan"
    assert browser.get("/bien-nhan").status_code == 200
    assert browser.get("/").status_code == 403
    account = room.accounts.people.named("lan.vp")
    assert account.roles == {PersonRole.CLERK}
    assert account.subject
    assert account.subject.subject == "person-0001"


def test_an_answer_that_another_browser_began_is_refused(
    room: Room, provider: IdentityProvider
) -> None:
    """Who sends somebody a link with their own code does not sign them in as themselves."""
    attacker, victim = room.browser(), room.browser()
    planted = provider.path_back(attacker.get(START).headers["location"])
    for browser in (victim, room.browser()):
        answer = browser.get(planted)
        assert answer.status_code == 401
        assert "không còn giá trị" in answer.text
        assert browser.get("/bien-nhan").status_code == 303
        victim.get(START)  # the second time with a state of their own


def test_strangers_do_not_write_the_audit_log(room: Room, provider: IdentityProvider) -> None:
    """Whoever opens the address of the return, with anything or nothing, filled the disk."""
    browser = room.browser()
    before = len(room.entries())
    for path in (f"{START}/ve", f"{START}/ve?state=a&code=b"):
        assert browser.get(path).status_code == 401
    for changed in ("state=x", "code=x"):  # of a sign-in that they did begin
        path = provider.path_back(browser.get(START).headers["location"])
        assert browser.get(f"{path}&{changed}").status_code == 401
    assert len(room.entries()) == before


def test_a_code_is_good_once(room: Room, provider: IdentityProvider) -> None:
    browser = room.browser()
    path = provider.path_back(browser.get(START).headers["location"])
    kept = browser.client.cookies["sohoa-oidc"]
    assert browser.get(path).status_code == 303
    again = room.browser()
    again.client.cookies.set("sohoa-oidc", kept)
    assert again.get(path).status_code == 401


def test_a_token_for_another_nonce_is_refused(room: Room, provider: IdentityProvider) -> None:
    browser = room.browser()
    path = provider.path_back(browser.get(START).headers["location"])
    state, _, verifier = browser.client.cookies["sohoa-oidc"].strip('"').split(".")
    other = room.browser()
    other.client.cookies.set("sohoa-oidc", f"{state}.another.{verifier}")
    assert other.get(path).status_code == 401


def test_who_is_in_no_known_group_is_refused(tmp_path: Path, provider: IdentityProvider) -> None:
    room = room_with(tmp_path, provider.issuer, ke_toan="reader")
    room.person("quan-tri", PersonRole.ADMIN)
    browser = room.browser()
    answer = browser.get(provider.path_back(browser.get(START).headers["location"]))
    assert answer.status_code == 401
    assert "vai trò" in answer.text
    entry = room.entries()[-1]
    assert entry.text("verb") == Verb.SIGN_IN
    assert entry.text("result") == "refused"


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "http://127.0.0.1:9/other"])
def test_a_provider_that_is_away_is_said(tmp_path: Path, issuer: str) -> None:
    room = room_with(tmp_path, issuer)
    room.person("quan-tri", PersonRole.ADMIN)
    answer = room.browser().get(START)
    assert answer.status_code == 503
    assert "không trả lời" in answer.text


@pytest.mark.parametrize("wrong", ["http://sso.example", "sso.example", "ftp://sso.example"])
def test_a_provider_over_an_open_network_is_no_provider(wrong: str) -> None:
    with pytest.raises(ValueError, match="https"):
        AccountSettings(oidc_issuer=wrong, oidc_client_id="sohoa")

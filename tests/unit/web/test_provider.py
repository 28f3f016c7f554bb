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
from tests.support.identity_provider import PERSON, IdentityProvider, identity_provider
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
    assert browser.get("/").headers["location"] == "/ban-quet"
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


@pytest.mark.parametrize("claim", [7, True, {"van-thu": 1}, [7, None]])
def test_groups_that_are_no_list_of_names_are_none(tmp_path: Path, claim: object) -> None:
    with identity_provider(dict(PERSON) | {"groups": claim}) as provider:
        room = room_with(tmp_path, provider.issuer)
        room.person("quan-tri", PersonRole.ADMIN)
        browser = room.browser()
        answer = browser.get(provider.path_back(browser.get(START).headers["location"]))
    assert answer.status_code == 401
    assert "vai trò" in answer.text


@pytest.mark.parametrize(
    ("wanted", "opened"),
    [
        ("/ho-so/hệ", "/ho-so/h%E1%BB%87"),
        ("/?q=a%20b%2525%3B%22", "/?q=a%20b%25;%22"),  # as browsers send them: quoted once more
        ("/bien-nhan?x=" + "d" * 500, "/ban-quet"),  # the home of a clerk
    ],
)
def test_any_wanted_page_is_led_to_or_let_go_of(
    room: Room, provider: IdentityProvider, wanted: str, opened: str
) -> None:
    browser = room.browser()
    away = browser.get(f"{START}?ve={wanted}")
    assert away.status_code == 303
    back = browser.get(provider.path_back(away.headers["location"]))
    assert back.status_code == 303
    assert back.headers["location"] == opened


@pytest.mark.parametrize("query", ["state=ệ&code=a", "state=a&code=ệ", "state=%ff&code=%00"])
def test_values_that_no_provider_sends_are_refused(
    room: Room, provider: IdentityProvider, query: str
) -> None:
    browser = room.browser()
    browser.get(START)
    assert browser.get(f"{START}/ve?{query}").status_code == 401
    state = browser.get(START).headers["location"].split("state=")[1].split("&")[0]
    assert browser.get(f"{START}/ve?state={state}&code=ệ").status_code == 401


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

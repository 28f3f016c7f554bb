"""Attacks on signing in: each is tried as an attacker would."""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

import pyotp
import pytest

from pipeline.model import PersonRole
from tests.support.people import PASSWORD
from tests.support.visitors import Browser, Room, open_room

ELSEWHERE = (
    "//evil.example/",
    "/\\evil.example/",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "\\\\evil.example",
    "///evil.example",
    "/%0d%0aSet-Cookie:x=1\r\nX: y",
    "/dang-xuat",
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return open_room(tmp_path_factory.mktemp("room"))


@pytest.fixture
def lan(room: Room) -> Browser:
    """The browser of a reader who has signed in."""
    if room.accounts.people.is_empty():
        room.person("lan")
    return room.signed_in("lan")


def test_the_session_before_signing_in_is_not_the_one_after(room: Room, lan: Browser) -> None:
    """Fixation: what an attacker planted opens nothing once the victim has signed in."""
    victim = room.browser()
    victim.client.cookies.set("sohoa", "planted-by-an-attacker", domain="127.0.0.1", path="/")
    answer = victim.sign_in("lan")
    assert re.search("sohoa=[^;]{40}", answer.headers["set-cookie"])
    assert "planted" not in answer.headers["set-cookie"]
    attacker = room.browser()
    attacker.client.cookies.set("sohoa", "planted-by-an-attacker")
    assert attacker.get("/").status_code == 303


def test_a_planted_session_of_somebody_else_is_left(room: Room, lan: Browser) -> None:
    planted = lan.session_cookie
    assert planted
    token = lan.token("/phien")
    answer = lan.post_bare("/dang-nhap", khoa=token, ten="lan", mat_khau=PASSWORD)
    assert answer.status_code == 303
    attacker = room.browser()
    attacker.client.cookies.set("sohoa", planted)
    assert attacker.get("/").status_code == 303


def test_the_session_has_a_new_secret_after_each_step(room: Room) -> None:
    room.person("buoc", PersonRole.RECORDS)
    browser = room.browser()
    answer = browser.post("/dang-nhap", ten="buoc", mat_khau=PASSWORD)
    halfway = browser.session_cookie
    assert answer.headers["location"] == "/dang-nhap/lop-hai"
    page = browser.get("/dang-nhap/lop-hai").text
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    token = re.search(r'value="([0-9a-f]{64})"', page)
    assert key
    assert token
    code = pyotp.TOTP(key[1].replace(" ", "")).at(room.clock())
    assert "Mã dự phòng" in browser.post_bare("/dang-nhap/lop-hai", khoa=token[1], ma=code).text
    assert browser.get("/").status_code == 200
    other = room.browser()
    other.client.cookies.set("sohoa", str(halfway))
    assert other.get("/").headers["location"].startswith("/dang-nhap")


def test_a_cookie_is_worth_nothing_after_signing_out(room: Room, lan: Browser) -> None:
    kept = lan.session_cookie
    assert kept
    lan.post("/dang-xuat", page="/phien")
    thief = room.browser()
    thief.client.cookies.set("sohoa", kept)
    assert thief.get("/").status_code == 303


def test_a_cookie_of_another_install_is_worth_nothing(
    room: Room, lan: Browser, tmp_path: Path
) -> None:
    elsewhere = open_room(tmp_path)
    elsewhere.person("lan")
    theirs = elsewhere.signed_in("lan").session_cookie
    assert theirs
    browser = room.browser()
    browser.client.cookies.set("sohoa", theirs)
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {},
    ],
    ids=["cross-site", "same-site", "origin", "none"],
)
def test_posts_of_other_sites_are_refused(
    room: Room, lan: Browser, headers: dict[str, str]
) -> None:
    token = lan.token("/phien")
    for path in ("/dang-xuat", "/phien/ket-thuc", "/dang-nhap"):
        answer = lan.client.post(path, data={"khoa": token}, headers=headers)
        assert answer.status_code == 403, path
    assert lan.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "khóa của người khác"])
def test_posts_without_the_token_of_the_session_are_refused(
    room: Room, lan: Browser, token: str
) -> None:
    for path in ("/dang-xuat", "/phien/ket-thuc", "/dang-nhap/mat-khau"):
        assert lan.post_bare(path, khoa=token).status_code == 403, path
    other = room.signed_in("lan")
    assert lan.post_bare("/dang-xuat", khoa=other.token("/phien")).status_code == 403
    assert lan.get("/").status_code == 200


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(room: Room, lan: Browser, wanted: str) -> None:
    browser = room.browser()
    page = browser.client.get("/dang-nhap", params={"ve": wanted}).text
    assert "evil" not in page
    assert browser.sign_in("lan", wanted=wanted).headers["location"] == "/"
    signed = browser.client.get("/dang-nhap", params={"ve": wanted})
    assert signed.headers["location"] == "/"


def test_somebody_elses_session_cannot_be_ended(room: Room, lan: Browser) -> None:
    room.person("hoa")
    hoa = room.signed_in("hoa")
    (theirs,) = room.accounts.sessions.of(room.accounts.people.named("hoa").id)
    lan.post("/phien/ket-thuc", page="/phien", phien=theirs.id)
    assert hoa.get("/").status_code == 200


def test_what_a_form_does_not_offer_is_not_taken(room: Room, lan: Browser) -> None:
    """Mass assignment: fields of the account beside those of the form."""
    new = "năm con mèo leo cây cau"
    room.person("tham")
    browser = room.signed_in("tham")
    browser.post(
        "/dang-nhap/mat-khau", cu=PASSWORD, moi=new, lai=new, roles="admin", ten="lan", units="*"
    )
    account = room.accounts.people.named("tham")
    assert account.roles == {PersonRole.READER}
    assert room.signed_in("lan").get("/").status_code == 200


@pytest.mark.parametrize("name", ["khoa", "sohoa", "token", "session", "access_token"])
def test_a_secret_in_the_url_opens_nothing(room: Room, lan: Browser, name: str) -> None:
    stranger = room.browser()
    answer = stranger.client.get("/", params={name: str(lan.session_cookie)})
    assert answer.status_code == 303
    stolen = lan.token("/phien")
    posted = lan.client.post(
        "/dang-xuat", params={"khoa": stolen}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert posted.status_code == 403


def test_known_and_unknown_names_are_answered_in_the_same_words(room: Room, lan: Browser) -> None:
    answers = []
    for name in ("lan", "nobody of this name"):
        browser = room.browser()
        answer = browser.post("/dang-nhap", ten=name, mat_khau="một mật khẩu sai hẳn")
        assert answer.status_code == 401
        token = re.compile(r'value="[0-9a-f]{64}"')
        answers.append(token.sub("", answer.text))
    assert answers[0] == answers[1]


@pytest.mark.slow
def test_known_and_unknown_names_are_answered_in_the_same_time(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    room.person("lan")
    worked: dict[str, list[float]] = {"lan": [], "nobody": []}
    waited: dict[str, list[float]] = {"lan": [], "nobody": []}  # by the clock, as a stranger does
    for round_number in range(5):
        for name in worked:
            browser = room.browser(address=f"127.0.0.{10 + round_number}")
            token = browser.token("/dang-nhap")
            began, clock = time.process_time(), time.perf_counter()
            browser.post_bare("/dang-nhap", khoa=token, ten=name, mat_khau="sai mật khẩu hẳn")
            waited[name].append(time.perf_counter() - clock)
            worked[name].append(time.process_time() - began)
            room.clock.forward(minutes=30)
    known, unknown = (statistics.median(times) for times in worked.values())
    assert 0.4 < known / unknown < 2.5
    known, unknown = map(min, waited.values())  # the least: others' work only adds
    assert 0.4 < known / unknown < 2.5


def test_guesses_are_slowed_and_say_when_the_next_is_heard(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    room.person("lan")
    browser = room.browser(address="192.0.2.66")
    answers = [
        browser.post("/dang-nhap", ten="lan", mat_khau=f"lần thử {number}") for number in range(9)
    ]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_guesses_that_are_not_heard_are_not_recorded(tmp_path: Path) -> None:
    """They cost nothing, so thousands a minute would fill the disk."""
    room = open_room(tmp_path)
    room.person("hoa", PersonRole.RECORDS)
    phone = room.signed_in("hoa").phone
    assert phone
    room.clock.forward(minutes=30)
    browser = room.browser()
    browser.post("/dang-nhap", ten="hoa", mat_khau=PASSWORD)
    before, heard = len(room.entries()), 0
    for _ in range(12):
        answer = browser.post("/dang-nhap/ma", ma="000000")
        heard += answer.status_code == 401
    assert answer.status_code == 429
    assert 0 < heard < 12
    assert len(room.entries()) == before + heard

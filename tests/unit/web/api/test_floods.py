"""Limits of calls and uploads, and who may send anything to the demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model import PersonRole
from tests.support.callers import V1, assert_error, caller, stranger
from tests.support.visitors import open_room
from tests.support.web_backend import FAILED, open_client, sample_backend
from web.api.rates import _MOST_KEYS, RateLimit, TooManyCallsError, address_key


class Moment:
    """Monotonic seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_allows_a_minute_at_once_then_evenly() -> None:
    moment = Moment()
    rate = RateLimit(60, moment)
    for _ in range(60):
        rate.take("a")
    with pytest.raises(TooManyCallsError) as refused:
        rate.take("a")
    assert refused.value.seconds == 1
    rate.take("b")  # somebody else's calls do not count
    moment.now += 1.0
    rate.take("a")
    with pytest.raises(TooManyCallsError):
        rate.take("a")  # what was refused was not counted, so patience is rewarded
    moment.now += 3_600
    for _ in range(60):
        rate.take("a")
    with pytest.raises(TooManyCallsError):
        rate.take("a")


def test_a_flood_of_addresses_fills_no_memory() -> None:
    rate = RateLimit(60, Moment())
    for number in range(_MOST_KEYS + 500):
        rate.take(str(number))
    assert len(rate._due) == _MOST_KEYS


def test_one_subscriber_is_one_address() -> None:
    assert address_key("2001:db8:1:2:aaaa::1") == address_key("2001:db8:1:2:bbbb::2")
    assert address_key("2001:db8:1:3::1") != address_key("2001:db8:1:2::1")
    assert address_key("192.0.2.1") == "192.0.2.1"
    assert address_key("testclient") == "testclient"


def test_a_token_that_calls_too_often_waits_and_others_do_not(tmp_path: Path) -> None:
    room = open_room(tmp_path, api_calls_a_minute=5)
    busy, calm = caller(room, "bận"), caller(room, "rảnh")
    codes = [busy.get("/token").status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    answer = busy.get("/token")
    assert_error(answer, 429, "too_many_calls")
    assert int(answer.headers["retry-after"]) == answer.json()["error"]["retry"] > 0
    assert calm.get("/token").status_code == 200
    second = caller(room, "bận")  # another token of the account has a rate of its own
    assert second.get("/token").status_code == 200


def test_an_address_that_guesses_waits_before_anything_is_looked_up(tmp_path: Path) -> None:
    room = open_room(tmp_path, api_address_calls_a_minute=5)
    guessing = stranger(room, address="203.0.113.9")
    header = {"Authorization": "Bearer soh_0123456789abcdef_" + "A" * 43}
    codes = [guessing.get("/token", **header).status_code for _ in range(7)]
    assert codes == [401] * 5 + [429] * 2
    assert guessing.get("/openapi.json").status_code == 429
    assert caller(room, "máy").get("/token").status_code == 200


def test_only_so_many_uploads_at_a_time(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    clerk = caller(room, "văn-thư", PersonRole.CLERK)
    places = room.app.state.context.calls.uploads
    for _ in range(4):
        places.acquire()
    sent = {"file": ("a.png", b"x")}
    assert_error(clerk.post("/uploads", files=sent), 429, "too_many_calls")
    places.release()
    assert clerk.post("/uploads", files=sent).status_code == 202
    assert clerk.post("/uploads", files=sent).status_code == 202  # the place came back


def test_the_demonstration_takes_no_post_from_a_browser(tmp_path: Path) -> None:
    """Without accounts there is no token: then a foreign page must not be able to send anything."""
    app = open_client(sample_backend(tmp_path))
    assert app.get(f"{V1}/dossiers").json()["total"] == 4
    told = {"file": ("a.pdf", b"%PDF-1.4")}
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-origin"},
    ):
        assert_error(app.post(f"{V1}/uploads", files=told, headers=headers), 403, "cross_site")
        retry = app.post(f"{V1}/dossiers/{FAILED}/retry", headers=headers)
        assert_error(retry, 403, "cross_site")
    assert app.post(f"{V1}/dossiers/{FAILED}/retry").status_code == 202
    assert app.get(f"{V1}/dossiers", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 403

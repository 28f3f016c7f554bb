"""Words that were searched for stand in no address, and what stands there opens for one session."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from pipeline.model import PersonRole
from tests import ROOT
from tests.support.visitors import Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL, TestClient, open_client, sample_backend

WORDS = "thửa đất"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return open_client(sample_backend(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    room = open_room(tmp_path_factory.mktemp("room"))
    for name in ("mot", "hai"):
        room.person(name, PersonRole.READER)
    return room


def addresses(html: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'(?:href|action|src|data-address)="(.*?)"', html)]


def found(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/ho-so/([0-9a-f]+)', html)


def search(client: TestClient, **fields: str) -> str:
    answer = client.post("/tim", data=fields, headers=OURS)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_no_address_of_any_page_on_the_way_holds_the_words(client: TestClient) -> None:
    at = search(client, q=WORDS)
    html = client.get(at).text
    assert found(html) == [PARTIAL]
    seen = [at, *addresses(html)]
    for way in (f"/ho-so/{PARTIAL}?tim=", f"/ho-so/{PARTIAL}/trang/2?tim="):
        page = client.get(next(one for one in addresses(html) if one.startswith(way))).text
        assert "<mark>" in page or "có từ tìm" in page
        assert not re.search(r"<title>[^<]*thửa", page)
        seen += addresses(page)
    spelled = (WORDS, quote(WORDS), quote_plus(WORDS), quote("thửa"), "thua")
    assert not [one for one in seen if any(text.lower() in one.lower() for text in spelled)]


def test_reload_and_the_way_back_need_no_form(client: TestClient) -> None:
    at = search(client, q=WORDS)
    assert found(client.get(at).text) == found(client.get(at).text) == [PARTIAL]
    ways = addresses(client.get(at).text)
    dossier = client.get(next(one for one in ways if one.startswith(f"/ho-so/{PARTIAL}?"))).text
    back = re.search(r'<p class="back"><a href="(.*?)"', dossier)
    assert back
    assert found(client.get(unescape(back[1])).text) == [PARTIAL]


def test_equal_searches_have_equal_addresses_of_a_length_that_tells_little(
    client: TestClient,
) -> None:
    assert search(client, q=WORDS) == search(client, q=WORDS)
    assert len(search(client, q="an")) == len(search(client, q="thửa"))


def test_an_old_address_still_answers_and_leads_to_new_ones(client: TestClient) -> None:
    html = client.get("/", params={"q": WORDS}).text
    assert found(html) == [PARTIAL]
    assert not [one for one in addresses(html) if "q=" in one]
    on_page = client.get(f"/ho-so/{PARTIAL}/trang/2", params={"q": WORDS}).text
    assert "hit-box" in on_page
    assert not [one for one in addresses(on_page) if "q=" in one]


def test_what_nobody_typed_stays_readable_in_the_address(client: TestClient) -> None:
    html = client.get("/").text
    assert "/?trang-thai=PARTIAL" in addresses(html)


@pytest.mark.parametrize("spoiled", ["x", "AAAA", "thửa", "A" * 200, "-_-"])
def test_a_spoiled_address_is_a_sentence(client: TestClient, spoiled: str) -> None:
    answer = client.get("/", params={"tim": spoiled})
    assert answer.status_code == 200
    assert "Liên kết tìm kiếm này đã hết hạn" in answer.text
    assert client.get(f"/ho-so/{PARTIAL}", params={"tim": spoiled}).status_code == 200


def test_the_address_of_one_session_opens_nothing_in_another(room: Room) -> None:
    one, other = room.signed_in("mot"), room.signed_in("hai")
    at = one.post("/tim", "/", q=WORDS).headers["location"]
    assert PARTIAL in found(one.get(at).text)
    refused = other.get(at).text
    assert "Liên kết tìm kiếm này đã hết hạn" in refused
    assert WORDS not in refused
    again = room.signed_in("mot").get(at).text
    assert "Liên kết tìm kiếm này đã hết hạn" in again, "a session ends with its addresses"


def test_the_form_is_refused_to_other_sites_and_without_its_token(room: Room) -> None:
    one = room.signed_in("mot")
    assert one.post_bare("/tim", q=WORDS).status_code == 403
    foreign = one.client.post("/tim", data={"q": WORDS}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert one.post("/tim", "/", q=WORDS).status_code == 303


def test_what_made_no_sense_is_told_after_the_form_was_sent(client: TestClient) -> None:
    html = client.get(search(client, q="đất", **{"nhan-tu": "31/02/2026"})).text
    assert "“31/02/2026” không phải một ngày có thật" in html
    assert set(found(html)) == {PARTIAL, COMPLETE}
    long = client.get(search(client, q="đất " * 200)).text
    assert "Chỉ tìm 300 chữ đầu" in long


def test_the_search_is_recorded_once_and_its_words_are_sealed(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    room.person("mot", PersonRole.READER)
    one = room.signed_in("mot")
    one.get(one.post("/tim", "/", q=WORDS).headers["location"])
    entries = [entry for entry in room.entries() if entry.text("verb") == "search"]
    assert len(entries) == 1
    assert entries[0].text("words_hash")
    assert WORDS not in str(entries[0].body)


@pytest.mark.parametrize(
    "fields",
    [{"trang": "999999"}, {"sau": "lung tung"}, {"sau": "~"}, {"trang": "٣"}, {"trang": "-1"}],
)
def test_a_page_of_results_that_makes_no_sense_costs_nothing(
    client: TestClient, fields: dict[str, str]
) -> None:
    at = search(client, q="đất", **fields, **{"nhan-tu": "x"})  # so that it travels as typed
    answer = client.get(at)
    assert answer.status_code in {200, 400}
    assert "trang=" not in at


def test_no_template_and_no_script_puts_words_into_an_address() -> None:
    """A link takes ``{{ text.parameter }}``, or comes from ``web/urls.py``."""
    own = [*(ROOT / "web/templates").glob("*.html"), *(ROOT / "web/static").glob("*.js")]
    assert len(own) > 20
    assert not [path.name for path in own if re.search(r"[?&]q=", path.read_text("utf-8"))]

"""Page view: boxes lie over their words, links lead to the next hit, pictures may be cached."""

from __future__ import annotations

import io
import re
from html import unescape

import numpy as np
import pytest
from PIL import Image

from tests.support.web_backend import (
    COMPLETE,
    HOSTILE,
    PARTIAL,
    Backend,
    TestClient,
    open_client,
    part_of,
    sample_backend,
)
from web.pictures import make_thumbnail


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return sample_backend(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def client(backend: Backend) -> TestClient:
    return open_client(backend)


def boxes(html: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each hit box, in pixels of the view."""
    found = []
    for points in re.findall(r'class="hit-box" id="o\d+" points="([^"]+)"', html):
        pairs = [tuple(map(float, pair.split(","))) for pair in points.split()]
        xs, ys = zip(*pairs, strict=True)
        found.append((min(xs), min(ys), max(xs), max(ys)))
    return found


def picture(client: TestClient, html: str) -> Image.Image:
    address = part_of(html, r'<img src="(/ho-so/[^"]+)"')
    return Image.open(io.BytesIO(client.get(address).content)).convert("L")


@pytest.mark.parametrize("number", [1, 2])
def test_a_box_lies_over_the_ink_of_its_word(client: TestClient, number: int) -> None:
    # Words are drawn as full dark blocks, page 2 lies on its side.
    html = client.get(f"/ho-so/{PARTIAL}/trang/{number}", params={"q": "đất"}).text
    image = picture(client, html)
    assert f'viewBox="0 0 {image.width} {image.height}"' in html
    (left, top, right, bottom), *others = boxes(html)
    assert not others
    inside = image.crop((int(left) + 6, int(top) + 6, int(right) - 6, int(bottom) - 6))
    assert np.asarray(inside).max() < 60
    around = image.crop((int(left) - 3, int(top) - 3, int(right) + 3, int(bottom) + 3))
    assert around.getextrema()[1] == 255
    assert around.width * around.height < 4000  # the word, not the line


def test_the_hit_words_are_marked_in_the_text_beside_it(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}/trang/2", params={"q": "thua dat"}).text
    text = part_of(html, r'<div class="reading"[^>]*>(.*?)</div>')
    assert re.findall(r"<mark>(.*?)</mark>", text) == ["Thửa đất"]
    assert "tờ bản đồ" in text


def test_the_next_page_with_hits_is_one_click_away(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}/trang/1", params={"q": "đất"}).text
    assert re.search(r'href="[^"]*/trang/2\?tim=[^"]*#o1" data-key="following-hit"', html)
    assert "previous-hit" not in html
    assert not re.search(r'data-key="previous"', html)  # the first page


def test_every_address_of_a_page_keeps_the_search(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}/trang/2", params={"q": "đất"}).text
    addresses = re.findall(rf'href="(/ho-so/{PARTIAL}(?:/trang/\d+)?\?[^"]*)"', unescape(html))
    assert len({address.partition("tim=")[2].partition("#")[0] for address in addresses}) == 1
    assert all("<mark>đất</mark>" in client.get(one).text for one in addresses if "/trang/" in one)


def test_a_page_that_was_not_read_says_why_and_leads_to_the_original(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}/trang/5").text
    assert "Ảnh trang bị hỏng." in html
    assert "chưa đọc được" in html
    assert "#tep-goc" in html
    assert client.get(f"/ho-so/{PARTIAL}/trang/5/anh.webp").status_code == 404


def test_a_blank_page_says_so(client: TestClient) -> None:
    assert "Trang trắng, không có chữ." in client.get(f"/ho-so/{PARTIAL}/trang/4").text


def test_a_doubtful_page_shows_confidence_and_unsure_words(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}/trang/3").text
    assert "<dd>40%</dd>" in html
    assert '<span class="unsure">mờ</span>' in html


def test_what_was_read_is_never_html(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}/trang/1", params={"q": HOSTILE}).text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("place", ["giay=9&truong=symbol", "giay=1&truong=x", "giay=-1&truong=y"])
def test_an_unknown_field_frames_nothing(client: TestClient, place: str) -> None:
    answer = client.get(f"/ho-so/{PARTIAL}/trang/1?{place}")
    assert answer.status_code == 200
    assert "field-box" not in answer.text


def test_zoom_needs_no_script(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}/trang/1").text
    assert html.count('type="radio" name="zoom"') == 3


def test_a_picture_is_cached_by_the_browser_alone_and_for_five_minutes(client: TestClient) -> None:
    html = client.get(f"/ho-so/{COMPLETE}/trang/1").text
    address = part_of(html, r'<img src="(/ho-so/[^"]+)"')
    answer = client.get(address)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=300"
    again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert not again.content


def test_a_picture_url_without_its_version_is_revalidated(client: TestClient) -> None:
    answer = client.get(f"/ho-so/{COMPLETE}/trang/1/anh.webp")
    assert answer.headers["cache-control"] == "private, no-cache"


def test_a_thumbnail_is_small_and_keeps_its_shape(client: TestClient) -> None:
    answer = client.get(f"/ho-so/{PARTIAL}/trang/2/nho.webp")
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.format == "WEBP"
        assert small.width <= 320
        assert small.width / small.height == pytest.approx(1120 / 800, abs=0.02)


def test_a_picture_that_cannot_be_decoded_has_no_thumbnail() -> None:
    assert make_thumbnail(b"no picture") is None

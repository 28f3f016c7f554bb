"""Highlights: hits are shown where they are, and no text of a paper can become HTML."""

from __future__ import annotations

import pytest

from pipeline.model import MARK_CLOSE, MARK_OPEN, Box, Line, PageText, View, Word
from tests.support.web_backend import HOSTILE, ROTATED, UPRIGHT, line
from web import highlights


def corners(points: str) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in points.split())
    return [(float(x), float(y)) for x, y in pairs]


def test_a_snippet_is_escaped_and_only_its_marks_become_html() -> None:
    text = f"<b>giao {MARK_OPEN}đất & nhà{MARK_CLOSE} cho</b>"
    assert highlights.snippet_html(text) == "&lt;b&gt;giao <mark>đất &amp; nhà</mark> cho&lt;/b&gt;"


@pytest.mark.parametrize(
    "text",
    [
        f"a {MARK_OPEN}b",
        f"a b{MARK_CLOSE}",
        f"{MARK_CLOSE}a{MARK_OPEN} b",
        f"{MARK_OPEN}{MARK_OPEN}a{MARK_CLOSE} b{MARK_CLOSE}",
    ],
)
def test_stray_marks_of_a_paper_never_leave_a_tag_open(text: str) -> None:
    html = highlights.snippet_html(text)
    assert html.count("<mark>") == html.count("</mark>")
    assert MARK_OPEN not in html
    assert MARK_CLOSE not in html


def test_a_word_alone_is_not_marked_in_a_snippet_that_has_it_beside_others() -> None:
    o, c = MARK_OPEN, MARK_CLOSE
    text = f"của {o}Nguyễn Đình Toàn{c} Số {o}định{c} danh, {o}khai{c}"
    shown = "của <mark>Nguyễn Đình Toàn</mark> Số định danh, <mark>khai</mark>"
    assert highlights.snippet_html(text) == shown


def test_hit_words_side_by_side_are_one_mark_and_each_mark_leads_to_its_box() -> None:
    text = PageText((line(0, "Về", "giao", "đất", "ở"), line(50, "đất")))
    runs = highlights.split_into_runs(text, [False, True, True, False, True])
    assert [hit.text for hit in highlights.hit_highlights(runs, UPRIGHT)] == ["giao đất", "đất"]
    html = highlights.text_html(runs)
    assert 'href="#o1"><mark>giao đất</mark>' in html
    assert 'href="#o2"><mark>đất</mark>' in html


def test_what_was_read_is_escaped() -> None:
    html = highlights.text_html(highlights.split_into_runs(PageText((line(0, HOSTILE),)), [True]))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_words_read_with_little_confidence_are_shown_as_such() -> None:
    sure, unsure = Word("rõ", 0.9, Box(0, 0, 9, 9)), Word("mờ", 0.2, Box(9, 0, 9, 9))
    html = highlights.text_html(
        highlights.split_into_runs(PageText((Line((sure, unsure)),)), [False, False])
    )
    assert '<span class="unsure">mờ</span>' in html
    assert ">rõ<" not in html


def test_a_box_of_an_upright_page_stays_where_it_is() -> None:
    xs, ys = zip(
        *corners(highlights.highlight(Box(100, 200, 60, 30), UPRIGHT, "").points), strict=True
    )
    assert (min(xs), max(xs)) == pytest.approx((100, 160), abs=6)
    assert (min(ys), max(ys)) == pytest.approx((200, 230), abs=6)


def test_a_box_of_a_lying_page_turns_with_it() -> None:
    # Clockwise: what was left is on top, what was on top is right.
    xs, ys = zip(
        *corners(highlights.highlight(Box(100, 200, 60, 30), ROTATED, "").points), strict=True
    )
    assert (min(ys), max(ys)) == pytest.approx((100, 160), abs=6)
    assert (min(xs), max(xs)) == pytest.approx((1120 - 230, 1120 - 200), abs=6)


def test_a_box_of_a_leaning_page_leans_with_its_word() -> None:
    leaning = View(800, 1120, (0.9962, -0.0872, 40.0, 0.0872, 0.9962, 0.0))  # 5 degrees
    (x0, y0), (x1, y1), *_ = corners(
        highlights.highlight(Box(100, 200, 400, 30), leaning, "").points
    )
    assert (y1 - y0) / (x1 - x0) == pytest.approx(0.0875, abs=0.001)


def test_a_box_of_a_photographed_page_is_drawn_where_its_word_is_seen() -> None:
    """The far edge of a tilted sheet is drawn wider: the same box is larger there."""
    tilted = View(800, 1120, (1.0, 0.0, 0.0, 0.0, 1.0, 0.0), (0.0, 0.0005, 0.8))
    sizes = []
    for top in (100, 900):
        xs, _ = zip(
            *corners(highlights.highlight(Box(100, top, 60, 30), tilted, "").points), strict=True
        )
        sizes.append(max(xs) - min(xs))
    assert sizes[0] > sizes[1]
    (x, y), *_ = corners(highlights.highlight(Box(100, 400, 60, 0), tilted, "").points)
    assert (x, y) == pytest.approx((100, 400), abs=0.1)  # there the depth is one

"""Pages with lines at risk say which words those are, and are the same for a seed."""

from __future__ import annotations

import pytest

from tests.paper.risky_lines import KINDS, draw_risky


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_at_risk_is_printed(kind: str) -> None:
    risky = draw_risky(kind, 3)
    printed = risky.page.truth.text.split()
    assert risky.lines
    assert all(word in printed for line in risky.lines for word in line.split())


def test_a_seed_gives_one_page_and_a_copy_has_no_colour() -> None:
    one, again = (draw_risky("seal over name", 4, copied=True) for _ in range(2))
    assert one.lines == again.lines
    assert one.page.image.tobytes() == again.page.image.tobytes()
    red, green, blue = one.page.image.convert("RGB").resize((300, 424)).split()
    assert max(abs(a - b) for a, b in zip(red.tobytes(), blue.tobytes(), strict=True)) < 40
    assert len(green.getcolors() or ()) > 1
    assert draw_risky("seal over name", 5).lines != one.lines

"""How worn the pages of a sample are: what a good reader still reads."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from paper.truth import Degradation


def moderate(random: Random, dpi: int) -> Degradation:
    """Return an office scanner's ordinary page, with one or two blemishes."""
    plain = Degradation(
        dpi=dpi,
        skew=round(random.uniform(-1.2, 1.2), 2),
        blur=round(random.uniform(0.4, 0.9), 2),
        noise=round(random.uniform(1.5, 5), 1),
        jpeg_quality=random.randint(72, 90),
        yellow=round(random.uniform(0, 0.25), 2),
    )
    blemishes: tuple[dict[str, object], ...] = (
        {"fold": True},
        {"punch_holes": True},
        {"show_through": 0.1},
        {"uneven_light": 0.18},
        {"black_edge": True},
        {"pen_stroke": True},
        {"yellow": 0.6},
        {"grey": True},
    )
    chosen: dict[str, object] = {}
    for blemish in random.sample(blemishes, random.randint(1, 2)):
        chosen |= blemish
    return replace(plain, **chosen)  # type: ignore[arg-type]


def grey(random: Random, dpi: int) -> Degradation:
    """Return a moderately worn page in grey, not compressed."""
    return replace(moderate(random, dpi), jpeg_quality=None, noise=0.0, grey=True)


def fax(random: Random, dpi: int) -> Degradation:
    """Return a black-and-white page of an old copier."""
    return Degradation(
        dpi=dpi,
        one_bit=True,
        skew=round(random.uniform(-0.8, 0.8), 2),
        blur=0.5,
        salt_pepper=0.0004,
    )


def photo(random: Random, dpi: int) -> Degradation:
    """Return a page photographed or scanned lying, with uneven light."""
    return Degradation(
        dpi=dpi,
        skew=round(random.uniform(-1.5, 1.5), 2),
        rotation=random.choice((90, 180, 270)),
        uneven_light=0.25,
        noise=4.0,
        blur=0.7,
        jpeg_quality=80,
        arrival_stamp=True,
    )

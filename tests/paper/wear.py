"""How worn the pages of a sample are: what a good reader still reads."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.paper.truth import Degradation

# One degradation at a time, as strong as offices deliver it: what bench/reading.py compares on.
SINGLE = {
    "clean": Degradation(),
    "office scan": Degradation(skew=0.4, blur=0.7, noise=3.0, jpeg_quality=75),
    "skew 2°": Degradation(skew=2.0),
    "skew -14.5°": Degradation(skew=-14.5),
    "turned 90°": Degradation(rotation=90),
    "turned 180°": Degradation(rotation=180),
    "turned 270°": Degradation(rotation=270),
    "uneven light": Degradation(uneven_light=0.5),
    "yellowed": Degradation(yellow=0.9),
    "seal over text": Degradation(seal_over_text=True),
    "pen stroke": Degradation(pen_stroke=True),
    "show-through": Degradation(show_through=0.25),
    "salt and pepper": Degradation(salt_pepper=0.02),
    "fold": Degradation(fold=True),
    "punch holes": Degradation(punch_holes=True),
    "black edge": Degradation(black_edge=True),
    "arrival stamp": Degradation(arrival_stamp=True),
    "120 dpi": Degradation(dpi=120),
    "100 dpi": Degradation(dpi=100),
    "fax, 200 dpi": Degradation(dpi=200, one_bit=True),
    "thin fax": Degradation(dpi=200, one_bit=True, thin=30),
    "noise": Degradation(noise=15.0),
    "blur": Degradation(blur=2.0),
    "JPEG 30": Degradation(jpeg_quality=30),
    "dark bed": Degradation(bed=True, skew=3.0),
    "photograph": Degradation(perspective=0.1, uneven_light=0.2),
}


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

"""What happens to paper before it is scanned: stamps, folds, holes, age, light.

Every function takes an upright RGB picture and changes it in place. Lengths are millimetres, turned
into pixels by ``dpi``.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.paper.fonts import Style, typeface
from tests.paper.picture import Pixels, multiply, place_ink
from tests.paper.sheet import BLUE, RED

_FADED_RED = (196, 52, 66)


class Scene(NamedTuple):
    """A picture being worked on."""

    page: Pixels
    dpi: int
    random: Random

    def mm(self, length: float) -> int:
        """Return millimetres in pixels."""
        return round(length / 25.4 * self.dpi)


def arrival_stamp(scene: Scene) -> str:
    """Stamp “ĐẾN” (35 × 50 mm, NĐ 30/2020/NĐ-CP) where the paper is emptiest; return its text."""
    size = scene.mm(50), scene.mm(30)
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    thick = max(1, scene.mm(0.5))
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=235, width=thick)
    head, body = (typeface("noto-sans").font(Style.BOLD, scene.mm(h)) for h in (6, 3.6))
    number, day = scene.random.randint(100, 9_800), scene.random.randint(1, 28)
    rows = (f"Số: {number}", f"Ngày: {day:02d}/{scene.random.randint(1, 12):02d}/2026")
    pen.text((size[0] / 2, scene.mm(6)), "ĐẾN", fill=235, font=head, anchor="mm")
    for row, text in enumerate((*rows, "Chuyển: ..............")):
        pen.text((scene.mm(3), scene.mm(13 + 6.5 * row)), text, fill=235, font=body, anchor="lm")
    turned = mask.rotate(scene.random.uniform(-3, 3), Image.Resampling.BICUBIC, expand=True)
    place_ink(scene.page, np.asarray(turned), _emptiest(scene, turned.size), RED)
    return " ".join(("ĐẾN", *rows, "Chuyển:"))


def seal_over_text(scene: Scene) -> None:
    """Press a faded red seal over the middle of the text."""
    height, width = scene.page.shape[:2]
    radius = scene.mm(17)
    mask = np.zeros((2 * radius + 9, 2 * radius + 9), np.uint8)
    centre = (radius + 4, radius + 4)
    for share, thick in ((1.0, 0.7), (0.92, 0.25), (0.6, 0.3)):
        cv2.circle(mask, centre, round(radius * share), 225, max(1, scene.mm(thick)), cv2.LINE_AA)
    for turn in range(0, 360, 24):  # blocks that stand for the letters of the ring
        at = np.radians(turn)
        x = round(centre[0] + radius * 0.77 * np.cos(at))
        y = round(centre[1] + radius * 0.77 * np.sin(at))
        cv2.circle(mask, (x, y), scene.mm(1.1), 215, max(1, scene.mm(0.5)), cv2.LINE_AA)
    x = round(width * scene.random.uniform(0.3, 0.6))
    y = round(height * scene.random.uniform(0.35, 0.55))
    place_ink(scene.page, mask, (x, y), _FADED_RED)


def pen_stroke(scene: Scene) -> None:
    """Draw a wavering ballpoint line through a part of the page, as people tick and underline."""
    height, width = scene.page.shape[:2]
    x = np.linspace(0.15, scene.random.uniform(0.5, 0.85), 60) * width
    wave = scene.mm(1.5) * np.sin(np.linspace(0, 9, 60) + scene.random.random())
    slope = np.linspace(0, scene.random.uniform(-0.03, 0.03), 60) * height
    y = height * scene.random.uniform(0.3, 0.7) + wave + slope
    layer = np.full_like(scene.page, 255)
    line = np.stack((x, y), axis=1).astype(np.int32)
    cv2.polylines(layer, [line], False, BLUE, max(1, scene.mm(0.5)), cv2.LINE_AA)
    multiply(scene.page, layer)


def fold(scene: Scene) -> None:
    """Crease the sheet across: a dark line, a light line beside it, a soft shadow around."""
    height = scene.page.shape[0]
    at = height // 2 + scene.random.randint(-scene.mm(6), scene.mm(6))
    rows = np.arange(height, dtype=np.float32) - at
    shade = 1 - 0.13 * np.exp(-((rows / scene.mm(6)) ** 2))
    shade -= 0.22 * np.exp(-((rows / max(1.0, scene.mm(0.35))) ** 2))
    _shade(scene, shade[:, None])


def punch_holes(scene: Scene) -> None:
    """Punch two holes 80 mm apart, 12 mm from the left edge (ISO 838); the copier's lid is dark."""
    middle = scene.page.shape[0] // 2
    for side in (-40, 40):
        centre = (scene.mm(12), middle + scene.mm(side))
        cv2.circle(scene.page, centre, scene.mm(3), (52, 50, 50), -1, cv2.LINE_AA)


def show_through(scene: Scene, strength: float, behind: Pixels) -> None:
    """Let the other side of the sheet shine through.

    Args:
        scene: the picture.
        strength: 0-1; 0.15 can just be seen.
        behind: what is printed there, RGB, of the scene's size.
    """
    back = cv2.flip(behind, 1)
    shift = np.array(((1, 0, scene.mm(2)), (0, 1, -scene.mm(4))), np.float32)
    size = (back.shape[1], back.shape[0])
    back = cv2.warpAffine(back, shift, size, borderValue=(255, 255, 255))
    back = cv2.GaussianBlur(back, (0, 0), max(0.6, scene.mm(0.25)))
    grey = cv2.cvtColor(back, cv2.COLOR_RGB2GRAY).astype(np.float32)
    shine = 255 - (255 - grey) * strength
    multiply(scene.page, np.repeat(shine.astype(np.uint8)[..., None], 3, axis=2))


def yellow(scene: Scene, strength: float) -> None:
    """Age the paper: yellow all over, brown in cloudy stains and at the edges."""
    height, width = scene.page.shape[:2]
    chance = np.random.default_rng(scene.random.getrandbits(32))
    clouds = cv2.resize(chance.random((9, 7), np.float32), (360, 510), None, 0, 0, cv2.INTER_CUBIC)
    share = strength * (0.75 + 0.5 * np.clip(clouds, 0, 1))
    tint = np.array((0.02, 0.08, 0.3), np.float32)  # what old paper swallows of red, green, blue
    paper = np.clip(255 * (1 - share[..., None] * tint), 0, 255).astype(np.uint8)
    multiply(scene.page, np.asarray(cv2.resize(paper, (width, height)), np.uint8))


def uneven_light(scene: Scene, loss: float) -> None:
    """Dim the page towards one corner, as an open lid or a camera does."""
    height, width = scene.page.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    if scene.random.random() < 0.5:
        x = 1 - x
    _shade(scene, 1 - loss * (x * 0.6 + y * 0.4) ** 1.5)


def black_edge(scene: Scene) -> None:
    """Leave the copier's black shadow along the left and upper edge."""
    height, width = scene.page.shape[:2]
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    left = np.clip(1.3 - x / scene.mm(scene.random.uniform(3, 6)), 0, 1)
    upper = np.clip(1.3 - y / scene.mm(scene.random.uniform(1.5, 4)), 0, 1)
    _shade(scene, 1 - 0.94 * np.maximum(left, upper))


def _shade(scene: Scene, factor: NDArray[np.floating]) -> None:
    height, width = scene.page.shape[:2]
    full = np.broadcast_to(np.clip(factor, 0, 1) * 255, (height, width)).astype(np.uint8)
    multiply(scene.page, np.repeat(full[..., None], 3, axis=2))


def _emptiest(scene: Scene, size: tuple[int, int]) -> tuple[int, int]:
    """Return the corner of the place in the upper half where a stamp hides least."""
    dark = (scene.page.min(axis=2) < 160).astype(np.uint8)
    ink = cv2.integral(dark[: dark.shape[0] // 2])
    width, height = size
    step = max(1, scene.mm(3))
    rows = range(scene.mm(12), ink.shape[0] - height, step)
    columns = range(scene.mm(12), ink.shape[1] - width - scene.mm(8), step)
    corners = [(x, y) for y in rows for x in columns]
    return min(corners, key=lambda at: _within(ink, at, size))


def _within(ink: NDArray[np.int32], at: tuple[int, int], size: tuple[int, int]) -> int:
    (x, y), (width, height) = at, size
    return int(ink[y + height, x + width] - ink[y, x + width] - ink[y + height, x] + ink[y, x])

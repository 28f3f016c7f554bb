"""Looks at finished paper: its grey levels, a part of it, what a program tells of a file."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Box
from tests.paper.picture import DrawnPage

Pixel = TypeVar("Pixel", bound=np.generic)


def grey(drawn: DrawnPage) -> NDArray[np.uint8]:
    """Return a page's grey levels, rows first."""
    return np.asarray(drawn.image.convert("L"))


def crop(picture: NDArray[Pixel], box: Box) -> NDArray[Pixel]:
    """Return the part of a picture inside a box, as a view."""
    return picture[box.top : box.bottom, box.left : box.right]


def told(program: str, *arguments: str | Path) -> str:
    """Return all that a program prints, errors included, whatever its exit status."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr

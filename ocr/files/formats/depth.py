"""Brings deep samples (more than 8 bits, signed, floating point) to 8 bits, white paper light."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.image.geometry import Pixels

_ROWS = 512  # that are converted at a time: a second picture of doubles would not fit
# Devices of 8, 10 or 12 bits put their samples as they are into 16 or 32; such a picture uses less
# than this share of the range, and would be black on black.
_SHALLOW = 0.25


def to_eight_bits(samples: npt.NDArray[Any], *, white_is_zero: bool = False) -> Pixels:
    """Return samples of any depth as 8 bits, black 0, white 255.

    Args:
        samples: rows x columns, or rows x columns x 3.
        white_is_zero: whether 0 means white paper.
    """
    low, high = _range(samples)
    scale = 255.0 / max(high - low, 1e-9)
    pixels = np.empty(samples.shape, np.uint8)
    for top in range(0, len(samples), _ROWS):
        band = np.nan_to_num(samples[top : top + _ROWS].astype(np.float64))
        band = np.clip((band - low) * scale, 0, 255)
        pixels[top : top + _ROWS] = 255 - band if white_is_zero else band
    return pixels


def _range(samples: npt.NDArray[Any]) -> tuple[float, float]:
    """Return the values that stand for the darkest and the lightest ink."""
    least, most = _extremes(samples)
    if np.issubdtype(samples.dtype, np.floating):
        return min(least, 0.0), max(most, least + 1e-9)
    kind = np.iinfo(samples.dtype)
    low = float(kind.min) if least < 0 else 0.0
    is_shallow = low == 0 and 0 < most < kind.max * _SHALLOW
    return low, most if is_shallow else float(kind.max)


def _extremes(samples: npt.NDArray[Any]) -> tuple[float, float]:
    """Return the least and the greatest value; what is no number does not count."""
    least, most = np.inf, -np.inf
    for top in range(0, len(samples), _ROWS):
        band = samples[top : top + _ROWS]
        band = band[np.isfinite(band)]
        if band.size:
            least, most = min(least, float(band.min())), max(most, float(band.max()))
    return (least, most) if least <= most else (0.0, 1.0)

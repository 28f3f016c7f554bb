"""A page whose letters are drawn as curves: a designer's form without a single letter in it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
from reportlab.pdfgen.canvas import Canvas

from tests.paper.text_layers import HEIGHT, WIDTH, picture_of

_FINER = 4  # outlines are traced on a picture so many times as large


def curved_page(lines: Sequence[str]) -> bytes:
    """Return a PDF with the outlines of printed lines, filled, and neither text nor picture.

    Args:
        lines: what is drawn, from top to bottom.
    """
    picture = np.asarray(picture_of(lines))
    large = cv2.resize(picture, None, fx=_FINER, fy=_FINER, interpolation=cv2.INTER_CUBIC)
    dark = cv2.threshold(large, 128, 255, cv2.THRESH_BINARY_INV)[1]
    outlines, _ = cv2.findContours(dark, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1)
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    scale = 72 / 150 / _FINER
    path = canvas.beginPath()
    for outline in outlines:
        (x, y), *rest = ((x * scale, HEIGHT - y * scale) for x, y in outline[:, 0].tolist())
        path.moveTo(x, y)
        for x, y in rest:
            path.lineTo(x, y)
        path.close()
    canvas.drawPath(path, stroke=0, fill=1, fillMode=0)
    canvas.showPage()
    canvas.save()
    return packed.getvalue()

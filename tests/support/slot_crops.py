"""Cut-outs of numbers that people wrote, and a recogniser that counts what it is given."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ocr.engines.port import Probabilities
from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.image.geometry import Pixels
from pipeline.model import Box
from tests.paper import degrade
from tests.paper.truth import Degradation
from tests.paper.written_heads import written_head


class CountingRecogniser:
    """The recogniser that we ship, with a count of the lines that it was given."""

    recipe = "counting"

    def __init__(self) -> None:
        self.lines = 0
        self._inner = SlotRecogniser()

    @property
    def alphabet(self) -> str:
        return self._inner.alphabet

    def steps(self, line: Pixels) -> Probabilities:
        self.lines += 1
        return self._inner.steps(line)


def slot_crops(pages: int, dpi: int = 150) -> Iterator[Pixels]:
    """Yield two cut-outs a page in BGR: «Số: …/…» and «ngày … tháng … năm …».

    Args:
        pages: how many papers, each by another hand.
        dpi: pixels to the inch of the papers.
    """
    for seed in range(pages):
        worn = Degradation(blur=0.3 + seed % 3 / 2, jpeg_quality=60 + seed % 30)
        drawn = degrade(written_head("AB"[seed % 2], seed, dpi).page, worn, seed)
        pixels = np.asarray(drawn.image)[..., ::-1]
        lines: dict[int, list[tuple[str, Box]]] = {}
        for word in drawn.truth.words:
            lines.setdefault(word.line, []).append((word.text, word.box))
        for line in lines.values():
            at = next((i for i, (text, _) in enumerate(line) if text in ("Số:", "ngày")), None)
            if at is not None and line[0][1].top < 0.3 * pixels.shape[0] and len(line) < 12:
                box = line[at][1].union(line[-1][1])
                room = box.height
                yield np.ascontiguousarray(
                    pixels[
                        max(0, box.top - room // 2) : box.bottom + room // 2,
                        max(0, box.left - room) : box.right + room,
                    ]
                )

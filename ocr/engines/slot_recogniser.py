"""Reads one line of figures, written or printed, with PP-OCRv6's recogniser run by OpenCV.

The model lies in ``slots/`` (Apache-2.0; how it was cut: ``setup/pack_slot_model.py``). It knows
figures, Latin letters and signs, but not the marks of Vietnamese: good for numbers and dates,
useless for text. A line is scaled to 48 pixels of height, and there is a step for every 8 pixels. A
line of 320 pixels takes 31 ms of one processor, the model 80 MB.
"""

from __future__ import annotations

import hashlib
import json
import threading
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from ocr.engines.port import Probabilities
from ocr.image.geometry import Pixels
from pipeline.errors import MissingEngineError

FOLDER = Path(__file__).parent / "slots"
LIST = "slot_model.json"
_HEIGHT = 48  # pixels, what the network was trained on
_WIDTH = (48, 1_000)  # pixels after scaling; a slot has 100 to 400


class SlotRecogniser:
    """The recogniser; its model is loaded when it is first used. Safe to call from many threads."""

    recipe = "s5"  # another model, another cut of it or of the slots reads other figures

    def __init__(self) -> None:
        self._lock = threading.Lock()  # a network of OpenCV serves one caller at a time

    @cached_property
    def alphabet(self) -> str:
        """The letters of columns 1 and up; column 0 is no letter."""
        return self._listed["letters"]

    def steps(self, line: Pixels) -> Probabilities:
        """Read a line. See ``LineRecogniser.steps``."""
        colours = line if line.ndim == 3 else cv2.cvtColor(line, cv2.COLOR_GRAY2BGR)
        height, width = colours.shape[:2]
        wide = min(max(round(width * _HEIGHT / height), _WIDTH[0]), _WIDTH[1])
        method = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
        scaled = cv2.resize(colours, (wide, _HEIGHT), interpolation=method)
        blob = (scaled.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]
        with self._lock:
            self._network.setInput(np.ascontiguousarray(blob))
            return np.array(self._network.forward()[0], np.float32)

    @cached_property
    def _listed(self) -> dict[str, str]:
        try:
            listed: dict[str, str] = json.loads((FOLDER / LIST).read_text("utf-8"))
        except FileNotFoundError as error:
            raise _missing() from error
        return listed

    @cached_property
    def _network(self) -> cv2.dnn.Net:
        try:
            model = (FOLDER / self._listed["file"]).read_bytes()
        except FileNotFoundError as error:
            raise _missing() from error
        if hashlib.sha256(model).hexdigest() != self._listed["sha256"]:
            raise _missing()
        return cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))


def _missing() -> MissingEngineError:
    return MissingEngineError(
        "Thiếu hoặc hỏng mô hình đọc chữ số viết tay (ocr/engines/slots).", "Cài lại phần mềm."
    )

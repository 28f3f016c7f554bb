"""The model of slots is the one that its list names, cut as the script says; and it reads confined.

With ``SOHOA_SLOT_WHEEL`` naming the wheel (``pip download --no-deps rapidocr==3.10.0``) it is cut
anew and compared with the whole one.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr.engines.ctc import greedy
from ocr.engines.slot_recogniser import FOLDER, LIST, SlotRecogniser
from pipeline.errors import MissingEngineError
from setup import pack_slot_model
from tests import ROOT
from tests.support.slot_crops import slot_crops

WHEEL = os.environ.get("SOHOA_SLOT_WHEEL", "")
FIGURES = set("0123456789/")


def test_the_file_is_the_listed_one_and_its_licence_lies_beside() -> None:
    listed = json.loads((FOLDER / LIST).read_text("utf-8"))
    model = (FOLDER / listed["file"]).read_bytes()
    assert hashlib.sha256(model).hexdigest() == listed["sha256"]
    assert listed["source_sha256"] == pack_slot_model.INSIDE_SHA256
    assert len(set(listed["letters"])) == len(listed["letters"])
    assert set(listed["letters"]) >= FIGURES
    assert "Apache License" in (FOLDER / "LICENSE").read_text("utf-8")


def test_onnx_is_written_as_it_was_read() -> None:
    model = (FOLDER / pack_slot_model.MODEL).read_bytes()
    assert pack_slot_model.message_of(pack_slot_model.fields_of(model)) == model


def test_each_activation_is_one_node_and_no_node_only_passes_on() -> None:
    model = (FOLDER / pack_slot_model.MODEL).read_bytes()
    network = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
    kinds = [network.getLayer(name).type for name in network.getLayerNames()]
    assert kinds.count("Gelu") == 13
    assert not {"Erf", "Identity"} & set(kinds)


def test_another_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:-1] + b"?")
    (tmp_path / LIST).write_bytes((FOLDER / LIST).read_bytes())
    monkeypatch.setattr("ocr.engines.slot_recogniser.FOLDER", tmp_path)
    with pytest.raises(MissingEngineError):
        SlotRecogniser().steps(np.full((48, 96), 255, np.uint8))


def test_it_reads_in_the_sandbox_under_the_limit_of_memory(tmp_path: Path) -> None:
    """Confined as whatever opens files: no new file, no network, 1 GiB of address space."""
    code = """
import sys, numpy as np, cv2
from pathlib import Path
from ocr.engines.ctc import greedy
from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.sandbox.confinement import Confinement
from ocr.sandbox.job import Job
cv2.setNumThreads(1)
line = np.full((64, 200, 3), 255, np.uint8)
cv2.putText(line, "2750", (20, 46), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (90, 30, 10), 3, cv2.LINE_AA)
folder = Path(sys.argv[1])
(folder / "file").touch()
level = Confinement().enter(Job("made", folder, folder / "file", 60, 2**30))
figures = SlotRecogniser()
print("".join(letter.text for letter in greedy(figures.steps(line), figures.alphabet)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout.strip() == "2750", done.stderr


@pytest.mark.skipif(not WHEEL, reason="SOHOA_SLOT_WHEEL does not name the wheel")
@pytest.mark.slow
def test_the_cut_model_reads_as_the_whole_one() -> None:
    with zipfile.ZipFile(WHEEL) as wheel:
        whole = wheel.read(pack_slot_model.INSIDE)
    packed, letters = pack_slot_model.cut(whole)
    assert packed == (FOLDER / pack_slot_model.MODEL).read_bytes()
    columns = pack_slot_model.kept_columns(whole)
    networks = [cv2.dnn.readNetFromONNX(np.frombuffer(one, np.uint8)) for one in (whole, packed)]
    digits = [letters.index(digit) + 1 for digit in "0123456789"]
    compared, worst = 0, 0.0
    for crop in slot_crops(105):
        width = round(crop.shape[1] * 48 / crop.shape[0])
        scaled = cv2.resize(crop, (width, 48), interpolation=cv2.INTER_CUBIC)
        blob = (scaled.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
        said = []
        for network in networks:
            network.setInput(np.ascontiguousarray(blob))
            said.append(np.array(network.forward()[0]))
        before, after = said[0][:, columns], said[1]
        worst = max(worst, float(np.abs(before[:, digits] - after[:, digits]).max()))
        texts = ["".join(one.text for one in greedy(each, letters)) for each in (before, after)]
        figures = ["".join(filter(FIGURES.__contains__, text)) for text in texts]
        assert figures[0] == figures[1], texts
        compared += 1
    assert compared >= 200
    assert worst < 0.15  # half precision, and letters that were left out: they held 0.1 at most

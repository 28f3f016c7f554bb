"""Prints what another OCR engine reads on a picture: a program for bench/reading.py --program.

    python3 -m venv engines && engines/bin/pip install rapidocr==3.10.0 onnxruntime asterocr==1.0.2
    engines/bin/python bench/engines.py rapidocr PICTURE

The packages bring their models along; nothing is downloaded. They are no part of this project and
live in an environment of their own, so this file imports nothing of ours. One thread each.

* rapidocr (Apache-2.0): PP-OCRv6 small finds lines and reads them, as its users run it.
* asterocr (MIT) reads a line only, so the lines are those that rapidocr finds.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Iterator
from typing import Any

ONE_THREAD = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


def rapidocr(picture: str) -> Iterator[str]:
    """Yield the lines that PP-OCRv6 small finds and reads."""
    found = importlib.import_module("rapidocr").RapidOCR(params=ONE_THREAD)(picture)
    yield from found.txts or ()


def asterocr(picture: str) -> Iterator[str]:
    """Yield what AsterOCR reads on the lines that PP-OCRv6 small finds."""
    image = importlib.import_module("cv2").imread(picture)
    find = importlib.import_module("rapidocr").RapidOCR(params=ONE_THREAD)
    cut = importlib.import_module("rapidocr.utils.process_img").get_rotate_crop_image
    boxes = find(image, use_rec=False, use_cls=False).boxes
    _run_on_one_thread()
    reader = importlib.import_module("asterocr").AsterOCR()
    for box in boxes if boxes is not None else ():
        yield reader.predict(cut(image, box.astype("float32"))[:, :, ::-1])


def _run_on_one_thread() -> None:
    runtime: Any = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    opened = runtime.InferenceSession
    runtime.InferenceSession = lambda path, **more: opened(path, options, **more)


def main() -> None:
    """Print the lines of a picture."""
    logging.disable(logging.CRITICAL)
    engine, picture = sys.argv[1:]
    for line in {"rapidocr": rapidocr, "asterocr": asterocr}[engine](picture):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()

"""Word recall and precision of the reader on pages whose text is known.

    .venv/bin/python -m bench.words FOLDER

A page is a picture with ``<stem>.gt.txt`` beside it; ``<stem>.gt.meta.json`` marks the real scans
that were transcribed by hand, the others were rendered. Scored without regard to order, over NFC
tokens stripped of outer punctuation, each token as often as it occurs.
"""

from __future__ import annotations

import argparse
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from ocr import open_reader
from ocr.reader import Reader
from pipeline.settings import ReadingSettings

PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf"}


class Score(NamedTuple):
    """How one page was read."""

    name: str
    by_hand: bool
    recall: float
    precision: float
    seconds: float
    cpu: float
    missed: Counter[str]
    extra: Counter[str]


def tokens(text: str) -> Counter[str]:
    """Return the words of a text without the punctuation around them."""
    words = (_stripped(word) for word in unicodedata.normalize("NFC", text).split())
    return Counter(word for word in words if word)


def _stripped(word: str) -> str:
    inner = [place for place, char in enumerate(word) if char.isalnum()]
    return word[inner[0] : inner[-1] + 1] if inner else ""


def score(reader: Reader, picture: Path) -> Score:
    """Read a picture and compare it with its truth."""
    truth = tokens(picture.with_suffix(".gt.txt").read_text(encoding="utf-8"))
    wall, cpu = time.monotonic(), time.process_time()
    read = tokens(reader.read_page(picture, 1).page.text.text)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    common = (truth & read).total()
    return Score(
        picture.name,
        picture.with_suffix(".gt.meta.json").exists(),
        common / max(truth.total(), 1),
        common / max(read.total(), 1),
        wall,
        cpu,
        truth - read,
        read - truth,
    )


def show(label: str, scores: Sequence[Score]) -> None:
    """Print the means of some pages."""
    if scores:
        print(
            f"{label:<28} recall {mean(s.recall for s in scores):.4f}"
            f"  precision {mean(s.precision for s in scores):.4f}"
            f"  {mean(s.seconds for s in scores):5.2f} s  cpu {mean(s.cpu for s in scores):5.2f} s"
        )


def main() -> None:
    """Score all pages of a folder and print the means."""
    parser = argparse.ArgumentParser(description="Word recall and precision of the reader.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", default="auto", choices=["auto", "tesserocr", "pytesseract"])
    parser.add_argument("--words", action="store_true", help="print missed and extra words")
    chosen = parser.parse_args()
    reader = open_reader(ReadingSettings(engine=chosen.engine))
    pictures = [
        path
        for path in sorted(chosen.folder.iterdir())
        if path.suffix.lower() in PICTURES and path.with_suffix(".gt.txt").exists()
    ]
    scores = []
    for picture in pictures:
        scores.append(score(reader, picture))
        show(picture.name, scores[-1:])
        if chosen.words:
            print("   missed:", *scores[-1].missed.elements())
            print("   extra: ", *scores[-1].extra.elements())
    print(f"\n{reader.recipe}")
    show("transcribed by hand", [each for each in scores if each.by_hand])
    show("rendered", [each for each in scores if not each.by_hand])
    show("all", scores)


if __name__ == "__main__":
    main()

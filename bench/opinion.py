"""What the second opinion on doubtful words mends, what it spoils, and what it costs.

    .venv/bin/python -m bench.opinion [FOLDER …] [--pages 1] [--seed 101] [--only clean,fax]

The pages of bench/reading.py, each read with and without it: words lost and words invented by kind,
changed words that were wrong before and right after (mended) and the other way round (spoilt), and
the processor time that the other readers took, measured on the thread that asks them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from bench.reading import SEED, Sheet, real, synthetic
from bench.scoring import Errors, errors
from ocr.engines.letter_readers import open_second_readers
from ocr.engines.port import LetterChoice, LetterReader
from ocr.engines.tesseract import open_engine
from ocr.image.geometry import Pixels
from ocr.reader import Reader
from pipeline.settings import ReadingSettings


class Timed:
    """A reader of words whose processor time is summed up."""

    def __init__(self, inner: LetterReader) -> None:
        self._inner = inner
        self.recipe = inner.recipe
        self.seconds = 0.0
        self.asked = 0

    def letters(self, line: Pixels, dpi: int, seconds: float) -> Sequence[LetterChoice]:
        """Read a line. See ``LetterReader.letters``."""
        began = time.thread_time()
        try:
            return self._inner.letters(line, dpi, seconds)
        finally:
            self.seconds += time.thread_time() - began
            self.asked += 1


def compare(sheets: Sequence[Sheet]) -> None:
    """Read all pages both ways and print a table."""
    settings = ReadingSettings()
    engine = open_engine(settings)
    second = [Timed(one) for one in open_second_readers(settings, engine)]
    ways = Reader(settings, engine), Reader(settings, engine, second=second)
    rows: dict[str, list[Errors]] = defaultdict(lambda: [Errors(), Errors()])
    counts: Counter[str] = Counter()
    for sheet in sheets:
        texts = [way.read_page(sheet.path, 1).page.text for way in ways]
        for place, text in enumerate(texts):
            found = errors(sheet.text, text.text, sheet.optional)
            rows[sheet.kind][place] = rows[sheet.kind][place].plus(found)
        printed = set(sheet.text.split())
        for old, new in zip(texts[0].words, texts[1].words, strict=True):
            if old.text != new.text:
                was, now = old.text in printed, new.text in printed
                kind = "mended" if now and not was else "spoilt" if was else "neither"
                counts[kind] += 1
                print(f"{sheet.path.name}: {old.text} → {new.text}, {kind}")
    print("\n| kind | character error % | words lost | words invented |\n|---|---|---|---|")
    for kind, (before, after) in rows.items():
        print(
            f"| {kind} | {100 * before.rate:.2f} → {100 * after.rate:.2f} "
            f"| {before.words - before.right} → {after.words - after.right} "
            f"| {before.read - before.right} → {after.read - after.right} |"
        )
    asked = second[0].asked if second else 0
    spent = sum(one.seconds for one in second)
    print(f"\n{len(sheets)} pages, {asked / len(sheets):.0f} words asked for a page,", end=" ")
    print(f"{spent / len(sheets):.3f} processor s a page; changed: {dict(counts)}")


def main() -> None:
    """Compare on synthetic pages and on those of the folders."""
    parser = argparse.ArgumentParser(description="Second opinion on doubtful words.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=1, help="synthetic pages a degradation")
    parser.add_argument("--seed", type=int, default=SEED, help="of the synthetic pages")
    parser.add_argument("--only", default="", help="kinds of degradation, by comma")
    chosen = parser.parse_args()
    only = set(chosen.only.split(",")) - {""}
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        sheets = synthetic(Path(place), chosen.pages, only, chosen.seed) if chosen.pages else []
        compare(sheets + [sheet for folder in chosen.folders for sheet in real(folder)])


if __name__ == "__main__":
    main()

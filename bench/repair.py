"""What the repair of syllables gives back, and what it spoils.

    .venv/bin/python -m bench.repair [--sentences FILE] [--pages FOLDER] [--clean N]

Three measurements, the first two where their files are named: sentences that were never counted,
with 5 % of their syllables damaged; pages whose text is known, as read and as repaired (the raw
reading is kept beside each repaired word); clean synthetic pages, where nothing may be lost.
"""

from __future__ import annotations

import argparse
import gzip
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from statistics import mean
from tempfile import TemporaryDirectory

from bench.words import PICTURES, tokens
from ocr import open_reader
from ocr.reader import Reader
from pipeline.model import Word
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import WordReading, repair
from pipeline.vietnamese.language_model import language_model
from pipeline.vietnamese.spelling import TokenKind, parse_word
from tests.paper import make_pages
from tests.paper.truth import WordTruth

_DAMAGED = 0.05
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309")  # confused with one another; nặng is only lost
_VOWELS = {"\u0302": ("o", "\u031b"), "\u031b": ("o", "\u0302"), "\u0306": ("a", "\u0302")}


def damages(word: str) -> Iterator[str]:
    """Yield a word with one mark lost or confused."""
    for place, char in enumerate(word):
        letter, *marks = list(unicodedata.normalize("NFD", char))
        others = {"đ": ["d"], "Đ": ["D"]}.get(char, [])
        for mark in marks:
            rest = "".join(other for other in marks if other != mark)
            others.append(letter + rest)
            others += [letter + rest + tone for tone in _TONES if mark in _TONES and tone != mark]
            base, confused = _VOWELS.get(mark, ("", ""))
            others += [letter + confused + rest] if letter.lower() == base else []
        for other in others:
            yield word[:place] + unicodedata.normalize("NFC", other) + word[place + 1 :]


def damaged(words: Sequence[str], random: Random) -> list[str]:
    """Return words, one in twenty syllables damaged."""
    result = []
    for word in words:
        found = parse_word(word)
        if found.kind is TokenKind.SYLLABLE and random.random() < _DAMAGED:
            bad = random.choice(list(damages(found.core)) or [found.core])
            result.append(found.lead + bad + found.tail)
        else:
            result.append(word)
    return result


def kind_of(word: str) -> str:
    """Tell what a damaged word looks like."""
    model, syllable = language_model(), parse_word(word).syllable
    if not model.is_legal(syllable):
        return "cannot exist"
    return "attested" if model.is_attested(syllable) else "never counted"


def sentences(path: Path, most: int) -> None:
    """Damage sentences and repair them."""
    random = Random(1)
    counts: Counter[tuple[str, str]] = Counter()
    seconds, words, false = 0.0, 0, 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, most):
            printed = line.split()
            read = damaged(printed, random)
            began = time.process_time()
            changed = repair([[WordReading(word) for word in read]])
            seconds += time.process_time() - began
            words += len(printed)
            for place, (true, bad) in enumerate(zip(printed, read, strict=True)):
                mended = changed.get((0, place), bad)
                if bad != true:
                    result = "fixed" if mended == true else "left" if mended == bad else "third"
                    counts[kind_of(bad), result] += 1
                false += bad == true != mended
    print(f"held-out sentences, {words} words, {words / seconds:.0f} a second of processor time")
    for kind in ("cannot exist", "never counted", "attested"):
        fixed, third = counts[kind, "fixed"], counts[kind, "third"]
        total = fixed + third + counts[kind, "left"]
        print(
            f"  {kind:<14} {total:>5}  fixed {fixed / total:.1%}  made another {third / total:.2%}"
        )
    print(f"  undamaged words changed: {false} ({false / words:.3%})")


def pages(reader: Reader, folder: Path) -> None:
    """Compare what was read on real pages, and what was made of it, with their text."""
    rows: dict[bool, list[tuple[float, ...]]] = {True: [], False: []}
    for path in sorted(folder.iterdir()):
        truth_file = path.with_suffix(".gt.txt")
        if path.suffix.lower() not in PICTURES or not truth_file.exists():
            continue
        truth = tokens(truth_file.read_text(encoding="utf-8"))
        words = reader.read_page(path, 1).page.text.words
        raw = tokens(" ".join(word.raw or word.text for word in words))
        mended = tokens(" ".join(word.text for word in words))
        scores = [(truth & read).total() for read in (raw, mended)]
        row = [score / truth.total() for score in scores]
        row += [score / read.total() for score, read in zip(scores, (raw, mended), strict=True)]
        rows[path.with_suffix(".gt.meta.json").exists()].append(tuple(row))
    for by_hand, scored in rows.items():
        if scored:
            a, b, c, d = (mean(column) for column in zip(*scored, strict=True))
            label = "transcribed by hand" if by_hand else "rendered"
            print(f"{label}, {len(scored)} pages: recall {a:.4f} → {b:.4f}", end="")
            print(f", precision {c:.4f} → {d:.4f}")


def clean(reader: Reader, count: int) -> None:
    """Read clean synthetic pages; no word that was read right may be changed."""
    gained, lost, words = 0, 0, 0
    with TemporaryDirectory() as folder:
        for path, truth in make_pages(Path(folder), count, seed=7, dpi=200, clean=True):
            for word in reader.read_page(path, 1).page.text.words:
                words += 1
                if word.raw:
                    printed = under(word, truth.words)
                    gained += printed == word.text
                    lost += printed == word.raw
    print(f"clean synthetic pages, {words} words: {gained} mended, {lost} spoilt")


def under(word: Word, printed: Sequence[WordTruth]) -> str:
    """Return the printed word in the place of one that was read; empty when there is none."""
    across, down = word.box.left + word.box.width / 2, word.box.top + word.box.height / 2
    for true in printed:
        if true.box.left <= across < true.box.right and true.box.top <= down < true.box.bottom:
            return true.text
    return ""


def main() -> None:
    """Measure what was named, and always the clean pages."""
    parser = argparse.ArgumentParser(description="What repair gives back, and what it spoils.")
    parser.add_argument("--sentences", type=Path, help="gzip, one sentence a line")
    parser.add_argument("--most", type=int, default=5000, help="sentences")
    parser.add_argument("--pages", type=Path, help="pictures with <stem>.gt.txt beside them")
    parser.add_argument("--clean", type=int, default=20, help="synthetic pages")
    chosen = parser.parse_args()
    if chosen.sentences:
        sentences(chosen.sentences, chosen.most)
    reader = open_reader(ReadingSettings())
    if chosen.pages:
        pages(reader, chosen.pages)
    clean(reader, chosen.clean)


if __name__ == "__main__":
    main()

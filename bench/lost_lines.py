"""Lines that readers lose, counted by what endangers them: seals, gutters, glue, small print.

    .venv/bin/python -m bench.lost_lines [FOLDER …] [--pages 6] [--seed 701] [--words]

Synthetic pages of each kind of ``tests/paper/risky_lines.py``, as scanned and as copied black and
white. A token is lost when the page's text lacks it after all other tokens of the page took theirs,
a line when more than half of its tokens are. Pages of folders (``<stem>.gt.txt``) are counted by
where their lines stand. A word that was not printed and is certain counts as "wrong and certain".
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.words import PICTURES, tokens
from ocr import open_reader
from ocr.reader import Reader
from pipeline.model import CERTAIN, Page
from pipeline.settings import ReadingSettings
from tests.paper.risky_lines import KINDS, draw_risky

SEED = 701
COPIED = {"seal over name", "signature over name", "arrival stamp"}
_MAIL = re.compile(r"\S+@\S+|\S*(?:www\.|://)\S*|\S+\.(?:gov|com|edu)\.vn\S*")
_GLUED = re.compile(r"[^\W\d_]{2,}:[^\s/:]\S*")
_RECIPIENTS = re.compile(r"\s*N[ơơ]i nhận\s*:")


class Loss(NamedTuple):
    """What was lost of the lines at risk of some pages."""

    lines: int = 0
    lines_lost: int = 0
    tokens: int = 0
    tokens_lost: int = 0
    invented: int = 0  # words of the pages that are certain and not printed

    def plus(self, other: Loss) -> Loss:
        """Return both together."""
        return Loss(
            self.lines + other.lines,
            self.lines_lost + other.lines_lost,
            self.tokens + other.tokens,
            self.tokens_lost + other.tokens_lost,
            self.invented + other.invented,
        )


class Missed(NamedTuple):
    """The loss of a page and the words behind it."""

    loss: Loss
    lost: tuple[str, ...]
    extra: tuple[str, ...]


def compare(page: Page, text: str, lines: Sequence[str], optional: str = "") -> Missed:
    """Count what a page lost of some lines of its truth.

    Args:
        page: the reading.
        text: all that is printed.
        lines: the lines of it that are looked at.
        optional: what is printed and need not be read.
    """
    wanted, read = tokens(text), tokens(page.text.text)
    left = wanted - read
    lost: list[str] = []
    lines_lost = 0
    for line in lines:
        gone = [word for word in tokens(line).elements() if left[word] > 0]
        left -= Counter(gone)
        lost += gone
        lines_lost += 2 * len(gone) > tokens(line).total()
    sure = " ".join(word.text for word in page.text.words if word.confidence >= CERTAIN)
    invented = tokens(sure) - wanted - tokens(optional)
    total = sum(tokens(line).total() for line in lines)
    loss = Loss(len(lines), lines_lost, total, len(lost), invented.total())
    return Missed(loss, tuple(lost), tuple((read - wanted - tokens(optional)).elements()))


def by_place(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and line of a transcribed page: addresses, glued labels, head, foot, signer."""
    place = "head" if "Độc lập" in text else "body"
    for line in filter(None, text.splitlines()):
        if _RECIPIENTS.match(line):
            place = "recipients, small print"
        elif place == "recipients, small print" and _is_signer(line):
            place = "signer"
        yield place, line
        for kind, pattern in (("e-mail, web", _MAIL), ("glued label", _GLUED)):
            for match in pattern.finditer(line):
                yield kind, match[0]
        if place == "head" and re.search(r"ngày.*tháng.*năm", line):
            place = "body"


def _is_signer(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    return sum(map(str.isupper, letters)) > 0.6 * len(letters) and line[0] not in "-–+"


def real(reader: Reader, folder: Path, losses: dict[str, Loss], *, words: bool) -> None:
    """Add the pages of a folder that have a truth."""
    for path in sorted(folder.iterdir()):
        truth = path.with_suffix(".gt.txt")
        if path.suffix.lower() not in PICTURES or not truth.exists():
            continue
        text = truth.read_text(encoding="utf-8")
        page = reader.read_page(path, 1).page
        kinds: dict[str, list[str]] = defaultdict(list)
        for kind, line in by_place(text):
            kinds[kind].append(line)
        for kind, lines in kinds.items():
            missed = compare(page, text, lines)
            losses[f"real: {kind}"] = losses[f"real: {kind}"].plus(missed.loss)
            if words and missed.lost:
                print(path.name, kind, "lost:", *missed.lost)


def synthetic(
    reader: Reader, chosen: argparse.Namespace, losses: dict[str, Loss], folder: Path
) -> None:
    """Add drawn pages of each kind."""
    for kind in KINDS:
        if chosen.only and kind not in chosen.only.split(";"):
            continue
        for copied in (False, True) if kind in COPIED else (False,):
            name = f"{kind}, copied" if copied else kind
            for seed in range(chosen.seed, chosen.seed + chosen.pages):
                risky = draw_risky(kind, seed, copied=copied)
                path = folder / "page.png"
                risky.page.image.save(path, dpi=(200, 200), compress_level=1)
                truth = risky.page.truth
                optional = " ".join(truth.optional_text)
                page = reader.read_page(path, 1).page
                missed = compare(page, truth.text, risky.lines, optional)
                losses[name] = losses[name].plus(missed.loss)
                if chosen.words:
                    print(name, seed, "lost:", *missed.lost, "| extra:", *missed.extra)
                if chosen.keep:
                    risky.page.image.save(chosen.keep / f"{name}-{seed}.png".replace(" ", "-"))


def show(losses: dict[str, Loss]) -> None:
    """Print a row for each kind."""
    print("| kind | lines lost | tokens lost | wrong and certain |\n|---|---|---|---|")
    for kind, loss in losses.items():
        cells = f"{loss.lines_lost} / {loss.lines} | {loss.tokens_lost} / {loss.tokens}"
        print(f"| {kind} | {cells} | {loss.invented} |")


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description="Lines that are lost, by kind.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=6, help="synthetic pages of a kind")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", default="", help="kinds, by semicolon")
    parser.add_argument("--words", action="store_true", help="print what was lost")
    parser.add_argument("--keep", type=Path, help="folder for the drawn pages")
    chosen = parser.parse_args()
    reader = open_reader(ReadingSettings())
    losses: dict[str, Loss] = defaultdict(Loss)
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="sohoa-lines-") as folder:
        synthetic(reader, chosen, losses, Path(folder))
    for each in chosen.folders:
        real(reader, each, losses, words=chosen.words)
    print(f"\n{reader.recipe}, {time.process_time() - began:.1f} processor seconds")
    show(losses)


if __name__ == "__main__":
    main()

"""Pack the syllable statistics that the product ships from the tables they were counted into.

    .venv/bin/python setup/pack_syllables.py FOLDER

FOLDER holds ``unigrams.tsv.gz``, ``bigrams.tsv.gz`` and ``legal_syllables.txt``; the same tables
give the same bytes. What is packed, and how it is read: ``pipeline/vietnamese/language_model.py``.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKED = Path(__file__).parents[1] / "pipeline" / "vietnamese" / "syllables.zip"
_EDGES = ("<s>", "</s>", "<n>")  # stand in pairs only, the first one only on the left
_DATE = (1980, 1, 1, 0, 0, 0)  # a zip has dates; the file must not change with the day


def pack(folder: Path, packed: Path) -> None:
    """Write the packed file from the tables in a folder."""
    counts = Counter(dict.fromkeys(_EDGES, 0))
    for syllable, count, *_ in _rows(folder / "unigrams.tsv.gz"):
        counts[syllable] = int(count)
    for left, right, count in _rows(folder / "bigrams.tsv.gz"):
        for edge in {left}.intersection(_EDGES[:1]) | {right}.intersection(_EDGES):
            counts[edge] += int(count)
    names = list(counts)
    number = {name: place for place, name in enumerate(names)}
    pairs = sorted(
        (number[left], number[right], int(count))
        for left, right, count in _rows(folder / "bigrams.tsv.gz")
    )
    legal = (folder / "legal_syllables.txt").read_text(encoding="utf-8").split()
    members = {
        "legal.txt": "\n".join(legal).encode(),
        "counts.tsv": "\n".join(f"{name}\t{counts[name]}" for name in names).encode(),
        "pairs_left.u16": _little("H", [left for left, _, _ in pairs]),
        "pairs_right.u16": _little("H", [right for _, right, _ in pairs]),
        "pairs_count.u32": _little("I", [count for _, _, count in pairs]),
    }
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED, 9)


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


def _little(kind: str, values: list[int]) -> bytes:
    packed = array(kind, values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def main() -> None:
    """Pack the tables of the folder that was named."""
    parser = argparse.ArgumentParser(description="Pack the syllable statistics.")
    parser.add_argument("folder", type=Path, help="where the counted tables are")
    parser.add_argument("--out", type=Path, default=PACKED, help="the packed file")
    chosen = parser.parse_args()
    pack(chosen.folder, chosen.out)


if __name__ == "__main__":
    main()

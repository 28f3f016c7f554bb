"""How many fields of real documents are found, and how many wrong ones claim to be certain.

    .venv/bin/python -m bench.fields [FOLDER] [--keep FOLDER]

The folder holds documents and ``metadata.jsonl`` with their truth (null: not recorded). Values are
compared in canonical form (NFC, case and tone placement aside); a summary is right when at least
85 % of its words were found. ``--keep`` keeps what was read, to try rules again without reading.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ocr import Reader, open_reader
from pipeline.documents import PageOfDossier, assemble
from pipeline.model import Document, Finding, Page
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import canonical, syllables

TRUTH_OF = {
    "number": "so",
    "symbol": "ky_hieu",
    "issued_on": "ngay_ban_hanh",
    "issuer": "co_quan_ban_hanh",
    "document_type": "loai_van_ban",
    "summary": "trich_yeu",
    "signer": "nguoi_ky",
    "signer_title": "chuc_vu_ky",
}
VERDICTS = ("right", "right, uncertain", "wrong, uncertain", "WRONG, CERTAIN", "missing")
_RECALL = 0.85
_AUTHORITY = re.compile(r"^(?:TM|KT|TL|TUQ|Q)\.\s*")
_TITLED = re.compile(r"^(?:PGS|GS|TS|ThS)\.\s*")


class Result(NamedTuple):
    """What became of one field of one document."""

    file: str
    field: str
    verdict: str
    truth: str
    found: Finding | None


def pages_of(path: Path, count: int, reader: Reader, keep: Path | None) -> list[Page]:
    """Read all pages of a document, or take what an earlier run kept."""
    kept = keep / f"{path.name}.{reader.recipe}.pickle" if keep else None
    if kept and kept.exists():
        loaded: list[Page] = pickle.loads(kept.read_bytes())  # our own file of a moment ago
        return loaded
    pages = [reader.read_page(path, number).page for number in range(1, count + 1)]
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(pages))
    return pages


def compare(truth: dict[str, object], document: Document) -> Iterator[Result]:
    """Yield a result for every field whose truth is recorded."""
    for field, name in TRUTH_OF.items():
        if (recorded := truth.get(name)) is not None:
            wanted = _wanted(field, str(recorded))
            finding = document.findings.get(field)
            verdict = _verdict(field, wanted, finding)
            yield Result(str(truth["file"]), field, verdict, wanted, finding)


def _wanted(field: str, recorded: str) -> str:
    if field == "signer_title":
        return _AUTHORITY.sub("", recorded.split("/")[-1].strip())
    return _TITLED.sub("", recorded) if field == "signer" else recorded


def _verdict(field: str, wanted: str, finding: Finding | None) -> str:
    if finding is None:
        return "missing"
    right = _alike(field, wanted, finding.value)
    if finding.is_certain:
        return "right" if right else "WRONG, CERTAIN"
    return "right, uncertain" if right else "wrong, uncertain"


def _alike(field: str, wanted: str, value: str) -> bool:
    if field != "summary":
        return canonical(wanted) == canonical(value)
    words = Counter(syllables(canonical(wanted)))
    words.subtract({"v": min(words["v"], 2)})  # V/v is a label of letters, not their subject
    found = Counter(syllables(canonical(value)))
    return (words & found).total() >= _RECALL * (+words).total()


def show(results: list[Result], recipe: str) -> None:
    """Print a line for every doubtful result, then the table."""
    for result in results:
        if result.verdict != "right":
            value = f"{result.found.value!r} {result.found.confidence}" if result.found else "-"
            print(f"{result.file:<10} {result.field:<14} {result.verdict:<17}", end=" ")
            print(f"{result.truth[:60]!r} <- {value[:70]}")
    print(f"\n{recipe}\n{'':<14}" + "".join(f"{verdict:>18}" for verdict in VERDICTS))
    for field in TRUTH_OF:
        counts = Counter(result.verdict for result in results if result.field == field)
        print(f"{field:<14}" + "".join(f"{counts[verdict]:>18}" for verdict in VERDICTS))


def main() -> None:
    """Read a folder of documents and compare what was found with the truth."""
    parser = argparse.ArgumentParser(description="Fields found in real documents.")
    default = Path("../shared/eval/documents")
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--keep", type=Path, help="folder for what was read")
    chosen = parser.parse_args()
    reader = open_reader(ReadingSettings())
    results: list[Result] = []
    for line in (chosen.folder / "metadata.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        path = chosen.folder / truth["file"]
        pages = pages_of(path, truth["pages"], reader, chosen.keep)
        documents = assemble([PageOfDossier(number, page) for number, page in enumerate(pages, 1)])
        print(truth["file"], [(document.type, document.pages) for document in documents])
        results += compare(truth, documents[0])
    show(results, reader.recipe)


if __name__ == "__main__":
    main()

"""How many fields of real documents are found, and how many wrong ones claim to be certain.

    .venv/bin/python -m bench.fields FOLDER [--keep FOLDER]

The folder holds documents and ``metadata.jsonl`` with their truth (null: not recorded), or is the
output of ``python -m tests.paper --out FOLDER``. Values are compared in canonical form (NFC, case
and tone placement aside); a summary is right when at least 85 % of its words were found. A paper
that does not begin where it should counts as missing all its fields. ``--keep`` keeps what was
read, to try rules again without reading.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ocr import Reader, open_reader
from pipeline.documents import PageOfDossier, assemble
from pipeline.model import Document, Finding, Page
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import canonical, syllables

NAMES = {  # of our findings in metadata.jsonl
    "number": "so",
    "symbol": "ky_hieu",
    "issued_on": "ngay_ban_hanh",
    "place": "dia_danh",
    "issuer": "co_quan_ban_hanh",
    "parent_issuer": "co_quan_chu_quan",
    "document_type": "loai_van_ban",
    "summary": "trich_yeu",
    "signer": "nguoi_ky",
    "signer_title": "chuc_vu_ky",
    "authority": "tham_quyen",
    "recipients": "noi_nhan",
    "dossier_code": "ma_ho_so",
    "procedure_code": "ma_tthc",
}
VERDICTS = ("right", "right, uncertain", "wrong, uncertain", "WRONG, CERTAIN", "missing")
_RECALL = 0.85
_AUTHORITY = re.compile(r"^(?:TM|KT|TL|TUQ|Q)\.\s*")
_TITLED = re.compile(r"^(?:PGS|GS|TS|ThS)\.\s*")


class Paper(NamedTuple):
    """One paper of a file as it truly is."""

    first: int  # its first page in the dossier, from 1
    type: str
    fields: dict[str, str]


class Case(NamedTuple):
    """A dossier: its files in order, and its papers."""

    name: str
    files: list[Path]
    papers: list[Paper]


class Result(NamedTuple):
    """What became of one field of one paper."""

    case: str
    field: str
    verdict: str
    truth: str
    found: Finding | None


def cases(folder: Path) -> Iterator[Case]:
    """Yield the dossiers of a folder with their truth."""
    for path in sorted(folder.glob("truth/*/dossier.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        papers = [Paper(p["pages"][0], p["type"], p["fields"]) for p in truth["documents"]]
        yield Case(truth["name"], [folder / "drop" / name for name in truth["files"]], papers)
    recorded = folder / "metadata.jsonl"
    for line in recorded.read_text(encoding="utf-8").splitlines() if recorded.exists() else ():
        truth = json.loads(line)
        fields = {ours: str(truth[name]) for ours, name in NAMES.items() if truth.get(name)}
        paper = Paper(1, truth["loai_van_ban"], fields)
        yield Case(truth["file"], [folder / truth["file"]], [paper])


def pages_of(path: Path, reader: Reader, keep: Path | None) -> list[Page]:
    """Read all pages of a file, or take what an earlier run kept."""
    name = "·".join(path.parts[-3:])  # files of two dossiers may share their own name
    kept = keep / f"{name}.{reader.recipe}.pickle" if keep else None
    if kept and kept.exists():
        loaded: list[Page] = pickle.loads(kept.read_bytes())  # our own file of a moment ago
        return loaded
    count = reader.inspect(path).pages
    pages = [reader.read_page(path, number).page for number in range(1, count + 1)]
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(pages))
    return pages


def compare(case: Case, documents: Sequence[Document]) -> Iterator[Result]:
    """Yield a result for every field whose truth is recorded."""
    beginning = {document.pages[0]: document.findings for document in documents}
    for paper in case.papers:
        findings = beginning.get(paper.first, {})
        for field in NAMES:
            if recorded := paper.fields.get(field):
                wanted = _wanted(field, recorded)
                finding = findings.get(field)
                yield Result(case.name, field, _verdict(field, wanted, finding), wanted, finding)


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
            print(f"{result.case[:16]:<16} {result.field:<14} {result.verdict:<17}", end=" ")
            print(f"{result.truth[:60]!r} <- {value[:70]}")
    print(f"\n{recipe}\n{'':<14}" + "".join(f"{verdict:>18}" for verdict in VERDICTS))
    for field in NAMES:
        counts = Counter(result.verdict for result in results if result.field == field)
        print(f"{field:<14}" + "".join(f"{counts[verdict]:>18}" for verdict in VERDICTS))


def main() -> None:
    """Read a folder of documents and compare what was found with the truth."""
    parser = argparse.ArgumentParser(description="Fields found in real documents.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for what was read")
    chosen = parser.parse_args()
    reader = open_reader(ReadingSettings())
    results: list[Result] = []
    apart = 0
    for case in cases(chosen.folder):
        pages = [page for path in case.files for page in pages_of(path, reader, chosen.keep)]
        documents = assemble([PageOfDossier(number, page) for number, page in enumerate(pages, 1)])
        starts = {document.pages[0] for document in documents}
        if starts != {paper.first for paper in case.papers}:
            apart += 1
            print(case.name, "cut into", [(each.type, each.pages) for each in documents])
        results += compare(case, documents)
    show(results, reader.recipe)
    print(f"dossiers cut into other papers than they hold: {apart}")


if __name__ == "__main__":
    main()

"""How many fields of documents are found, and how many wrong ones claim to be certain.

    .venv/bin/python -m bench.fields FOLDER [--keep FOLDER] [--quiet]

The folder holds real documents and ``metadata.jsonl`` with their truth (null: not recorded), or is
the output of ``python -m tests.paper --out FOLDER``. Values are compared in canonical form (NFC,
case and tone placement aside); a summary is right when 85 % of its words were found and as many of
those found are its own. Numbers and days that the truth calls handwritten have rows of their own.
On synthetic paper, whose truth is whole, a person's field that is not there counts as invented.
A paper that does not begin where it should counts as missing all its fields. ``--keep`` keeps what
was read, to try rules again without reading. Share: right ones of all that are there; F1 as usual.
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

from ocr import open_reader
from ocr.reader import Reader
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
    "procedure_name": "ten_tthc",
    "received_on": "ngay_tiep_nhan",
    "due_on": "ngay_hen_tra",
    "receiving_unit": "don_vi_tiep_nhan",
    "full_name": "ho_ten",
    "applicant": "nguoi_nop",
    "subject": "nguoi_duoc_khai",
    "organisation": "to_chuc",
    "born_on": "ngay_sinh",
    "address": "dia_chi",
    "personal_id": "so_dinh_danh",
    "tax_code": "ma_so_thue",
    "phone": "dien_thoai",
    "land_title_serial": "so_phat_hanh",
}
PERSONS = ("full_name", "applicant", "subject", "organisation", "born_on", "address",
           "personal_id", "tax_code", "phone")  # fmt: skip
HANDWRITTEN = "so_ngay_viet_tay"  # number and date are not printed, and count apart
VERDICTS = (
    "right", "right, uncertain", "wrong, uncertain", "WRONG, CERTAIN", "missing", "invented"
)  # fmt: skip
_RECALL = 0.85
_BY_HAND = {"number", "issued_on"}
_AUTHORITY = re.compile(r"^(?:TM|KT|TL|TUQ|Q)\.\s*")
_TITLED = re.compile(r"^(?:PGS|GS|TS|ThS)\.\s*")


class Paper(NamedTuple):
    """One paper of a file as it truly is."""

    first: int  # its first page in the dossier, from 1
    type: str
    fields: dict[str, str]
    is_whole: bool = False  # whether what stands in no field is not on the paper
    by_hand: bool = False  # whether number and day are handwritten


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
        papers = [
            Paper(p["pages"][0], p["type"], p["fields"], is_whole=True) for p in truth["documents"]
        ]
        yield Case(truth["name"], [folder / "drop" / name for name in truth["files"]], papers)
    recorded = folder / "metadata.jsonl"
    for line in recorded.read_text(encoding="utf-8").splitlines() if recorded.exists() else ():
        truth = json.loads(line)
        fields = {ours: str(truth[name]) for ours, name in NAMES.items() if truth.get(name)}
        by_hand = bool(truth.get(HANDWRITTEN))
        paper = Paper(1, truth["loai_van_ban"], fields, by_hand=by_hand)
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
            finding = findings.get(field)
            shown = f"{field}, by hand" if paper.by_hand and field in _BY_HAND else field
            if recorded := paper.fields.get(field):
                wanted = _wanted(field, recorded)
                verdict = _verdict(field, wanted, finding)
                if field == "issuer" and finding and not verdict.startswith("right"):
                    verdict = _with_parent(wanted, findings, verdict)
                yield Result(case.name, shown, verdict, wanted, finding)
            elif finding and paper.is_whole and field in PERSONS:
                yield Result(case.name, shown, "invented", "", finding)


def _with_parent(wanted: str, findings: dict[str, Finding], verdict: str) -> str:
    """Judge an issuer whose truth names the body above it as well, in either order."""
    parent = findings.get("parent_issuer")
    if parent is None:
        return verdict
    named = {canonical(part.strip()) for part in wanted.split(" - ")}
    both = {canonical(findings["issuer"].value), canonical(parent.value)}
    return (
        verdict.replace("wrong", "right").replace("WRONG, CERTAIN", "right")
        if (named == both)
        else verdict
    )


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
    right = (words & found).total()
    return right >= _RECALL * (+words).total() and right >= _RECALL * (found.total() - 2)


def show(results: list[Result], recipe: str, *, quiet: bool = False) -> None:
    """Print a line for every doubtful result, then the table, then persons together."""
    for result in results:
        if result.verdict != "right" and not (quiet and result.verdict == "right, uncertain"):
            value = f"{result.found.value!r} {result.found.confidence}" if result.found else "-"
            print(f"{result.case[:16]:<16} {result.field:<18} {result.verdict:<17}", end=" ")
            print(f"{result.truth[:60]!r} <- {value[:70]}")
    heads = "".join(f"{verdict:>18}" for verdict in (*VERDICTS, "share", "F1"))
    print(f"\n{recipe}\n{'':<19}{heads}")
    fields = [name for field in NAMES for name in (field, f"{field}, by hand")]
    for field in fields:
        if of_field := [result for result in results if result.field == field]:
            _row(field, of_field)
    _row("all", results)
    _row("persons", [result for result in results if result.field in PERSONS])


def _row(name: str, results: Sequence[Result]) -> None:
    counts = Counter(result.verdict for result in results)
    right = counts["right"] + counts["right, uncertain"]
    there = len(results) - counts["invented"]
    found = len(results) - counts["missing"]
    share, f1 = right / max(there, 1), 2 * right / max(there + found, 1)
    cells = "".join(f"{counts[verdict]:>18}" for verdict in VERDICTS)
    print(f"{name:<19}{cells}{share:>18.3f}{f1:>18.3f}")


def main() -> None:
    """Read a folder of documents and compare what was found with the truth."""
    parser = argparse.ArgumentParser(description="Fields found in real documents.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for what was read")
    parser.add_argument("--quiet", action="store_true", help="no line for what is right")
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
    show(results, reader.recipe, quiet=chosen.quiet)
    print(f"dossiers cut into other papers than they hold: {apart}")


if __name__ == "__main__":
    main()

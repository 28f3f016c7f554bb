"""How many numbers and dates that people wrote are read, and whether any is read wrong.

    .venv/bin/python bench/slots.py [--pages 60] [--forms 24] [--seed 0] [--documents FOLDER]
        [--printed 0]

Made papers, each by another hand and worn in another way; then papers whose number cannot be
trusted (two numbers, a signature across, struck out, corrected, stamped over, mended beside or over
the print, going on below, touched by another), in pencil and in red; and forms with a
person's number, a phone's and a tax code, in boxes, on dots and on rules. A value counts as taken
when it is a finding that a slot gave; a wrong one is listed, and so is anything certain and wrong.
With ``--printed`` so many printed papers as well, of which only the time is told that slots take.
With a folder, the first page of each document in its ``metadata.jsonl`` as well.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

import cv2
import numpy as np

from ocr import open_reader
from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.page.slots import with_slots
from ocr.reader import Reader
from pipeline.documents import PageOfDossier
from pipeline.documents.assembling import assemble
from pipeline.documents.slots.filled import FIELD, READ_APART
from pipeline.model import Document, SlotKind, Source
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, degrade, draw_page, save_picture
from tests.paper.doubtful_heads import Mending, mended_head
from tests.paper.wear import fax, grey, moderate, photo
from tests.paper.written_forms import FormTrouble, written_form
from tests.paper.written_heads import Trouble, written_head

DPI = (200, 300, 150, 200)
_DOUBTED = {Mending.DAY: "issued_on", Mending.MORE: "", Mending.PENCIL: "", Mending.STAMPED: ""}


class Case(NamedTuple):
    """A page with the number and day that stand on it."""

    kind: str
    path: Path
    truth: dict[str, str]  # name of the field -> value
    doubted: str = ""  # the field with which something is wrong


def made(folder: Path, count: int, seed: int) -> Iterator[Case]:
    """Draw papers that were filled in by hand, and those with a trouble; the same every time."""
    for at in range(seed, seed + count):
        chance = Random(f"slots {at}")
        dpi = DPI[at % len(DPI)]
        worn = chance.choice((moderate, moderate, grey, fax, photo))(chance, dpi)
        yield _case(folder, "made", at, worn, None)
    for trouble in Trouble:
        for at in range(seed, seed + max(1, count // 6)):
            worn = moderate(Random(f"slots {trouble} {at}"), 200)
            yield _case(folder, str(trouble), at, worn, trouble)
    for mending in Mending:
        for at in range(seed, seed + max(1, count // 6)):
            head, path = mended_head(mending, at, 200), folder / f"{mending}-{at}.png"
            worn = moderate(Random(f"slots {mending} {at}"), 200)
            save_picture(degrade(head.page, worn, at), path)
            truth = {"number": head.number, "issued_on": head.day}
            yield Case(str(mending), path, truth, _DOUBTED.get(mending, "number"))


def forms(folder: Path, count: int, seed: int) -> Iterator[Case]:
    """Draw forms that were filled in by hand, and those with a trouble; the same every time."""
    for trouble in (None, *FormTrouble):
        for at in range(seed, seed + (count if trouble is None else max(1, count // 6))):
            chance, dpi = Random(f"slots {at}"), DPI[at % len(DPI)]
            worn = chance.choice((moderate, moderate, grey, fax, photo))(chance, dpi)
            if trouble is not None:
                worn = moderate(Random(f"slots {trouble} {at}"), 200)
            form = written_form(at, worn.dpi or 300, trouble=trouble)
            kind = f"form, {trouble}" if trouble else "form"
            path = folder / f"{kind}-{at}.png"
            save_picture(degrade(form.page, worn, at), path)
            yield Case(kind, path, form.numbers, "personal_id" if trouble else "")


def _case(folder: Path, kind: str, at: int, worn: Degradation, trouble: Trouble | None) -> Case:
    head = written_head("AB"[at % 2], at, worn.dpi or 300, trouble=trouble)
    path = folder / f"{kind}-{at}.png"
    save_picture(degrade(head.page, worn, at), path)
    truth = {"number": head.number, "issued_on": head.day}
    return Case(kind, path, truth, "" if trouble is None else "number")


def real(folder: Path) -> Iterator[Case]:
    """Yield the documents of a folder with what its ``metadata.jsonl`` says of them."""
    for line in (folder / "metadata.jsonl").read_text("utf-8").splitlines():
        known = json.loads(line)
        truth = {"number": known["so"], "issued_on": known["ngay_ban_hanh"]}
        path = folder / known["file"]
        yield Case("documents", path, {k: v for k, v in truth.items() if v})


def judge(reader: Reader, case: Case, counts: Counter[tuple[str, str, str]]) -> list[str]:
    """Read a page, count how its number and day ended, and say what is wrong."""
    page = reader.read_page(case.path, 1).page
    if page.source is not Source.OCR:
        return []
    documents = assemble([PageOfDossier(1, page)])
    wrong = []
    for kind in SlotKind:
        name = FIELD[kind]
        if name not in case.truth:
            continue
        ending, value = _ending(documents, name)
        is_right = value.lstrip("0") == case.truth[name].lstrip("0")
        holds = is_right and name != case.doubted
        if ending in ("taken", "certain") and not holds:
            wrong.append(f"{case.path.name}: {name} {case.truth[name]} read {value}, {ending}")
            ending += ", wrong"
        counts[case.kind, name, ending] += 1
    return wrong


def cost(reader: Reader, folder: Path, count: int, seed: int) -> float:
    """Return the milliseconds of processor that slots take on a printed page."""
    figures, spent = SlotRecogniser(), 0.0
    for at in range(seed, seed + count):
        drawn = draw_page("AAB"[at % 3], at, 300)
        path = folder / f"printed-{at}.png"
        save_picture(degrade(drawn, moderate(Random(f"printed {at}"), 300), at), path)
        page = replace(reader.read_page(path, 1).page, slots=(), reasons=())
        pixels = np.asarray(cv2.imread(str(path)), np.uint8)
        with_slots(figures, pixels, page)  # the model is loaded
        began = time.thread_time()
        with_slots(figures, pixels, page)
        spent += time.thread_time() - began
    return 1_000 * spent / count


def _ending(documents: tuple[Document, ...], name: str) -> tuple[str, str]:
    finding = documents[0].findings.get(name) if documents else None
    if finding is None:
        return "not read", ""
    if finding.is_certain:
        return "certain", finding.value
    if READ_APART in finding.reasons:
        return "taken", finding.value
    return ("told" if finding.reasons else "doubtful"), finding.value


def main() -> None:
    """Print a table and what is wrong."""
    parser = argparse.ArgumentParser(description="Numbers and dates written by hand.")
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--forms", type=int, default=0, help="how many forms")
    parser.add_argument("--printed", type=int, default=0, help="how many printed papers")
    parser.add_argument("--documents", type=Path, help="folder with metadata.jsonl")
    chosen = parser.parse_args()
    reader, counts, wrong = open_reader(ReadingSettings()), Counter[tuple[str, str, str]](), []
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="sohoa-slots-") as place:
        cases = made(Path(place), chosen.pages, chosen.seed) if chosen.pages else iter(())
        for case in cases:
            wrong += judge(reader, case, counts)
        for case in forms(Path(place), chosen.forms, chosen.seed) if chosen.forms else ():
            wrong += judge(reader, case, counts)
        for case in real(chosen.documents) if chosen.documents else ():
            wrong += judge(reader, case, counts)
        if chosen.printed:
            spent = cost(reader, Path(place), chosen.printed, chosen.seed)
            print(f"slots of a printed page: {spent:.1f} ms")
    endings = ("taken", "certain", "told", "doubtful", "not read", "taken, wrong", "certain, wrong")
    print("| pages | field |", *(f"{ending} |" for ending in endings))
    print("|---|---|" + "---|" * len(endings))
    for kind, name in dict.fromkeys((kind, name) for kind, name, _ in counts):
        print(f"| {kind} | {name} |", *(f"{counts[kind, name, end]} |" for end in endings))
    print("", *wrong, f"{time.process_time() - began:.0f} s of processor", sep="\n")


if __name__ == "__main__":
    main()

"""Matches a new scan with the file that a dossier lacks, by name alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from pipeline.model import Dossier, MissingFile, Record

NOTE_SUFFIX = ".ly-do.txt"  # the note that lies beside a refused file, and may come back with it

_REFUSAL = re.compile(r"Tệp (?P<name>.+?) bị từ chối: (?P<why>.*)", re.DOTALL)


def missing_files(history: Sequence[Record]) -> tuple[MissingFile, ...]:
    """Return the files of the drop that a dossier lacks.

    Args:
        history: its records, oldest first; those of 0.1 say it in the reasons of record 1.
    """
    if history[-1].dossier.missing is not None:
        return history[-1].dossier.missing
    said = (_REFUSAL.fullmatch(reason) for reason in history[0].dossier.reasons)
    return tuple(MissingFile(each["name"], each["why"]) for each in said if each)


def intake_reasons(history: Sequence[Record]) -> tuple[str, ...]:
    """Return what intake has to say of a dossier: each file it still lacks, and anything else.

    Args:
        history: its records, oldest first.
    """
    lacking = tuple(each.reason for each in missing_files(history))
    others = [each for each in history[0].dossier.reasons if not _REFUSAL.fullmatch(each)]
    return (*lacking, *others)


def inside(name: str, drop: str) -> str:
    """Return a file's name within its drop: without the folder that was dropped.

    Args:
        name: its path from the watched folder on, standing folders included.
        drop: the name of the file or folder that was dropped; of a file that joined later it is
            another one.
    """
    parts = name.split("/")
    if drop in parts:
        return "/".join(parts[parts.index(drop) + 1 :]) or drop
    return name.partition("/")[2] or name


def is_paper(missing: MissingFile) -> bool:
    """Tell whether a missing file may be a paper: our own note beside a refused file is none."""
    return not missing.name.endswith(NOTE_SUFFIX)


def filled_by(older: Dossier, newer: Dossier, missing: Iterable[MissingFile]) -> dict[str, str]:
    """Return which missing file each scan of a newer dossier is; empty unless all are one.

    Scans that both have do not count, nor do the notes that lay beside the refused files.

    Args:
        older: the dossier that lacks files.
        newer: the dossier of the same code that came later.
        missing: the files that the older one lacks.

    Returns:
        SHA-256 of a scan -> name of the missing file, as it was dropped.
    """
    found: dict[str, str] = {}
    free = list(missing)
    lacked = {_path(inside(each.name, older.name)) for each in free}
    papers = filter(is_paper, newer.missing or ())
    if not all(_path(inside(each.name, newer.name)) in lacked for each in papers):
        return {}
    known = {scan.sha256 for scan in older.scans}
    for scan in (scan for scan in newer.scans if scan.sha256 not in known):
        name = _without_code(inside(scan.name, newer.name), older.code)
        gap = next((each for each in free if _is(name, each, older)), None)
        if gap is None:
            return {}
        free.remove(gap)
        found[scan.sha256] = gap.name
    return found


def _is(name: str, gap: MissingFile, older: Dossier) -> bool:
    """Tell whether a file is a missing one: of its name, or saved as another kind of file.

    ``02.docx`` was refused and comes as ``02.pdf``; ``02.pdf.part`` was never finished and is
    ``02.pdf`` now. Where the dossier has a file of that name, a person must say which is meant.
    """
    wanted, offered = _path(inside(gap.name, older.name)), _path(name)
    if offered == wanted:
        return True
    taken = {_path(inside(each.name, older.name)).with_suffix("") for each in older.scans}
    if offered.with_suffix("") in taken:
        return False
    return wanted.with_suffix("") in {offered, offered.with_suffix("")}


def _without_code(name: str, code: str | None) -> str:
    """Return a file's name without the dossier code that people write before it."""
    if code and name.upper().startswith(code):
        return name[len(code) :].lstrip(" _-–.") or name
    return name


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.casefold())

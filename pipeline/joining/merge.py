"""What a dossier looks like with the scans of another one, and without them again. Pure."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.checklist.decided import OfComponent, decision_key
from pipeline.joining.missing_files import inside, is_paper
from pipeline.model import (
    Boundary,
    Document,
    Dossier,
    Finding,
    MissingFile,
    PageEdit,
    PageNote,
    PageState,
    Scan,
)
from pipeline.vietnamese.file_order import OrderKey, reading_order

D = TypeVar("D", bound=OfComponent)

_NOT_YET = "Trang mới được nhập vào hồ sơ, đang chờ đọc."


def joined(
    older: Dossier, newer: Dossier, stands_for: Mapping[str, str], missing: Sequence[MissingFile]
) -> Dossier:
    """Return a dossier with the scans of another one, to be read again.

    Args:
        older: the dossier that takes the scans over.
        newer: the dossier whose scans they are.
        stands_for: SHA-256 of a scan -> name of the file that it stands for; any other scan is
            put behind all others.
        missing: the files that the older one lacks.
    """
    scans = list(older.scans)
    known = {scan.sha256 for scan in scans}
    for scan in (scan for scan in newer.scans if scan.sha256 not in known):
        _put(scans, scan, stands_for.get(scan.sha256, ""), older.name)
    filled = [each for each in missing if each.name in stands_for.values()]
    lacking = [each for each in missing if each not in filled]
    mended = {each.reason for each in filled}
    edits = (*older.edits, *_edited_too(newer, older))
    order = (*older.order, *(place for place in newer.order if place not in older.order))
    return replace(
        with_scans(replace(older, edits=edits, order=order), scans),
        missing=(*lacking, *_lacked_too(newer, older, missing)),
        reasons=tuple(reason for reason in older.reasons if reason not in mended),
        joined_from=(*older.joined_from, newer.id),
        reused=_one_each((*newer.reused, *older.reused)),
        marks=_one_each(sorted((*newer.marks, *older.marks), key=lambda mark: mark.at)),
        boundaries=(*older.boundaries, *_decided_too(newer, older)),
        proposed_join=None if older.proposed_join == newer.id else older.proposed_join,
        outcome=None,
    )


def parted(older: Dossier, newer: str, before: Dossier, after: Dossier) -> Dossier:
    """Return a dossier without what it took over from another one; what that replaced is back.

    Args:
        older: the dossier that took scans over, as it is now.
        newer: the id of the dossier that they came from.
        before: the older dossier before it took them over, with what it lacked then.
        after: the older dossier right after.
    """
    had, has = ({scan.sha256 for scan in each.scans} for each in (before, after))
    back = [scan for scan in before.scans if scan.sha256 not in has]
    scans: list[Scan] = []
    for scan in older.scans:
        if scan.sha256 in has - had:
            scans += back
            back = []
        else:
            scans.append(scan)
    again = [each for each in before.missing or () if each not in (after.missing or ())]
    missing = (*(older.missing or ()), *again)
    scans += back
    sides, kept = older.two_sides, {scan.sha256 for scan in scans}
    is_whole = sides is not None and {sides.fronts, sides.backs} <= kept
    return replace(
        with_scans(replace(older, two_sides=sides if is_whole else None), scans),
        reused=_without(older.reused, before.reused, after.reused),
        marks=_without(older.marks, before.marks, after.marks),
        missing=missing,
        reasons=(*older.reasons, *(each.reason for each in again)),
        joined_from=tuple(each for each in older.joined_from if each != newer),
        outcome=None,
    )


def with_scans(dossier: Dossier, scans: Sequence[Scan]) -> Dossier:
    """Return a dossier with other scans; pages, documents and findings keep to their pages.

    A page that was not read yet has a note that says so. What a person confirmed on a page that
    is no more stays, without a page.
    """
    if not dossier.pages:
        return replace(dossier, scans=tuple(scans))
    notes = {(note.scan, note.number): note for note in dossier.pages}
    refs = replace(dossier, scans=tuple(scans)).page_refs()
    pages = [(ref.scan, ref.number) for ref in refs]
    place = {page: number for number, page in enumerate(pages, 1)}
    moved = {
        number: place[page] for number, page in enumerate(_places(dossier), 1) if page in place
    }
    documents = (_moved(document, moved) for document in dossier.documents)
    return replace(
        dossier,
        scans=tuple(scans),
        pages=tuple(notes.get(page) or _waiting(*page) for page in pages),
        documents=tuple(each for each in documents if each.pages or _is_confirmed(each)),
    )


def _lacked_too(newer: Dossier, older: Dossier, known: Sequence[MissingFile]) -> list[MissingFile]:
    """Return the papers that the newer dossier lacks as well; the older one did not know of."""
    names = {inside(each.name, older.name).casefold() for each in known}
    return [
        each
        for each in newer.missing or ()
        if is_paper(each) and inside(each.name, newer.name).casefold() not in names
    ]


def _one_each(decided: Iterable[D]) -> tuple[D, ...]:
    """Return the last decision about each component."""
    return tuple({decision_key(each): each for each in decided}.values())


def _without(decided: Sequence[D], before: Sequence[D], after: Sequence[D]) -> tuple[D, ...]:
    """Return decisions without those that came along; what these replaced is back."""
    kept = [each for each in decided if each in before or each not in after]
    known = set(map(decision_key, kept))
    back = [each for each in before if each not in after and decision_key(each) not in known]
    replaced = {decision_key(each) for each in after if each not in before and each in decided}
    return (*kept, *(each for each in back if decision_key(each) in replaced))


def _decided_too(newer: Dossier, older: Dossier) -> list[Boundary]:
    """Return what people decided of the newer dossier's pages, where nobody did of the older's."""
    decided = {(each.scan, each.number) for each in older.boundaries}
    return [each for each in newer.boundaries if (each.scan, each.number) not in decided]


def _edited_too(newer: Dossier, older: Dossier) -> list[PageEdit]:
    """Return what people decided of single pages of the newer dossier, as ``_decided_too``."""
    decided = {each.place for each in older.edits}
    return [each for each in newer.edits if each.place not in decided]


def taken_back(newer: Dossier, older: Dossier) -> Dossier:
    """Return a dossier that gets its scans back, with what was decided of their pages meanwhile.

    Args:
        newer: the dossier as it was when its scans were handed over.
        older: the dossier that had them, without them again.
    """
    mine = {scan.sha256 for scan in newer.scans} - {scan.sha256 for scan in older.scans}
    cuts = [each for each in newer.boundaries if each.scan not in mine]
    edits = [each for each in newer.edits if each.scan not in mine]
    back = replace(
        newer,
        boundaries=(*cuts, *(each for each in older.boundaries if each.scan in mine)),
        edits=(*edits, *(each for each in older.edits if each.scan in mine)),
    )
    if (back.boundaries, back.edits) == (newer.boundaries, newer.edits):
        return newer
    return replace(with_scans(back, back.scans), outcome=None)


def _put(scans: list[Scan], scan: Scan, stands_for: str, drop: str) -> None:
    """Put a scan into the place of the file it stands for, or else behind all others."""
    wanted = inside(stands_for, drop).casefold()
    names = [inside(each.name, drop) for each in scans]
    for place, name in enumerate(names):
        if wanted and name.casefold() == wanted:
            scans[place] = scan
            return
    keys = [_order(name) for name in names]
    # Its place among files that are in order; of files in no order, nobody knows its place.
    is_ordered = wanted and keys == sorted(keys)
    scans.insert(bisect(keys, _order(wanted)) if is_ordered else len(scans), scan)


def _order(name: str) -> tuple[OrderKey, ...]:
    return tuple(map(reading_order, name.casefold().split("/")))


def _places(dossier: Dossier) -> list[tuple[str, int]]:
    return [(note.scan, note.number) for note in dossier.pages]


def _waiting(scan: str, number: int) -> PageNote:
    return PageNote(scan, number, "", PageState.NOT_READ, 0.0, 0.0, (_NOT_YET,))


def _moved(document: Document, moved: Mapping[int, int]) -> Document:
    findings = {name: _placed(found, moved) for name, found in document.findings.items()}
    return replace(
        document.on_pages(moved),
        findings={name: found for name, found in findings.items() if found is not None},
    )


def _placed(finding: Finding, moved: Mapping[int, int]) -> Finding | None:
    if finding.page is None or finding.page in moved:
        return replace(finding, page=moved[finding.page] if finding.page else None)
    return replace(finding, page=None, box=None) if finding.confirmed_by else None


def _is_confirmed(document: Document) -> bool:
    return bool(document.absent) or any(
        finding.confirmed_by for finding in document.findings.values()
    )

"""Pairs the two passes of a stack that were dropped into ``hai_mat``: fronts, then backs.

Files are paired in the order in which they came: the first with the second, the third with the
fourth. Pure, but for the receipts of record that say what was dropped there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline import clock
from pipeline.model import Dossier, ReceiptStatus
from pipeline.model.two_sides import TwoSides
from pipeline.ports import Archive
from pipeline.vietnamese import fold, syllables

FOLDER = "hai_mat"  # the standing folder of a watched folder
LONGEST = timedelta(minutes=30)  # between the two files of a stack
_BACKS = {"sau", "back", "backs"}  # words in the name of the file that has the other sides


class Passes(NamedTuple):
    """Two drops that are the passes of one stack, in the order in which they came."""

    first: Dossier  # as each was received
    second: Dossier

    @property
    def match(self) -> bool:
        """Whether both have as many pages."""
        return self.first.scans[0].pages == self.second.scans[0].pages

    @property
    def two_sides(self) -> TwoSides:
        """Which scan has the fronts: the first, unless the names say that it has the backs."""
        one, other = self.first.scans[0], self.second.scans[0]
        if names_backs(one.name) and not names_backs(other.name):
            one, other = other, one
        return TwoSides(one.sha256, other.sha256)


def is_pass(dossier: Dossier) -> bool:
    """Tell whether a dossier is one pass of a stack that still lacks the other one."""
    papers = [scan for scan in dossier.scans if scan.pages]
    return (
        len(papers) == 1
        and len(dossier.scans) == 1
        and dossier.two_sides is None
        and dossier.joined_into is None
        and _is_in_folder(papers[0].name)
    )


def passes_with(dossier: Dossier, archive: Archive) -> Passes | None:
    """Return the pair that a pass is one of; None while the other one did not come.

    Args:
        dossier: a dossier that ``is_pass``.
        archive: where receipts and records are.
    """
    before: Dossier | None = None
    for drop in sorted({*_drops(dossier, archive), dossier.id}):
        now = _received(drop, dossier, archive)
        if now is None or not is_pass(now) or now.origin != dossier.origin:
            continue
        if before is None or now.received - before.received > LONGEST:
            before = now
            continue
        if dossier.id in (before.id, now.id):
            return Passes(before, now)
        before = None
    return None


def other_sides(dossier: Dossier, archive: Archive) -> frozenset[str]:
    """Return the id of the dossier that has the other sides of what comes now; empty for none."""
    pair = passes_with(dossier, archive) if is_pass(dossier) else None
    return frozenset({pair.first.id} - {dossier.id}) if pair else frozenset()


def reason_of(dossier: Dossier, archive: Archive) -> str:
    """Return why a pass is not whole, Vietnamese; empty for any other dossier."""
    if not is_pass(dossier):
        return ""
    pair = passes_with(dossier, archive)
    if pair is None:
        return (
            "Mới có một lượt quét của xấp giấy hai mặt: chờ tệp mặt sau thả vào hai_mat trong "
            "30 phút. Giấy chỉ có một mặt thì thả ngoài thư mục này."
        )
    if pair.match:
        return "Hai lượt quét của xấp giấy này chưa được ghép."
    one, other = pair.first.scans[0].pages, pair.second.scans[0].pages
    return (
        f"Lượt quét trước có {one} trang, lượt sau {other} trang: không ghép hai mặt được. "
        "Quét lại cả xấp hai lượt rồi thả lại."
    )


def _received(drop: str, newest: Dossier, archive: Archive) -> Dossier | None:
    """Return a drop's dossier as it was received; the newest one may not be kept yet."""
    if archive.find_record(drop) is None:
        return newest if drop == newest.id else None
    return archive.history(drop)[0].dossier


def _drops(dossier: Dossier, archive: Archive) -> Iterator[str]:
    """Yield the drops of that time that lay in the folder, by the receipts of record."""
    days = {clock.local(dossier.received + away).date() for away in (-LONGEST, LONGEST)}
    for day in sorted(days):
        for drop in archive.receipts(day):
            lines = (line for line in drop.receipts if _is_in_folder(line.name))
            if any(line.status is ReceiptStatus.ARCHIVED for line in lines):
                yield drop.drop


def _is_in_folder(name: str) -> bool:
    first, _, rest = unicodedata.normalize("NFC", name).casefold().partition("/")
    return bool(rest) and first == FOLDER


def names_backs(name: str) -> bool:
    """Tell whether the name of a file says that it has the other sides."""
    return bool(_BACKS & {*syllables(fold(PurePosixPath(name).stem))})

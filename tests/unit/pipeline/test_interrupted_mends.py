"""A decision about pages, or a join, that breaks off after any write is whole when repeated."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.corrections import PageSeen
from pipeline.errors import CorrectionRefusedError, StorageUnavailableError
from pipeline.model import Outcome
from pipeline.ports import Archive
from pipeline.versions import Act
from storage.archive import ObjectArchive
from storage.disk import DiskStore
from tests.support.drops import Office
from tests.unit.pipeline.test_interrupted_join import Failing

pytestmark = pytest.mark.slow

LAN = Act("lan", "đã xem giấy")
PAGES = "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ"
Deed = Callable[[str, str, int, Archive], object]

DEEDS: dict[str, Deed] = {
    "words": lambda one, _, seen, archive: corrections.mend_words(
        PageSeen(one, 2, seen), {1: "trang 2"}, archive, LAN
    ),
    "turn": lambda one, _, seen, archive: corrections.turn_page(
        PageSeen(one, 2, seen), 90, archive, LAN
    ),
    "leave out": lambda one, _, seen, archive: corrections.leave_out(
        PageSeen(one, 2, seen), archive, LAN
    ),
    "replace": lambda one, _, seen, archive: corrections.replace_page(
        PageSeen(one, 1, seen), 3, archive, LAN
    ),
    "reorder": lambda one, _, seen, archive: corrections.reorder(
        one, [3, 1, 2], archive, LAN, seen=seen
    ),
    "join": lambda one, other, _, archive: corrections.join(other, one, archive, LAN),
    "part": lambda one, other, _, archive: _parts(one, other, archive),
}


def _parts(one: str, other: str, archive: Archive) -> None:
    corrections.join(other, one, archive, LAN)
    corrections.part(other, archive, LAN)


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_that_broke_off_is_done_once(tmp_path: Path, name: str) -> None:
    whole = set()
    for writes in itertools.count():
        office = Office(tmp_path / str(writes))
        one, other = (office.drops(f"{each}.pdf", PAGES + each).dossier for each in ("a", "b"))
        assert one
        assert other
        office.digitises_all()
        seen = office.newest(one).sequence
        failing = ObjectArchive(Failing(DiskStore(office.home / "store"), writes))  # type: ignore[arg-type]
        try:
            DEEDS[name](one, other, seen, failing)
            is_broken = False
        except StorageUnavailableError:
            is_broken = True
            with suppress(CorrectionRefusedError):  # it was written: whoever repeats it is told so
                DEEDS[name](one, other, seen, office.archive)
        office.digitises_all()
        if name in {"join", "part"}:  # commands publish what they wrote; the shell is not queued
            stages.publish(office.newest(other), office.archive, office.index)
        state, rest = office.newest(one).dossier, office.newest(other).dossier
        assert state.outcome is Outcome.COMPLETE
        # The number of mended words is that of the first try or of the next one.
        edits = [replace(each, words=bool(each.words)) for each in state.edits]
        whole.add((repr((state.pages, edits, state.order)), rest.joined_into))
        office.assert_nothing_differs()
        if not is_broken:
            break
    assert writes >= 3, "the record and the queue"
    assert len(whole) == 1 or name in {"join", "part"}

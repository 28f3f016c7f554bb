"""Where each file stands at the desk, and what people decide about it: kept, told, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.desk import decisions
from pipeline.desk.day import DeskDay, DeskSight, gather
from pipeline.desk.decisions import FileLine
from pipeline.desk.files import DeskAction, DeskState, stand
from pipeline.desk.mended import mended_name
from pipeline.errors import CorrectionRefusedError, ObjectExistsError, ObjectMissingError
from pipeline.model import DropReceipts, FileVerdict, PageState, Receipt, ReceiptStatus, Scope
from pipeline.settings import Settings
from pipeline.versions import Act
from tests.support.drops import CODE, FIXED, Office
from tests.support.stored import verified

LAN, MAI = Act("lan", "đã nộp bản khác"), Act("mai", "tệp rác")
NOW = datetime.now(UTC)
REFUSED = Receipt("02 đơn.pdf", ReceiptStatus.REFUSED, NOW, None, "Tệp hỏng.", "Quét lại.")
LOCKED = replace(REFUSED, name="khóa.PDF", reason="Tệp PDF bị khóa bằng mật khẩu.")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def note(office: Office, drop: str, *lines: Receipt, unit: str | None = None) -> None:
    folder = str((office.home / "inbox").absolute())
    office.archive.keep_receipts(DropReceipts(drop, folder, clock.today(), lines, unit))


def desk(office: Office, scope: Scope | None = None) -> DeskDay:
    settings = Settings(home=office.home)
    settings.watched_folders[0].mkdir(exist_ok=True)
    sight = DeskSight(scope) if scope else DeskSight()
    return gather(clock.today(), office.archive, settings, sight, office.archive.find_record)


def stored(office: Office, name: str, text: str) -> Receipt:
    """Receive a file and note its receipt, as a watcher does."""
    reception = office.drops(name, text)
    (receipt,) = reception.receipts
    note(office, f"0b{len(list(office.archive.receipts(clock.today()))):02x}", receipt)
    return receipt


def test_a_day_is_done_only_when_all_is_stored_and_read(office: Office) -> None:
    assert not desk(office).may_put_away, "nothing came"
    stored(office, "đơn.pdf", "đơn xin")
    assert desk(office).states == {DeskState.TODO: 0, DeskState.READING: 1, DeskState.DONE: 0}
    office.digitises_all()
    assert desk(office).may_put_away
    note(office, "0c", REFUSED)
    assert desk(office).states[DeskState.TODO] == 1
    assert not desk(office).may_put_away
    decisions.leave_out(FileLine(clock.today(), "0c", 0), office.archive, LAN)
    assert desk(office).may_put_away
    (office.home / "inbox" / "mới.pdf").write_text("đơn")
    now = desk(office)
    assert not now.may_put_away, "a file that waits in the folder is not stored"
    assert sum(now.counts.values()) == len(now.files) == 3
    assert verified(office.home).faults == ()


def test_a_folder_that_cannot_be_seen_is_no_empty_folder(office: Office) -> None:
    stored(office, "đơn.pdf", "đơn xin")
    office.digitises_all()
    folder = office.home / "elsewhere"
    settings = Settings(home=office.home).model_copy(
        update={"watch": Settings().watch.model_copy(update={"folders": [folder]})}
    )
    now = gather(clock.today(), office.archive, settings, DeskSight(), office.archive.find_record)
    assert now.troubles
    assert not now.may_put_away


def test_a_decision_is_told_to_whoever_looked_before_it(office: Office) -> None:
    note(office, "0c", REFUSED, LOCKED)
    seen = FileLine(clock.today(), "0c", 0)
    decisions.leave_out(seen, office.archive, LAN)
    with pytest.raises(CorrectionRefusedError, match="lan vừa quyết định"):
        decisions.leave_out(seen, office.archive, MAI)
    other = decisions.leave_out(FileLine(clock.today(), "0c", 1), office.archive, MAI)
    assert other.number == 2
    again = decisions.reopen(FileLine(clock.today(), "0c", 0, seen=1), office.archive, MAI)
    assert again.verdict is FileVerdict.OPEN
    assert desk(office).states[DeskState.TODO] == 1
    assert len(list(office.archive.decisions(clock.today()))) == 3, "what was decided before stays"
    assert verified(office.home).faults == ()


def test_the_same_click_twice_is_one_decision(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(office, "0c", REFUSED)
    target = FileLine(clock.today(), "0c", 0)
    first = decisions.leave_out(target, office.archive, LAN)
    listed = office.archive.decisions
    answers: Iterator[list[object]] = iter([[], list(listed(clock.today()))])
    monkeypatch.setattr(office.archive, "decisions", lambda day: iter(next(answers)))
    assert decisions.leave_out(target, office.archive, LAN) == first
    answers = iter([[], list(listed(clock.today()))])
    with pytest.raises(ObjectExistsError):
        decisions.leave_out(target, office.archive, MAI)


@pytest.mark.parametrize("line", [-1, 2, 99])
def test_there_is_no_such_line(office: Office, line: int) -> None:
    note(office, "0c", REFUSED)
    with pytest.raises(ObjectMissingError):
        decisions.leave_out(FileLine(clock.today(), "0c", line), office.archive, LAN)


def test_a_reason_is_needed(office: Office) -> None:
    note(office, "0c", REFUSED)
    with pytest.raises(CorrectionRefusedError, match="lý do"):
        decisions.leave_out(FileLine(clock.today(), "0c", 0), office.archive, Act("lan", "  "))


def test_nothing_decided_is_nothing_to_take_back(office: Office) -> None:
    note(office, "0c", REFUSED)
    with pytest.raises(CorrectionRefusedError, match="chưa có quyết định"):
        decisions.reopen(FileLine(clock.today(), "0c", 0), office.archive, LAN)


def test_each_file_has_one_thing_to_do(office: Office) -> None:
    assert stand(REFUSED, None, None).action is DeskAction.REPLACE
    assert stand(LOCKED, None, None).action is DeskAction.UNLOCK
    duplicate = replace(REFUSED, status=ReceiptStatus.DUPLICATE)
    assert stand(duplicate, None, None).state is DeskState.DONE
    lost = replace(REFUSED, status=ReceiptStatus.ARCHIVED, dossier="0f")
    assert stand(lost, None, None).state is DeskState.TODO, "a receipt without its dossier"
    first = office.partial()
    newer = office.drops(CODE, {"04.pdf": "giấy mới"})
    office.digitises_all()
    record = office.newest(newer.dossier)
    assert stand(newer.receipts[0], record, None).action is DeskAction.JOIN
    office.withholds(first)
    held = office.newest(first)
    kept = replace(REFUSED, status=ReceiptStatus.ARCHIVED, dossier=first)
    assert stand(kept, held, None).state is DeskState.DONE, "nobody reads it again"


def test_pages_that_cannot_be_read_need_a_person(office: Office) -> None:
    receipt = stored(office, "mờ.pdf", "một\nhai")
    office.digitises_all()
    record = office.newest(receipt.dossier)
    bad = replace(record.dossier.pages[1], state=PageState.NOT_READ, reasons=("Ảnh hỏng.",))
    worse = replace(record, dossier=replace(record.dossier, pages=(record.dossier.pages[0], bad)))
    told = stand(receipt, worse, None)
    assert told.state is DeskState.TODO
    assert told.reasons == ("1 trang cần xem lại", "Ảnh hỏng.")
    assert told.told == "Đã đọc 1/2 trang"


def test_a_mended_file_fills_the_place_of_the_refused_one(office: Office) -> None:
    """Under the name that `mended_name` gives, a drop joins its PARTIAL dossier by itself."""
    folder = office.home / "inbox"
    dossier = office.partial()
    refused = replace(REFUSED, name=f"{CODE}/02 to khai.pdf")
    note(office, "0c", refused)
    (file,) = [one for one in desk(office).files if one.drop == "0c"]
    named = mended_name(file, "scan0001.pdf")
    assert named == (CODE, "02 to khai.pdf")
    office.drops(named.folder, {named.file: FIXED["02 to khai.pdf"]})
    office.digitises_all()
    assert office.newest(dossier).dossier.missing == ()
    assert folder.exists()


def test_a_new_scan_is_told_from_the_stored_one_and_keeps_its_code(office: Office) -> None:
    receipt = stored(office, f"{CODE}.pdf", "một")
    office.digitises_all()
    (file,) = desk(office).files
    assert receipt.dossier
    assert mended_name(file, "x.tif") == ("", f"{CODE} quét lại.tif")


def test_files_of_other_units_are_not_there(office: Office) -> None:
    note(office, "0c", REFUSED, unit="H26.19.25")
    note(office, "0d", LOCKED, unit="H99.01")
    mine = Scope(frozenset({"H26.19.25"}))
    assert [file.drop for file in desk(office, mine).files] == ["0c"]
    (office.home / "inbox" / "H26.19.25-260105-0009.pdf").write_text("đơn")
    (office.home / "inbox" / "H99.01-260105-0009.pdf").write_text("đơn")
    (office.home / "inbox" / "không mã.pdf").write_text("đơn")
    now = desk(office, mine)
    assert [file.receipt.name for file in now.files if not file.drop] == [
        "H26.19.25-260105-0009.pdf"
    ]
    assert now.unknown == 1, "somebody's file waits, and nobody knows whose"
    assert not now.may_put_away


def test_an_older_day_ends_when_a_mended_file_came_the_day_after(office: Office) -> None:
    before = clock.today() - timedelta(days=1)
    folder = str((office.home / "inbox").absolute())
    early = replace(REFUSED, at=NOW - timedelta(hours=20))
    office.archive.keep_receipts(DropReceipts("0a", folder, before, (early,)))
    settings = Settings(home=office.home)

    def of_day() -> DeskDay:
        find = office.archive.find_record
        return gather(before, office.archive, settings, DeskSight(), find)

    assert of_day().states[DeskState.TODO] == 1
    reception = office.drops("02 đơn.pdf", "đơn")
    note(office, "0e", *reception.receipts)
    assert of_day().states[DeskState.DONE] == 1

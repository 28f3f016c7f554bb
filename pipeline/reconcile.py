"""Compare what the store, the queue and the index say of the same dossiers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.fixity import Inventory
from pipeline.model import Record
from pipeline.stages import WITHHELD

WATCH = "Chạy `sohoa watch`: phần dở được làm tiếp; nếu không có gì trong vùng đệm, thả lại tệp."
RETRY = "Chạy `sohoa retry {}` khi `sohoa watch` đang chạy."
REINDEX = "Chạy `sohoa reindex`."
RESTORE = "Chạy `sohoa verify`, rồi khôi phục những gì thiếu từ bản sao lưu."
TAKE_OUT = "Bản gốc còn nguyên trong kho: chép ra, đặt chung thư mục với một tệp mới rồi thả lại."
HARMLESS = "Vô hại, để nguyên cũng được."


class Difference(NamedTuple):
    """Two places that do not agree, and what to do about it."""

    kind: str  # for programs
    subject: str  # id, hash, key or path
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the records of one dossier say, without the words."""

    sequence: int  # of its newest record; 0 when a record cannot be read
    is_digitised: bool = False
    is_withheld: bool = False
    scans: frozenset[str] = frozenset()
    readings: frozenset[tuple[str, str]] = frozenset()  # scan, recipe


def known(history: Iterable[Record]) -> Known:
    """Return what the records of a dossier say, oldest first."""
    versions = tuple(history)
    newest = versions[-1]
    return Known(
        newest.sequence,
        newest.dossier.outcome is not None,
        newest.action == WITHHELD,
        frozenset(scan.sha256 for version in versions for scan in version.dossier.scans),
        frozenset(
            (note.scan, note.recipe)
            for version in versions
            for note in version.dossier.pages
            if note.recipe
        ),
    )


@dataclass(frozen=True, slots=True)
class Places:
    """What every place says, for comparing."""

    shelves: Inventory
    dossiers: dict[str, Known]
    queued: frozenset[str]
    indexed: dict[str, int] | None  # dossier -> number of the record held; None: index away


def differences(places: Places) -> Iterator[Difference]:
    """Yield where the places differ."""
    yield from _records(places)
    yield from _originals(places)
    yield from _owed(places)
    yield from _readings(places)
    yield from _left_behind(places.shelves)
    if places.indexed is not None:
        yield from _index(places, places.indexed)


def _records(places: Places) -> Iterator[Difference]:
    for dossier, numbers in places.shelves.records.items():
        if numbers != tuple(range(1, numbers[-1] + 1)):
            yield Difference("record-gap", dossier, "số thứ tự bản ghi bị hở", RESTORE)
    for dossier, said in places.dossiers.items():
        if not said.sequence:
            yield Difference("record-unreadable", dossier, "có bản ghi không đọc được", RESTORE)
        for scan in sorted(said.scans - places.shelves.originals):
            detail = f"thiếu bản gốc {scan}"
            yield Difference("record-without-original", dossier, detail, RESTORE)


def _originals(places: Places) -> Iterator[Difference]:
    shelves = places.shelves
    recorded = {scan for said in places.dossiers.values() for scan in said.scans}
    doubtful = {dossier for dossier, said in places.dossiers.items() if not said.sequence}
    for scan in sorted(shelves.originals - shelves.owners.keys()):
        if scan in recorded:
            yield Difference("owner-missing", scan, "mất giấy ghi hồ sơ nhận đầu tiên", RESTORE)
        else:
            yield Difference("original-unrecorded", scan, "bản gốc chưa thuộc hồ sơ nào", WATCH)
    for scan, owner in sorted(shelves.owners.items()):
        if owner is None:
            yield Difference("owner-unreadable", scan, "giấy ghi hồ sơ nhận bị hỏng", RESTORE)
        elif owner not in shelves.records:
            detail = f"thuộc hồ sơ {owner}, mà hồ sơ này không có bản ghi nào"
            yield Difference("owner-without-record", scan, detail, WATCH)
        elif scan not in recorded and owner not in doubtful:
            detail = f"thuộc hồ sơ {owner}, mà bản ghi của hồ sơ không nhắc tới"
            yield Difference("owner-not-in-record", scan, detail, TAKE_OUT)


def _owed(places: Places) -> Iterator[Difference]:
    for dossier in sorted(places.queued - places.shelves.records.keys()):
        remedy = "Khôi phục bản ghi từ bản sao lưu, hoặc chuyển dấu này khỏi store/pending."
        yield Difference("marker-without-record", dossier, "còn nợ mà không có bản ghi", remedy)
    for dossier in sorted(places.shelves.leased - places.shelves.records.keys()):
        yield Difference("lease-without-record", dossier, "từng được đọc, mất bản ghi", RESTORE)
    for dossier, said in places.dossiers.items():
        if said.sequence and not said.is_digitised and dossier not in places.queued:
            detail = "chưa số hóa mà không còn trong hàng đợi"
            yield Difference("not-owed", dossier, detail, RETRY.format(dossier))


def _readings(places: Places) -> Iterator[Difference]:
    busy = _busy(places)
    used = {reading for said in places.dossiers.values() for reading in said.readings}
    secret = {scan for said in places.dossiers.values() if said.is_withheld for scan in said.scans}
    for scan, recipe in sorted(places.shelves.readings - used):
        where = f"pages/{scan}/{recipe}"
        if scan in secret:
            detail = "kết quả đọc của tài liệu mật còn trong kho"
            yield Difference("reading-of-secret", where, detail, "Báo người phụ trách bảo mật.")
        elif scan not in busy:
            yield Difference("reading-unused", where, "không hồ sơ nào dùng", HARMLESS)
    for scan in sorted(places.shelves.bound & secret):
        detail = "bản PDF của tài liệu mật còn trong kho"
        remedy = "Báo người phụ trách bảo mật."
        yield Difference("searchable-pdf-of-secret", f"derived/{scan}", detail, remedy)
    for picture in sorted(places.shelves.lone_pictures):
        if picture.split("/")[1] not in busy:
            detail = "ảnh trang không có kết quả đọc"
            yield Difference("picture-alone", f"{picture}.webp", detail, RESTORE)


def _busy(places: Places) -> set[str]:
    """Return the scans that are still being read, or of which it cannot be told who uses them."""
    doubtful = {
        dossier
        for dossier, said in places.dossiers.items()
        if dossier in places.queued or not said.sequence
    }
    owners = places.shelves.owners.items()
    return {scan for scan, owner in owners if owner is None or owner in doubtful} | {
        scan for dossier in doubtful for scan in places.dossiers[dossier].scans
    }


def _left_behind(shelves: Inventory) -> Iterator[Difference]:
    for key in sorted(shelves.strangers):
        yield Difference("stranger", key, "không phải tên do Sohoa đặt", "Chuyển ra khỏi kho.")
    if shelves.unfinished:
        remedy = f"{HARMLESS} Muốn dọn: dừng mọi lệnh rồi xóa store/.arriving."
        detail = "có tệp ghi dở từ lâu"
        yield Difference("unfinished", ".arriving", detail, remedy)


def _index(places: Places, indexed: dict[str, int]) -> Iterator[Difference]:
    for dossier, said in places.dossiers.items():
        held = indexed.get(dossier, 0)
        newest = places.shelves.records[dossier][-1]
        if held > newest:
            detail = f"chỉ mục có bản {held}, kho chỉ có bản {newest}"
            remedy = f"{RESTORE} Nếu không còn bản sao: `sohoa reindex`."
            yield Difference("index-newer", dossier, detail, remedy)
        elif held < newest and said.is_digitised and dossier not in places.queued:
            what = f"chỉ có bản {held}, kho có bản {newest}" if held else "chưa có"
            yield Difference("index-behind", dossier, f"trong chỉ mục {what}", REINDEX)
    for dossier in sorted(indexed.keys() - places.shelves.records.keys()):
        remedy = f"{RESTORE} Nếu hồ sơ đúng là không còn: `sohoa reindex`."
        yield Difference("index-unknown", dossier, "có trong chỉ mục, không có trong kho", remedy)

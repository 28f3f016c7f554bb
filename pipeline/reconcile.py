"""Compares store, work queue and search index, and names each difference with its remedy. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.access import withholding
from pipeline.fixity import Inventory
from pipeline.model import Record

WATCH = "Chạy `sohoa watch`: phần dở được làm tiếp; nếu không có gì trong vùng đệm, thả lại tệp."
RETRY = "Chạy `sohoa retry {}` khi `sohoa watch` đang chạy."
REINDEX = "Chạy `sohoa reindex`."
RESTORE = "Chạy `sohoa verify`, rồi khôi phục những gì thiếu từ bản sao lưu."
TAKE_OUT = "Bản gốc còn nguyên trong kho: chép ra, đặt chung thư mục với một tệp mới rồi thả lại."
HARMLESS = "Vô hại, để nguyên cũng được."


class Difference(NamedTuple):
    """A disagreement between store, queue and index, and what to do about it."""

    kind: str  # for programs: record-gap, index-behind, …
    subject: str  # id, hash, key or path
    detail: str  # Vietnamese, for people
    remedy: str  # Vietnamese, for people


@dataclass(frozen=True, slots=True)
class DossierSummary:
    """What reconciling needs to know of a dossier's records."""

    sequence: int  # of its newest record; 0 when a record cannot be read
    is_digitised: bool = False
    is_withheld: bool = False
    is_joined: bool = False  # another dossier has its scans now
    scans: frozenset[str] = frozenset()
    readings: frozenset[tuple[str, str]] = frozenset()  # scan, recipe


def summarise(history: Iterable[Record]) -> DossierSummary:
    """Summarise the records of a dossier.

    Args:
        history: all its records, oldest first; at least one.
    """
    versions = tuple(history)
    newest = versions[-1]
    return DossierSummary(
        newest.sequence,
        newest.dossier.outcome is not None,
        withholding(newest) is not None,
        newest.dossier.joined_into is not None,
        frozenset(scan.sha256 for version in versions for scan in version.dossier.scans),
        frozenset(
            (note.scan, note.recipe)
            for version in versions
            for note in version.dossier.pages
            if note.recipe
        ),
    )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of store, queue and index at one moment."""

    inventory: Inventory  # of the store
    dossiers: dict[str, DossierSummary]
    queued: frozenset[str]
    indexed: dict[str, int] | None  # dossier -> number of the indexed record; None: index away


def differences(snapshot: Snapshot) -> Iterator[Difference]:
    """Yield the differences between store, queue and index."""
    yield from _records(snapshot)
    yield from _originals(snapshot)
    yield from _queue(snapshot)
    yield from _readings(snapshot)
    yield from _leftovers(snapshot.inventory)
    if snapshot.indexed is not None:
        yield from _index(snapshot, snapshot.indexed)


def _records(snapshot: Snapshot) -> Iterator[Difference]:
    for dossier, numbers in snapshot.inventory.records.items():
        if numbers != tuple(range(1, numbers[-1] + 1)):
            yield Difference("record-gap", dossier, "số thứ tự bản ghi bị hở", RESTORE)
    for dossier, summary in snapshot.dossiers.items():
        if not summary.sequence:
            yield Difference("record-unreadable", dossier, "có bản ghi không đọc được", RESTORE)
        for scan in sorted(summary.scans - snapshot.inventory.originals):
            detail = f"thiếu bản gốc {scan}"
            yield Difference("record-without-original", dossier, detail, RESTORE)


def _originals(snapshot: Snapshot) -> Iterator[Difference]:
    inventory = snapshot.inventory
    recorded = {scan for summary in snapshot.dossiers.values() for scan in summary.scans}
    doubtful = {dossier for dossier, summary in snapshot.dossiers.items() if not summary.sequence}
    for scan in sorted(inventory.originals - inventory.owners.keys()):
        if scan in recorded:
            yield Difference("owner-missing", scan, "mất giấy ghi hồ sơ nhận đầu tiên", RESTORE)
        else:
            yield Difference("original-unrecorded", scan, "bản gốc chưa thuộc hồ sơ nào", WATCH)
    for scan, owner in sorted(inventory.owners.items()):
        if owner is None:
            yield Difference("owner-unreadable", scan, "giấy ghi hồ sơ nhận bị hỏng", RESTORE)
        elif owner not in inventory.records:
            detail = f"thuộc hồ sơ {owner}, mà hồ sơ này không có bản ghi nào"
            yield Difference("owner-without-record", scan, detail, WATCH)
        elif scan not in recorded and owner not in doubtful:
            detail = f"thuộc hồ sơ {owner}, mà bản ghi của hồ sơ không nhắc tới"
            yield Difference("owner-not-in-record", scan, detail, TAKE_OUT)


def _queue(snapshot: Snapshot) -> Iterator[Difference]:
    for dossier in sorted(snapshot.queued - snapshot.inventory.records.keys()):
        remedy = "Khôi phục bản ghi từ bản sao lưu, hoặc chuyển dấu này khỏi store/pending."
        yield Difference("marker-without-record", dossier, "còn nợ mà không có bản ghi", remedy)
    for dossier in sorted(snapshot.inventory.leased - snapshot.inventory.records.keys()):
        yield Difference("lease-without-record", dossier, "từng được đọc, mất bản ghi", RESTORE)
    for dossier, summary in snapshot.dossiers.items():
        is_done = summary.is_digitised or summary.is_joined
        if summary.sequence and not is_done and dossier not in snapshot.queued:
            detail = "chưa số hóa mà không còn trong hàng đợi"
            yield Difference("not-owed", dossier, detail, RETRY.format(dossier))


def _readings(snapshot: Snapshot) -> Iterator[Difference]:
    busy = _busy(snapshot)
    used = {reading for summary in snapshot.dossiers.values() for reading in summary.readings}
    withheld = (summary for summary in snapshot.dossiers.values() if summary.is_withheld)
    secret = {scan for summary in withheld for scan in summary.scans}
    for scan, recipe in sorted(snapshot.inventory.readings - used):
        where = f"pages/{scan}/{recipe}"
        if scan in secret:
            detail = "kết quả đọc của tài liệu mật còn trong kho"
            yield Difference("reading-of-secret", where, detail, "Báo người phụ trách bảo mật.")
        elif scan not in busy:
            yield Difference("reading-unused", where, "không hồ sơ nào dùng", HARMLESS)
    for scan in sorted(snapshot.inventory.with_searchable_pdf & secret):
        detail = "bản PDF của tài liệu mật còn trong kho"
        remedy = "Báo người phụ trách bảo mật."
        yield Difference("handout-of-secret", f"derived/{scan}", detail, remedy)
    for picture in sorted(snapshot.inventory.orphan_pictures):
        if picture.split("/")[1] not in busy:
            detail = "ảnh trang không có kết quả đọc"
            yield Difference("picture-alone", f"{picture}.webp", detail, RESTORE)


def _busy(snapshot: Snapshot) -> set[str]:
    """Return the scans that are being read, or whose users are unknown: a record is unreadable."""
    doubtful = {
        dossier
        for dossier, summary in snapshot.dossiers.items()
        if dossier in snapshot.queued or not summary.sequence
    }
    owners = snapshot.inventory.owners.items()
    return {scan for scan, owner in owners if owner is None or owner in doubtful} | {
        scan for dossier in doubtful for scan in snapshot.dossiers[dossier].scans
    }


def _leftovers(inventory: Inventory) -> Iterator[Difference]:
    for key in sorted(inventory.unknown_keys):
        yield Difference("stranger", key, "không phải tên do Sohoa đặt", "Chuyển ra khỏi kho.")
    if inventory.unfinished:
        remedy = f"{HARMLESS} Muốn dọn: dừng mọi lệnh rồi xóa store/.arriving."
        detail = "có tệp ghi dở từ lâu"
        yield Difference("unfinished", ".arriving", detail, remedy)


def _index(snapshot: Snapshot, indexed: dict[str, int]) -> Iterator[Difference]:
    for dossier, summary in snapshot.dossiers.items():
        in_index = indexed.get(dossier, 0)
        is_wanted = in_index > 0 if summary.is_joined else summary.is_digitised
        newest = snapshot.inventory.records[dossier][-1]
        if in_index > newest:
            detail = f"chỉ mục có bản {in_index}, kho chỉ có bản {newest}"
            remedy = f"{RESTORE} Nếu không còn bản sao: `sohoa reindex`."
            yield Difference("index-newer", dossier, detail, remedy)
        elif in_index < newest and is_wanted and dossier not in snapshot.queued:
            what = f"chỉ có bản {in_index}, kho có bản {newest}" if in_index else "chưa có"
            yield Difference("index-behind", dossier, f"trong chỉ mục {what}", REINDEX)
    for dossier in sorted(indexed.keys() - snapshot.inventory.records.keys()):
        remedy = f"{RESTORE} Nếu hồ sơ đúng là không còn: `sohoa reindex`."
        yield Difference("index-unknown", dossier, "có trong chỉ mục, không có trong kho", remedy)

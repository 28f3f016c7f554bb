"""`sohoa reprocess`: has better rules understand kept words again; lists changes, then applies."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from flows.commands.audited import acting, audited, operator
from flows.console import open_console
from flows.terminal import say, say_json
from flows.upkeep.reprocess import Changed, Reprocessing, Stored
from flows.upkeep.reprocess_progress import ReprocessProgress
from flows.wiring import archive, index, settings
from pipeline.audit import Verb
from pipeline.errors import MisconfiguredError
from pipeline.masking.dossiers import mask_dossier
from pipeline.model import Dossier
from pipeline.reprocessing.changes import Change, changes_of
from pipeline.reprocessing.rules import rules_version
from pipeline.reprocessing.understand import Understanding
from pipeline.versions import Act

RECORDS = (Verb.MANAGE, Verb.UNMASK)
_APPLY, _CLEAR = "--apply", "--clear"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--stage", choices=["understand"], required=True, help="understand: hiểu lại, không đọc lại"
    )
    parser.add_argument(
        _APPLY, action="store_true", help="ghi những thay đổi đã liệt kê; không có: chỉ liệt kê"
    )
    parser.add_argument(
        _CLEAR, action="store_true", help="không che dữ liệu cá nhân trong danh sách"
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """List what the present rules change, or apply what was listed; 1 when something is left.

    Raises:
        MisconfiguredError: the software was replaced while this command began.
        SearchUnavailableError: the index is away; what was written is published when run again.
    """
    rules = rules_version()
    if not rules:
        raise MisconfiguredError(
            "Phần mềm vừa được thay trong lúc lệnh này bắt đầu.", "Chạy lại lệnh."
        )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = open_console(stderr=True)
    with (
        closing(ReprocessProgress(settings().home, rules)) as progress,
        Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar,
    ):

        def track(stored: list[Stored]) -> Iterator[Stored]:
            yield from bar.track(stored, description="Đang hiểu lại hồ sơ")

        walk = Reprocessing(archive(), index(), progress, track)
        rows = list(_told(walk, args))
    _end(walk, rules, rows, args)
    return int(any(walk.counts[each] for each in ("unlisted", "rivals", Understanding.DAMAGED)))


def _told(walk: Reprocessing, args: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Walk and print each change as it is found; yield it as JSON has it."""
    if args.clear:
        audited(Verb.UNMASK, act="reprocess")
    with acting(Verb.MANAGE, act="reprocess", apply=int(args.apply)):
        found = walk.apply(Act(operator())) if args.apply else walk.changes()
        for changed in found:
            for change in _changes(changed, clear=args.clear):
                if args.json:
                    yield _row(changed, change)
                else:
                    _say(changed, change)


def _changes(changed: Changed, *, clear: bool) -> tuple[Change, ...]:
    kinds = settings().privacy.masked_whole

    def shown(dossier: Dossier) -> Dossier:
        return dossier if clear else mask_dossier(dossier, kinds)

    return changes_of(changed.record.dossier, changed.after, shown)


def _row(changed: Changed, change: Change) -> dict[str, object]:
    return {
        "dossier": changed.record.dossier.id,
        "rules": changed.record.dossier.rules,
        "pages": list(change.pages),
        "field": change.field,
        "before": change.before,
        "after": change.after,
    }


def _say(changed: Changed, change: Change) -> None:
    where = f"trang {change.pages[0]}" if change.pages else "hồ sơ"
    told = f"{change.label}: {change.before or '—'} → {change.after or '—'}"
    say(changed.record.dossier.id, where, told)


def _end(
    walk: Reprocessing, rules: str, rows: list[dict[str, object]], args: argparse.Namespace
) -> None:
    counts = {
        "same": walk.counts[Understanding.SAME],
        "current": walk.counts[Understanding.CURRENT],
        "changed": walk.counts[Understanding.CHANGED],
        "applied": walk.counts["applied"],
        "unlisted": walk.counts["unlisted"],
        "rivals": walk.counts["rivals"],
        "damaged": walk.damaged,
    }
    if args.json:
        say_json({"rules": rules, **counts, "changes": rows})
        return
    for dossier in walk.damaged:
        say(f"✗ {dossier}: bản ghi hoặc trang bị hỏng, để nguyên. `sohoa verify` nói vì sao.")
    as_before = walk.counts[Understanding.SAME] + walk.counts[Understanding.CURRENT]
    say(f"Quy tắc {rules}: {walk.counts[Understanding.CHANGED]} hồ sơ đổi, {as_before} như cũ.")
    if args.apply:
        say(f"Đã ghi {walk.counts['applied']} hồ sơ.")
    elif walk.counts[Understanding.CHANGED]:
        say(f"Chưa ghi gì. Xem kỹ rồi chạy: sohoa reprocess --stage understand {_APPLY}")
    if left := walk.counts["unlisted"] + walk.counts["rivals"]:
        say(
            f"{left} hồ sơ chưa được liệt kê hoặc vừa có người sửa: để nguyên. Liệt kê lại rồi ghi."
        )

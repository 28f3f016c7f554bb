"""`sohoa reprocess`: understands kept words by better rules, or reads anew; lists, then applies."""

from __future__ import annotations

import argparse
import logging
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
from flows.commands.dossiers.show import record_of
from flows.console import open_console
from flows.terminal import say, say_json
from flows.upkeep.reprocess import Changed, Reprocessing, Stored
from flows.upkeep.reprocess_progress import ReprocessProgress
from flows.upkeep.reread import OlderReading, older_readings
from flows.wiring import archive, index, settings, tools
from pipeline import stages
from pipeline.access import check_hand_out
from pipeline.audit import Verb
from pipeline.errors import ArchiveError, JoinedError, MisconfiguredError, WithheldError
from pipeline.masking.dossiers import mask_dossier
from pipeline.model import Dossier
from pipeline.reprocessing.changes import Change, changes_of
from pipeline.reprocessing.rules import rules_version
from pipeline.reprocessing.understand import Understanding
from pipeline.versions import Act

RECORDS = (Verb.MANAGE, Verb.UNMASK, Verb.RETRY)
_APPLY, _CLEAR, _ALL = "--apply", "--clear", "--all"
_UNDERSTAND, _READ = "understand", "read"
_DAMAGED = "bản ghi hoặc trang bị hỏng, để nguyên. `sohoa verify` nói vì sao."

log = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "dossiers", metavar="HỒ_SƠ", nargs="*", help="với --stage read: id hoặc mã hồ sơ"
    )
    parser.add_argument(
        "--stage",
        choices=[_UNDERSTAND, _READ],
        required=True,
        help="understand: hiểu lại, không đọc lại; read: đọc lại trang đã đọc theo cách cũ",
    )
    parser.add_argument(_ALL, action="store_true", help="với --stage read: mọi hồ sơ của kho")
    parser.add_argument(
        _APPLY, action="store_true", help="ghi những thay đổi đã liệt kê; không có: chỉ liệt kê"
    )
    parser.add_argument(
        _CLEAR, action="store_true", help="không che dữ liệu cá nhân trong danh sách"
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """List what is older than the software, or apply what was listed; 1 when something is left.

    Raises:
        MisconfiguredError: the software was replaced while this command began, or the words of
            the command do not go together.
        ObjectMissingError: a name is no dossier's id or code; so ``SeveralDossiersError``.
        WithheldError: one that was named is withheld; none was queued.
        SearchUnavailableError: the index is away; what was written is published when run again.
    """
    if args.stage == _READ:
        return _read_again(args)
    if args.dossiers or args.all:
        raise MisconfiguredError(
            f"Chỉ --stage {_READ} nhận tên hồ sơ và {_ALL}.", "Bỏ chúng ra rồi chạy lại."
        )
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


def _read_again(args: argparse.Namespace) -> int:
    """List what was read under older recipes, or queue what was named to be read anew."""
    if args.apply and bool(args.dossiers) == args.all:
        raise MisconfiguredError(
            "Đọc lại là việc tốn thời gian: hãy nói rõ hồ sơ nào.",
            f"Ghi id hoặc mã hồ sơ, hoặc {_ALL} cho mọi hồ sơ đã liệt kê.",
        )
    recipe = tools().reader.recipe
    named = [record_of(name) for name in args.dossiers]
    for record in named:
        check_hand_out(record)
    wanted = [record.dossier.id for record in named] or archive().dossiers()
    damaged: list[str] = []
    found = list(older_readings(wanted, recipe, archive(), damaged))
    queued = _queue(found, damaged) if args.apply else 0
    if args.json:
        rows = [
            {"dossier": one.record.dossier.id, "pages": list(one.pages), "recipes": one.recipes}
            for one in found
        ]
        say_json({"recipe": recipe, "queued": queued, "damaged": damaged, "dossiers": rows})
    else:
        _say_older(found, damaged, recipe)
        if queued:
            say(f"{queued} hồ sơ sẽ được đọc lại khi `sohoa watch` đang chạy.")
        if args.apply and (waiting := len({one.record.dossier.id for one in found}) - queued):
            say(f"{waiting} hồ sơ đã chờ đọc lại từ trước, hoặc không còn đọc lại được.")
        elif found and not args.apply:
            say(f"Chưa làm gì. Đọc lại: sohoa reprocess --stage {_READ} HỒ_SƠ… {_APPLY}")
    return int(bool(damaged))


def _queue(found: list[OlderReading], damaged: list[str]) -> int:
    """Queue dossiers to be read anew; return how many did not wait for that before.

    What was damaged, joined or withheld since it was listed does not keep the others back.

    Args:
        found: the dossiers.
        damaged: a list that the ids of dossiers are added to whose record cannot be read.
    """
    queued = 0
    for one in found:
        dossier = one.record.dossier.id
        try:
            with acting(Verb.RETRY, dossier=dossier, act="reprocess"):
                queued += stages.ask_again(dossier, archive(), actor=operator())
        except ArchiveError as error:
            log.warning("%s cannot be read again: %s", dossier, error)
            damaged.append(dossier)
        except (JoinedError, WithheldError) as error:
            log.warning("%s is not read again: %s", dossier, error)
    return queued


def _say_older(found: list[OlderReading], damaged: list[str], recipe: str) -> None:
    for dossier in damaged:
        say(f"✗ {dossier}: {_DAMAGED}")
    for one in found:
        say(f"{one.record.dossier.id}  {len(one.pages)} trang  {', '.join(one.recipes)}")
    pages = sum(len(one.pages) for one in found)
    say(f"{len(found)} hồ sơ, {pages} trang đọc theo cách cũ; cách mới: {recipe}.")


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
        say(f"✗ {dossier}: {_DAMAGED}")
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

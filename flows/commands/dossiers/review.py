"""`sohoa review`: lists, leases and answers doubtful fields; prints the true error rate."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import Any

from accounts import open_review
from flows.commands.audited import acting, audited, operator
from flows.commands.dossiers.changed import publish_and_print
from flows.terminal import say, say_json
from flows.wiring import archive, settings
from pipeline.audit import Verb
from pipeline.corrections import FieldAct
from pipeline.documents.fields import label_of
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Finding
from pipeline.ports.review import ReviewQueue
from pipeline.review.item_names import PAGE
from pipeline.review.items import ReviewItem
from pipeline.review.report import error_rates
from pipeline.review.reviewing import SECONDS_AN_ITEM, Reviewing
from pipeline.versions import Act

RECORDS = (Verb.LIST, Verb.VIEW, Verb.CORRECT)
_LISTED = 20  # items that are listed
_GROUPS = {"all": "Tất cả", "field": "Trường", "unit": "Đơn vị", "scanner": "Máy quét"}
_DEEDS = ("confirm", "correct", "reject", "skip", "give_back", "undo")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--next", action="store_true", help="nhận mục kế tiếp; không ai khác nhận nó")
    what.add_argument("--report", action="store_true", help="tỷ lệ sai thật của trường máy chắc")
    what.add_argument("--confirm", metavar="MỤC", help="máy đọc đúng; trang để nguyên")
    what.add_argument("--correct", metavar="MỤC=GIÁ_TRỊ", help="giá trị đúng")
    what.add_argument(
        "--reject", metavar="MỤC", help="giấy không có trường này; bỏ trang ra (cần --reason)"
    )
    what.add_argument("--skip", metavar="MỤC", help="để người khác; nói lý do bằng --reason")
    what.add_argument("--give-back", metavar="MỤC", help="trả lại mục đã nhận")
    what.add_argument("--undo", metavar="MỤC", help="hoàn tác quyết định về mục")
    parser.add_argument("--reason", metavar="LÝ_DO", default="", help="lý do")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """List, lease, answer or report.

    Raises:
        AccountsUnavailableError: the database of the queue is away.
        CorrectionRefusedError: there is no such item, or this is no value of it.
        EditConflictError: somebody else has the item, or decided of it.
    """
    with closing(open_review(settings().accounts, settings().home)) as store:
        reviewing = Reviewing(archive(), store, settings().review)
        if deed := next((name for name in _DEEDS if getattr(args, name) is not None), None):
            _do(reviewing, store, deed, args)
            return 0
        reviewing.refresh()
        if args.report:
            _report(store, as_json=args.json)
        elif args.next:
            _next(reviewing, as_json=args.json)
        else:
            _list(store, as_json=args.json)
    return 0


def _do(reviewing: Reviewing, store: ReviewQueue, deed: str, args: argparse.Namespace) -> None:
    name, sign, value = getattr(args, deed).partition("=")
    if bool(sign) != (deed == "correct"):
        raise CorrectionRefusedError(
            "Chỉ --correct có giá trị đúng, sau dấu bằng.", "Ví dụ: --correct MỤC=05/01/2026"
        )
    item, act = reviewing.item(name), Act(operator(), args.reason)
    if deed == "skip" and not args.reason.strip():
        raise CorrectionRefusedError("Bỏ qua thì phải nói lý do.", "Thêm --reason.")
    with acting(Verb.CORRECT, dossier=item.dossier, fields=item.field, review=deed):
        if deed == "skip":
            store.skip(item, act.actor, act.reason.strip())
            return
        if deed == "give_back":
            store.give_back(item, act.actor)
            return
        if deed == "undo":
            record = reviewing.undo(item, act)
        else:
            record = reviewing.answer(item, FieldAct(deed), value, act)
    publish_and_print([record], "review", as_json=args.json)


def _next(reviewing: Reviewing, *, as_json: bool) -> None:
    taken = reviewing.take(operator())
    if taken is None:
        say_json(None) if as_json else say("Không còn mục nào cho bạn.")
        return
    item, finding = taken
    audited(Verb.VIEW, dossier=item.dossier, review=item.field)
    if as_json:
        say_json({**_row(item), **_read(item, finding)})
        return
    say(item.name)
    if finding:
        say(f"{_label(item)}: {finding.value}")
    for reason in finding.reasons if finding else ():
        say(f"  {reason}")
    page = finding.page if finding else None
    say(f"Trang {page or item.page} của hồ sơ {item.dossier}.")
    say(f"sohoa review --confirm {item.name} | --correct {item.name}=… | --reject {item.name}")


def _read(item: ReviewItem, finding: Finding | None) -> dict[str, Any]:
    """Return what was read; of a page nothing, it is looked at as a whole."""
    if finding is None:
        return {"value": "", "raw": "", "found_on": item.page, "box": None, "reasons": []}
    return {
        "value": finding.value,
        "raw": finding.raw,
        "found_on": finding.page,
        "box": list(finding.box) if finding.box else None,
        "reasons": list(finding.reasons),
    }


def _label(item: ReviewItem) -> str:
    return "Trang" if item.field == PAGE else label_of(item.field)


def _list(store: ReviewQueue, *, as_json: bool) -> None:
    audited(Verb.LIST, act="review")
    waiting, first = store.waiting(_LISTED)
    seconds = waiting * SECONDS_AN_ITEM
    if as_json:
        say_json({"waiting": waiting, "seconds": seconds, "items": [_row(one) for one in first]})
        return
    say(f"{waiting} trường · khoảng {-(-seconds // 60)} phút")
    for item in first:
        say(item.name, _label(item), item.unit or "—")


def _row(item: ReviewItem) -> dict[str, Any]:
    # Not whether it is of the sample: who knows that a machine is certain agrees with it sooner.
    return {
        "item": item.name,
        "dossier": item.dossier,
        "page": item.page,
        "field": item.field,
        "unit": item.unit,
        "scanner": item.scanner,
        "since": item.since.isoformat(),
    }


def _report(store: ReviewQueue, *, as_json: bool) -> None:
    audited(Verb.LIST, act="review report")
    rates = error_rates(store.counts())
    if as_json:
        say_json([{**rate._asdict(), "rate": rate.rate} for rate in rates])
        return
    for rate in rates:
        name = label_of(rate.name) if rate.by == "field" else rate.name or "—"
        told = "chưa có" if not rate.looked_at else _percent(rate.rate)
        within = f"[{_percent(rate.low)}; {_percent(rate.high)}]"
        say(_GROUPS[rate.by], name, f"sai {rate.wrong}/{rate.looked_at}", told, within)


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %".replace(".", ",")

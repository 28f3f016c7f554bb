"""`sohoa duplicates`: lists papers and pages that the store holds twice; says that two are not."""

from __future__ import annotations

import argparse
from contextlib import suppress

from flows.commands.audited import acting, audited, operator
from flows.commands.dossiers.changed import publish_and_print
from flows.commands.dossiers.show import record_of
from flows.terminal import say, say_json
from flows.wiring import archive, duplicates, index
from pipeline import corrections
from pipeline.audit import Verb
from pipeline.corrections import PageSeen
from pipeline.duplicates.found import MOST_PAIRS, DuplicateSide, DuplicatesNow, row_of
from pipeline.duplicates.told import tell_search
from pipeline.errors import CorrectionRefusedError, ServiceUnavailableError
from pipeline.model import DuplicateKind
from pipeline.versions import Act

RECORDS = (Verb.LIST, Verb.VIEW, Verb.CORRECT)

_WHY = {
    DuplicateKind.PAPER: "cùng số, ký hiệu, ngày, nơi ban hành",
    DuplicateKind.PAGE: "trang gần giống",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "dossier", metavar="HỒ_SƠ", nargs="?", help="id hoặc mã hồ sơ; không có: cả kho"
    )
    parser.add_argument("--limit", metavar="N", type=int, default=MOST_PAIRS, help="nhiều nhất N")
    parser.add_argument(
        "--apart",
        metavar="TRANG",
        type=int,
        help="trang này của HỒ_SƠ, hay giấy tờ nó bắt đầu, không phải bản trùng của --of",
    )
    parser.add_argument(
        "--of", metavar="HỒ_SƠ:TRANG", default="", help="trang kia, như danh sách ghi"
    )
    parser.add_argument("--reason", metavar="LÝ_DO", default="", help="lý do, ghi vào lịch sử")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Compare what is new in the store, then list, or note that two are no duplicates.

    Raises:
        CorrectionRefusedError: there is no such page, or ``--of`` is missing.
        DuplicatesUnavailableError: the index of duplicates is away.
        ObjectMissingError: there is no such dossier.
        WithheldError: one of the dossiers is withheld.
    """
    if args.apart is not None:
        return _set_apart(args)
    from flows.upkeep.duplicates import Comparing  # noqa: PLC0415 — it loads OpenCV

    dossier = record_of(args.dossier, as_json=args.json).dossier.id if args.dossier else ""
    Comparing(archive(), duplicates()).refresh()
    _tell_search()
    limit = max(1, args.limit)
    pairs = duplicates().find(dossier, limit) if dossier else duplicates().all(limit)
    found = list(DuplicatesNow(archive()).holding(pairs))
    sides = [side.record.dossier.id for each in found for side in (each.one, each.other)]
    audited(Verb.LIST, what="duplicates", found=len(found))
    for looked_at in dict.fromkeys(sides):
        audited(Verb.VIEW, dossier=looked_at)
    if args.json:
        say_json([row_of(each) for each in found])
        return 0
    for each in found:
        say(_WHY[each.kind], _told(each.one), "↔", _told(each.other))
    if not found:
        say("Không thấy giấy tờ hay trang nào bị trùng.")
    return 0


def _tell_search() -> None:
    """Have the search index say what was found; where it is away, the watcher does so later."""
    with suppress(ServiceUnavailableError):
        tell_search(archive(), duplicates(), index)


def _told(side: DuplicateSide) -> str:
    dossier = side.record.dossier
    kind = dossier.documents[side.paper - 1].type if side.paper else ""
    return " · ".join(filter(None, (f"{dossier.id}:{side.page}", dossier.code, kind)))


def _set_apart(args: argparse.Namespace) -> int:
    name, sign, page = args.of.rpartition(":")
    if not args.dossier or not sign or not page.isascii() or not page.isdigit():
        raise CorrectionRefusedError(
            "Cần hồ sơ, trang (--apart) và trang kia (--of HỒ_SƠ:TRANG).",
            "Ví dụ: sohoa duplicates ID --apart 1 --of ID_KIA:2",
        )
    one = PageSeen(record_of(args.dossier, as_json=args.json).dossier.id, args.apart)
    other = PageSeen(record_of(name, as_json=args.json).dossier.id, int(page))
    with acting(Verb.CORRECT, dossier=one.dossier, page=one.page, not_duplicate_of=other.dossier):
        act = Act(operator(), args.reason)
        record = corrections.set_apart(one, other, archive(), act)
    publish_and_print([record], "duplicates", as_json=args.json)
    return 0

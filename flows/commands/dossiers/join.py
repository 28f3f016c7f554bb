"""`sohoa join`: says whether a later drop of the same code belongs to its dossier, and how."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from flows.commands.audited import acting, operator
from flows.commands.dossiers.changed import publish_and_print
from flows.commands.dossiers.show import record_of
from flows.wiring import archive
from pipeline import corrections
from pipeline.audit import Verb
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Record
from pipeline.versions import Act

RECORDS = (Verb.JOIN, Verb.SEPARATE)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("dossier", metavar="HỒ_SƠ", help="id của hồ sơ tới sau")
    parser.add_argument(
        "--into",
        metavar="HỒ_SƠ",
        help="id hoặc mã của hồ sơ nhận; không có: hồ sơ cùng mã đã được đề nghị",
    )
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument(
        "--replace-file", metavar="TÊN", help="tệp mới thay cho tệp này của hồ sơ nhận"
    )
    choice.add_argument(
        "--append", action="store_true", help="nối thêm các tệp mới vào cuối hồ sơ nhận"
    )
    choice.add_argument(
        "--separate",
        action="store_true",
        help="là hồ sơ khác, để riêng; tách lại nếu đã nhập",
    )
    parser.add_argument(
        "--seen", metavar="BẢN", type=int, help="bản của hồ sơ nhận mà bạn đã xem; báo nếu có đổi"
    )
    parser.add_argument("--reason", metavar="LÝ_DO", default="", help="lý do, ghi vào lịch sử")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Join a dossier to another one, or keep or take them apart; then bring both to the index.

    Raises:
        CorrectionRefusedError: the two cannot be joined or parted like this.
        JoinedError: one of them was joined to another dossier before.
        ObjectExistsError: somebody changed one of them meanwhile.
        ObjectMissingError: there is no such dossier.
        WithheldError: one of them is withheld.
    """
    act = Act(operator(), args.reason)
    newer = record_of(args.dossier, as_json=args.json)
    changed = _separate(newer, act) if args.separate else _join(newer, args, act)
    publish_and_print(changed, "join", as_json=args.json)
    return 0


def _separate(newer: Record, act: Act) -> list[Record]:
    older = newer.dossier.joined_into or newer.dossier.proposed_join or ""
    with _acting(Verb.SEPARATE, newer.dossier.id, older):
        if newer.dossier.joined_into:
            parted = corrections.part(newer.dossier.id, archive(), act)
            return [parted.older, parted.newer]
        return [corrections.separate(newer.dossier.id, archive(), act)]


def _join(newer: Record, args: argparse.Namespace, act: Act) -> list[Record]:
    dossier = newer.dossier
    proposed = dossier.joined_into or dossier.proposed_join
    older = record_of(args.into, as_json=args.json).dossier.id if args.into else proposed
    if older is None:
        raise CorrectionRefusedError(
            f"Hồ sơ {dossier.id} không chờ nhập vào hồ sơ nào.", "Nói rõ bằng --into."
        )
    replaced = args.replace_file or ""
    with _acting(Verb.JOIN, dossier.id, older):
        corrections.check_dossier_seen(older, args.seen, archive())
        joined = corrections.join(dossier.id, older, archive(), act, replaces=replaced)
    return [joined.older, joined.newer]


@contextmanager
def _acting(verb: Verb, newer: str, older: str) -> Iterator[None]:
    """Record what happens to two dossiers, at each of them."""
    with (
        acting(verb, dossier=newer, newer=newer, older=older),
        acting(verb, dossier=older, newer=newer, older=older) if older else nullcontext(),
    ):
        yield

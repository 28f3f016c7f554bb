"""`sohoa exchange`: sends dossiers to other software as messages, and takes its messages in."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.commands.audited import acting, audited
from flows.commands.dossiers.show import record_of
from flows.terminal import complain, say, say_json
from flows.wiring import archive, binder, exchange, settings, tools
from pipeline.access import may_hand_out
from pipeline.audit import Verb
from pipeline.errors import (
    ArchiveError,
    CorrectionRefusedError,
    JoinedError,
    WithheldError,
)
from pipeline.exchange import json_schema, send_dossier, take_message
from pipeline.exchange.incoming import Intake
from pipeline.exchange.messages import ExchangeReceipt, MessageAnswer, MessageRefusedError
from pipeline.model import Outcome
from pipeline.ports.exchange import Direction
from pipeline.private_files import private_root
from storage import new_dossier_id

RECORDS = (Verb.EXPORT, Verb.RECEIVE, Verb.LIST)

Do = Callable[[argparse.Namespace], int]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verbs and their arguments."""
    verbs = parser.add_subparsers(metavar="VIỆC", required=True, dest="verb")
    sending = _verb(verbs, "send", _send, "gửi hồ sơ đi: ghi bản tin vào exchange/out của kho")
    sending.add_argument("dossiers", metavar="HỒ_SƠ", nargs="*", help="id hoặc mã hồ sơ")
    sending.add_argument(
        "--all", action="store_true", help="mọi hồ sơ đã đọc trọn vẹn, phiên bản nào chưa gửi"
    )
    _verb(verbs, "take", _take, "nhận các bản tin đang chờ trong exchange/in của kho")
    _verb(verbs, "list", _list, "liệt kê bản tin đi, bản tin đến và trả lời")
    schema = verbs.add_parser("schema", help="in JSON Schema của bản tin và biên nhận")
    schema.set_defaults(do=_schema)


def run(args: argparse.Namespace) -> int:
    """Do what the verb says; 1 when a dossier was not sent or a message was not taken whole.

    Raises:
        JoinedError: the scans of a named dossier belong to another one now.
        ObjectMissingError: a name is no dossier's id or code.
        WithheldError: a named dossier is withheld.
    """
    do: Do = args.do
    return do(args)


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, do: Do, what: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=what, description=what)
    parser.set_defaults(do=do)
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")
    return parser


def _send(args: argparse.Namespace) -> int:
    if not args.dossiers and not args.all:
        complain("sohoa exchange send: nêu hồ sơ, hoặc --all.")
        return 2
    named = [record_of(name).dossier.id for name in args.dossiers]
    rows, failed = [_sent(dossier) for dossier in named], 0
    for dossier in _to_send() if args.all else ():
        try:
            rows.append(_sent(dossier))
        except (ArchiveError, WithheldError, JoinedError, CorrectionRefusedError) as error:
            failed += 1  # the others go out all the same
            complain(f"sohoa exchange: {dossier}: {error}")
    if args.json:
        say_json(rows)
    else:
        for row in rows:
            say(row["message"], "đã gửi" if row["is_new"] else "đã gửi từ trước")
    return int(failed > 0)


def _to_send() -> Iterator[str]:
    """Yield the dossiers that are complete, may be handed out, and were not sent as they are."""
    known = {identifier for identifier, _ in exchange().messages(Direction.OUT)}
    for dossier, sequence in archive().sequences():
        if f"{dossier}-{sequence:06d}" in known:
            continue
        record = archive().find_record(dossier)
        if record and may_hand_out(record) and record.dossier.outcome is Outcome.COMPLETE:
            yield dossier


def _sent(dossier: str) -> dict[str, Any]:
    with acting(Verb.EXPORT, dossier=dossier, to="exchange"):
        record = record_of(dossier)
        sender = settings().exchange.sender
        message, is_new = send_dossier(record, archive(), binder(), exchange(), sender)
    return {"message": message, "dossier": dossier, "is_new": is_new}


def _take(args: argparse.Namespace) -> int:
    waiting = [name for name, answered in exchange().messages(Direction.IN) if not answered]
    receipts, failed = list[ExchangeReceipt](), 0
    for identifier in waiting:
        try:
            receipts.append(_taken(identifier))
        except (ArchiveError, OSError) as error:
            failed += 1  # the others are taken all the same; this one stays
            complain(f"sohoa exchange: {identifier}: {error}")
    if args.json:
        say_json([json.loads(receipt.dump()) for receipt in receipts])
    else:
        for receipt in receipts:
            say(receipt.message, receipt.answer, receipt.dossier, "; ".join(receipt.reasons))
    not_whole = any(receipt.answer is not MessageAnswer.ACCEPTED for receipt in receipts)
    return int(failed > 0 or not_whole)


def _taken(identifier: str) -> ExchangeReceipt:
    dossier = new_dossier_id(datetime.now(UTC))
    intake = Intake(tools().archive, tools().reader, tools().index)
    root = private_root(settings().home)
    with (
        tempfile.TemporaryDirectory(prefix="exchange-", dir=root) as folder,
        acting(Verb.RECEIVE, dossier=dossier, message=identifier),
    ):
        receipt = take_message(identifier, dossier, exchange(), intake, Path(folder))
    if receipt.dossier != dossier:
        audited(Verb.LIST, dossier=receipt.dossier, message=identifier)
    return receipt


def _list(args: argparse.Namespace) -> int:
    audited(Verb.LIST, what="exchange")
    rows = [
        {"direction": str(direction), "message": identifier, **_answer(direction, identifier)}
        for direction in Direction
        for identifier, _ in exchange().messages(direction)
    ]
    if args.json:
        say_json(rows)
    else:
        for row in rows:
            say(row["direction"], row["message"], row["answer"] or "chưa trả lời")
        if not rows:
            say("Chưa gửi hay nhận thông điệp nào.")
    return 0


def _answer(direction: Direction, identifier: str) -> dict[str, Any]:
    """Return what a receipt says; those of other systems may be anything."""
    receipt = exchange().receipt(direction, identifier)
    if receipt is None:
        return {"answer": "", "dossier": "", "reasons": []}
    try:
        told = ExchangeReceipt.load(receipt, identifier)
    except MessageRefusedError as error:
        return {"answer": "unreadable", "dossier": "", "reasons": [str(error)]}
    return {"answer": str(told.answer), "dossier": told.dossier, "reasons": told.reasons}


def _schema(_: argparse.Namespace) -> int:
    say_json(json_schema())
    return 0

"""`sohoa withheld`: lists withheld dossiers; two people with accounts let one go."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from accounts import has_accounts, open_accounts
from flows.commands.audited import LOCAL, acting, audited
from flows.commands.dossiers.show import record_of
from flows.commands.people.user_words import ask_code, ask_password
from flows.terminal import complain, say, say_json
from flows.wiring import archive, index, settings
from pipeline import stages
from pipeline.access import withholding
from pipeline.audit import Verb
from pipeline.errors import CorrectionRefusedError, SearchUnavailableError
from pipeline.model import Account, Query, Record, Scope, SignInStep, Visitor
from pipeline.people import lifting
from pipeline.people.errors import SessionEndedError
from pipeline.people.scopes import HELD
from pipeline.ports import Accounts
from pipeline.ports.accounts import People

RECORDS = (Verb.LIST, Verb.LIFT)
_PAGE = 200  # dossiers that are asked of the index at a time


class LiftDecision(NamedTuple):
    """Who decides about which record, with the accounts."""

    record: Record
    account: Account
    people: People
    reason: str


Do = Callable[[LiftDecision], Record]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verbs and their arguments."""
    verbs = parser.add_subparsers(metavar="VIỆC", required=True, dest="verb")
    listing = verbs.add_parser("list", help="liệt kê hồ sơ giữ lại và đề nghị đang chờ")
    listing.set_defaults(do=None)
    listing.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")
    proposing = _verb(verbs, "propose-lift", _propose, "đề nghị bỏ giữ lại một hồ sơ")
    proposing.add_argument(
        "--reason", metavar="LÝ_DO", required=True, help="lý do, ghi vào lịch sử"
    )
    _verb(verbs, "approve", _approve, "duyệt đề nghị của người khác: hồ sơ được đọc và tìm thấy")
    _verb(verbs, "refuse", _refuse, "không chấp thuận đề nghị, hoặc rút đề nghị của mình")


def run(args: argparse.Namespace) -> int:
    """Do what the verb says.

    Raises:
        CorrectionRefusedError: there are no accounts, or it cannot be decided like this.
        ObjectExistsError: somebody changed the dossier or the proposal meanwhile.
        ObjectMissingError: there is no such dossier, or they may not know of it.
        SignInRefusedError: name, password or code are wrong.
        WithheldError: they may not decide it, as when they proposed it themselves.
    """
    if args.do is None:
        return _list(as_json=args.json)
    dossier = record_of(args.dossier).dossier.id
    with acting(Verb.LIFT, dossier=dossier, step=args.verb, subject=args.account):
        record = _decide(args, dossier)
    if record.dossier.outcome is not None:  # one that waits is published when it is read
        try:
            stages.publish(record, archive(), index())
        except SearchUnavailableError as error:
            complain(f"sohoa withheld: đã ghi, chỉ mục chưa theo kịp: {error}")
    row = _row(record) | {"action": record.action}
    if args.json:
        say_json(row)
    else:
        say(record.dossier.id, record.action, f"bản ghi {record.sequence}")
    return 0


def _decide(args: argparse.Namespace, dossier: str) -> Record:
    """Have the person sign in, and do it in their name; the session ends with the command."""
    where = settings().accounts, settings().home
    if not has_accounts(*where):
        raise CorrectionRefusedError(
            "Bỏ giữ lại cần hai người có tài khoản; chưa có tài khoản nào.",
            "Tạo tài khoản: sohoa user add TÊN --role secrecy",
        )
    do: Do = args.do
    with closing(open_accounts(*where)) as accounts, _signed_in(args, accounts) as account:
        record = stages.newest_record(dossier, archive())
        reason = getattr(args, "reason", "")
        return do(LiftDecision(record, account, accounts.people, reason))


@contextmanager
def _signed_in(args: argparse.Namespace, accounts: Accounts) -> Iterator[Account]:
    visitor = Visitor(LOCAL, "sohoa withheld")
    signed = accounts.sign_ins.sign_in(args.account, ask_password(args.password_file), visitor)
    try:
        if signed.session.step is SignInStep.CODE:
            code = args.code or ask_code()
            signed = accounts.sign_ins.enter_code(signed.secret, code, visitor)
        if signed.session.step is not SignInStep.DONE:
            raise SessionEndedError(
                "Tài khoản này chưa đăng nhập trọn vẹn lần nào.",
                "Đăng nhập phòng đọc một lần để đổi mật khẩu và đặt lớp bảo vệ thứ hai.",
            )
        yield signed.session.account
    finally:
        accounts.sessions.sign_out(signed.secret)


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, do: Do, what: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=what, description=what)
    parser.set_defaults(do=do)
    parser.add_argument("dossier", metavar="HỒ_SƠ", help="id hoặc mã hồ sơ")
    parser.add_argument("--account", metavar="TÊN", required=True, help="tài khoản của người làm")
    parser.add_argument(
        "--password-file", type=Path, metavar="TỆP", help="dòng đầu là mật khẩu; không có: hỏi"
    )
    parser.add_argument("--code", metavar="MÃ", help="mã của lớp bảo vệ thứ hai; không có: hỏi")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")
    return parser


def _propose(of: LiftDecision) -> Record:
    return lifting.propose(of.record.dossier.id, archive(), of.account, of.reason)


def _approve(of: LiftDecision) -> Record:
    dossier, seen = of.record.dossier.id, of.record.sequence
    return lifting.approve(dossier, archive(), of.people, of.account, seen=seen)


def _refuse(of: LiftDecision) -> Record:
    dossier, seen = of.record.dossier.id, of.record.sequence
    return lifting.refuse(dossier, archive(), of.account, seen=seen)


def _list(*, as_json: bool) -> int:
    audited(Verb.LIST, what="withheld")
    rows = [_row(record) for record in _withheld()]
    if as_json:
        say_json(rows)
        return 0
    for row in rows:
        waits = f"{row['proposed_by']} đề nghị bỏ: {row['proposal']}" if row["proposed_by"] else ""
        say(row["dossier"], row["since"], row["why"], waits)
    if not rows:
        say("Không hồ sơ nào bị giữ lại.")
    return 0


def _withheld() -> Iterator[Record]:
    """Yield the newest records of all withheld dossiers, as the index lists them."""
    held, offset = Scope(levels=frozenset({HELD})), 0
    while hits := index().find(Query("", limit=_PAGE, offset=offset, scope=held)).hits:
        for hit in hits:
            record = archive().find_record(hit.dossier)
            if record and withholding(record):
                yield record
        offset += len(hits)


def _row(record: Record) -> dict[str, object]:
    withheld, proposal = withholding(record), lifting.standing_proposal(record)
    return {
        "dossier": record.dossier.id,
        "sequence": record.sequence,
        "since": withheld.since.isoformat() if withheld else None,
        "why": withheld.why if withheld else "",
        "proposed_by": proposal.by if proposal else "",
        "proposal": proposal.why if proposal else "",
    }

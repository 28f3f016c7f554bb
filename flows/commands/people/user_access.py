"""The verbs of `sohoa user` about what opens the room: tokens of machines, sessions of people."""

from __future__ import annotations

import argparse
import secrets
from typing import Any

from flows.commands.audited import acting
from flows.commands.people.user_words import show_token
from flows.terminal import complain, say, say_json
from pipeline import clock, report
from pipeline.audit import Verb
from pipeline.model import Right, Session, TokenRequest
from pipeline.people.errors import AccountMissingError, AccountRefusedError
from pipeline.people.rights import TOKEN_RIGHTS
from pipeline.people.token_facts import token_facts
from pipeline.ports import Accounts


def token_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `sohoa user token`."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--scope",
        action="append",
        choices=sorted(map(str, TOKEN_RIGHTS)),
        help="quyền của token; nhiều lần thì nhiều quyền",
    )
    what.add_argument("--list", action="store_true", help="liệt kê token của tài khoản")
    what.add_argument("--revoke", metavar="ID", help="thu hồi token này")
    parser.add_argument(
        "--days", metavar="N", type=int, default=90, help="hạn dùng, nhiều nhất 90 ngày"
    )
    parser.add_argument(
        "--unit", action="append", metavar="ĐƠN_VỊ", help="chỉ đơn vị này trong phạm vi tài khoản"
    )
    parser.add_argument("--label", metavar="TÊN", default="", help="máy nào dùng")


def token(args: argparse.Namespace, accounts: Accounts) -> int:
    """Make a token and print it once; list or revoke those of an account."""
    if args.list:
        with acting(Verb.MANAGE, what="user tokens", subject=args.name):
            return tokens(args, accounts)
    return _revoke(args, accounts) if args.revoke else _make(args, accounts)


def _revoke(args: argparse.Namespace, accounts: Accounts) -> int:
    try:
        held = {each.id: each for each in accounts.tokens.of(args.name)}.get(args.revoke)
    except AccountMissingError:
        held = None
    facts: dict[str, Any] = {"what": "user token revoked", "subject": args.name}
    facts |= token_facts(held) if held else {"token": args.revoke}
    with acting(Verb.MANAGE, **facts):
        accounts.people.named(args.name)
        if held is None:
            raise AccountRefusedError(
                f"Tài khoản này không có token {args.revoke}.", "Xem: sohoa user tokens TÊN"
            )
        return int(not accounts.tokens.revoke(held.id))


def _make(args: argparse.Namespace, accounts: Accounts) -> int:
    units = frozenset(args.unit) if args.unit else None
    rights = frozenset(map(Right, args.scope))
    wanted = TokenRequest(rights, args.days, units, args.label, secrets.token_hex(8))
    facts: dict[str, Any] = {"what": "user token", "subject": args.name} | token_facts(wanted)
    with acting(Verb.MANAGE, **facts):
        made, text = accounts.tokens.make(args.name, wanted)
    if args.json:
        say_json(report.token(made) | {"token": text})
        return 0
    show_token(made)
    say(f"Token, chỉ hiện lần này: {text}")
    return 0


def tokens(args: argparse.Namespace, accounts: Accounts) -> int:
    """List the tokens of an account."""
    found = accounts.tokens.of(args.name)
    if args.json:
        say_json([report.token(each) for each in found])
        return 0
    for each in found:
        show_token(each)
    return 0


def sessions(args: argparse.Namespace, accounts: Accounts) -> int:
    """List where an account is signed in; end one session, or all."""
    account = accounts.people.named(args.name)
    living = accounts.sessions.of(account.id)
    if args.end is not None:
        if args.end and args.end not in {each.id for each in living}:
            complain(f"sohoa user: tài khoản này không có phiên {args.end}.")
            return 1
        ended = accounts.sessions.end(account.id, args.end)
        if args.json:
            say_json({"ended": ended})
        else:
            say(f"Đã kết thúc {ended} phiên.")
        return 0
    if args.json:
        say_json([_row(each) for each in living])
        return 0
    for each in living:
        seen = f"dùng lần cuối {clock.local(each.seen):%d/%m/%Y %H:%M}"
        say(each.id, each.address, seen, each.agent or "không rõ trình duyệt")
    if not living:
        say("Không đăng nhập ở đâu.")
    return 0


def _row(session: Session) -> dict[str, str]:
    moments = {"created": session.created, "seen": session.seen, "ends": session.ends}
    told = {name: moment.isoformat() for name, moment in moments.items()}
    return {"id": session.id, "address": session.address, "agent": session.agent, **told}

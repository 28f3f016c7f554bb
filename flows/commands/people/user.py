"""`sohoa user`: makes, lists, closes and resets the accounts of people, and their API tokens."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from accounts import first_password, open_accounts, replace_key
from flows.commands.audited import acting
from flows.commands.people.user_access import sessions, token, token_arguments, tokens
from flows.commands.people.user_words import read_password, show_account
from flows.terminal import say, say_json
from flows.wiring import settings
from pipeline import report
from pipeline.audit import Verb
from pipeline.model import Account, NewAccount, PersonRole, Scope
from pipeline.people.errors import AccountRefusedError
from pipeline.ports import Accounts

RECORDS = (Verb.MANAGE,)
Do = Callable[..., int]
EVERY = "*"  # as a unit, document type or level: all there are
NONE = "-"  # none of them, so no papers at all


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verbs and their arguments."""
    verbs = parser.add_subparsers(metavar="VIỆC", required=True, dest="verb")
    adding = _verb(verbs, "add", _add, "tạo tài khoản")
    _roles_and_scope(adding, is_required=True)
    _password_file(adding)
    _verb(verbs, "list", _list, "liệt kê tài khoản", needs_name=False)
    closing = _verb(verbs, "disable", _disable, "khóa tài khoản, chấm dứt mọi phiên")
    closing.add_argument("--undo", action="store_true", help="mở lại")
    resetting = _verb(verbs, "reset", _reset, "đặt mật khẩu khác, chấm dứt mọi phiên")
    _password_file(resetting)
    resetting.add_argument(
        "--second-factor", action="store_true", help="bỏ cả lớp bảo vệ thứ hai (mất điện thoại)"
    )
    changing = _verb(verbs, "roles", _roles, "xem hoặc thay vai trò và phạm vi")
    _roles_and_scope(changing, is_required=False)
    token_arguments(_verb(verbs, "token", token, "tạo, liệt kê, thu hồi token cho máy"))
    _verb(verbs, "tokens", tokens, "liệt kê token của tài khoản")
    ending = _verb(verbs, "sessions", sessions, "xem nơi đang đăng nhập, kết thúc phiên")
    ending.add_argument(
        "--end",
        metavar="ID",
        nargs="?",
        const="",
        help="kết thúc phiên này; không có ID: mọi phiên",
    )
    rekeying = _verb(verbs, "rekey", _rekey, "nhận khóa mới khi khóa cũ đã mất", needs_name=False)
    rekeying.add_argument("--yes", action="store_true", help="không hỏi lại", required=True)


def run(args: argparse.Namespace) -> int:
    """Do what the verb says.

    Raises:
        AccountMissingError: nobody has this name.
        AccountRefusedError: the name, roles or token are not allowed.
        AccountsUnavailableError: the database of accounts is away.
        AuditUnavailableError: it cannot be recorded, and is not done.
        WeakPasswordError: the password is too short or too common.
    """
    do: Do = args.do
    if do is token:  # it records itself, once it knows which token
        return _do(do, args)
    with acting(Verb.MANAGE, what=f"user {args.verb}", subject=getattr(args, "name", "")):
        return _do(do, args)


def _do(do: Do, args: argparse.Namespace) -> int:
    if do is _rekey:  # opening would refuse the new key
        return _rekey(args)
    with closing(open_accounts(settings().accounts, settings().home)) as accounts:
        return do(args, accounts)


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    do: Do,
    what: str,
    *,
    needs_name: bool = True,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=what, description=what)
    parser.set_defaults(do=do)
    if needs_name:
        parser.add_argument("name", metavar="TÊN", help="tên đăng nhập")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")
    return parser


def _roles_and_scope(parser: argparse.ArgumentParser, *, is_required: bool) -> None:
    parser.add_argument(
        "--role",
        action="append",
        choices=list(map(str, PersonRole)),
        required=is_required,
        help="vai trò; nhiều lần thì nhiều vai trò",
    )
    keeps = f"không có: tất cả; «{EVERY}» cũng là tất cả" if is_required else "không có: giữ như cũ"
    for option, what in (
        ("--unit", "đơn vị"),
        ("--document-type", "loại giấy tờ"),
        ("--level", "mức tiếp cận"),
    ):
        metavar = what.upper().replace(" ", "_")
        parser.add_argument(
            option,
            action="append",
            metavar=metavar,
            help=f"chỉ {what} này; {keeps}; «{NONE}»: không {what} nào",
        )


def _password_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-file",
        type=Path,
        metavar="TỆP",
        help="dòng đầu là mật khẩu; không có: tạo ngẫu nhiên, in một lần, phải đổi khi đăng nhập",
    )


def _add(args: argparse.Namespace, accounts: Accounts) -> int:
    password = read_password(args.password_file)
    scope = _scope(args, Scope())
    new = NewAccount(args.name, frozenset(map(PersonRole, args.role)), scope)
    first = password or first_password()
    account = accounts.people.add(new, first, must_change=not password)
    _tell(args, account, "" if password else first, "Đã tạo")
    return 0


def _list(args: argparse.Namespace, accounts: Accounts) -> int:
    rows = [
        (account, len(accounts.sessions.of(account.id))) for account in accounts.people.everyone()
    ]
    if args.json:
        say_json([report.account(account) | {"sessions": count} for account, count in rows])
        return 0
    for account, count in rows:
        show_account(account, f"{count} phiên")
    if not rows:
        say("Chưa có tài khoản nào. Tạo người quản trị: sohoa user add TÊN --role admin")
    return 0


def _disable(args: argparse.Namespace, accounts: Accounts) -> int:
    account = accounts.people.set_disabled(args.name, is_disabled=not args.undo)
    _tell(args, account, "", "Đã mở lại" if args.undo else "Đã khóa")
    return 0


def _reset(args: argparse.Namespace, accounts: Accounts) -> int:
    password = read_password(args.password_file)
    first = password or first_password()
    account = accounts.people.reset(
        args.name,
        first,
        must_change=not password,
        forgets_second_factor=args.second_factor,
    )
    _tell(args, account, "" if password else first, "Đã đặt lại")
    return 0


def _roles(args: argparse.Namespace, accounts: Accounts) -> int:
    account = accounts.people.named(args.name)
    if not (args.role or args.unit or args.document_type or args.level):
        _tell(args, account, "", "Tài khoản")
        return 0
    roles = frozenset(map(PersonRole, args.role)) if args.role else account.roles
    scope, held = _scope(args, account.scope), (account.roles, account.scope)
    changed = accounts.people.set_roles(args.name, roles, scope, held)
    _tell(args, changed, "", "Đã thay")
    return 0


def _rekey(args: argparse.Namespace) -> int:
    count = replace_key(settings().accounts, settings().home)
    if args.json:
        say_json({"second_factors_forgotten": count})
    else:
        say(f"Đã nhận khóa mới; {count} người phải đặt lại lớp bảo vệ thứ hai.")
    return 0


def _scope(args: argparse.Namespace, before: Scope) -> Scope:
    """Return the scope that the options ask for; what they do not name stays as it was."""

    def chosen(given: list[str] | None, kept: frozenset[str] | None) -> frozenset[str] | None:
        if not given:
            return kept
        if len(set(given)) > 1 and {EVERY, NONE} & set(given):
            raise AccountRefusedError(
                f"«{EVERY}» (tất cả) và «{NONE}» (không cái nào) không đi cùng tên khác.",
                "Bỏ một trong hai rồi chạy lại.",
            )
        if EVERY in given:
            return None
        return frozenset(given) - {NONE}

    return Scope(
        chosen(args.unit, before.units),
        chosen(args.document_type, before.document_types),
        chosen(args.level, before.levels),
    )


def _tell(args: argparse.Namespace, account: Account, password: str, done: str) -> None:
    if args.json:
        say_json(report.account(account) | {"password": password or None})
        return
    show_account(account, done)
    if password:
        say(f"Mật khẩu lần đầu, chỉ hiện lần này, phải đổi khi đăng nhập: {password}")

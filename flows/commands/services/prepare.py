"""`sohoa prepare`: make bucket, index, roles, accounts and their tables; again changes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from accounts import prepare_accounts, prepare_role
from flows.commands.audited import audited
from flows.commands.upkeep.checklist import print_checks
from flows.terminal import say_json
from flows.wiring import settings
from owners import PART as OWNERS
from owners import prepare_owners
from pipeline.audit import Verb
from pipeline.errors import MisconfiguredError
from pipeline.model import Check
from pipeline.roles import Role, account_of
from search import prepare_index, role_of
from storage import policy, prepare_store

RECORDS = (Verb.MANAGE,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--accounts",
        type=Path,
        metavar="THƯ_MỤC",
        help="thư mục tệp mật khẩu: minio_<vai trò>, elasticsearch_<vai trò>; không có: không "
        "đụng đến tài khoản",
    )
    parser.add_argument(
        "--open-destroyer",
        action="store_true",
        help="cho tài khoản tiêu hủy đăng nhập; không có: khóa lại",
    )
    parser.add_argument(
        "--show", action="store_true", help="in quyền của từng vai trò (JSON), không sửa gì"
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Make what is missing and say what was done; 1 when something could not be made."""
    if args.show:
        say_json(_roles())
        return 0
    roles = args.accounts is not None
    audited(Verb.MANAGE, act="prepare", accounts=int(roles), destroyer=int(args.open_destroyer))
    checks = tuple(_done(args.accounts, opens_destroyer=args.open_destroyer))
    print_checks(checks, as_json=args.json)
    return int(not all(check.is_well for check in checks))


def _done(accounts: Path | None, *, opens_destroyer: bool) -> Iterator[Check]:
    chosen = settings()
    yield from prepare_store(
        chosen.storage, _secrets(accounts, "minio"), opens_destroyer=opens_destroyer
    )
    yield from prepare_index(
        chosen.search, _secrets(accounts, "elasticsearch"), opens_destroyer=opens_destroyer
    )
    yield from prepare_accounts(chosen.accounts, chosen.home)
    admin = chosen.accounts.admin_url
    yield from prepare_role(OWNERS, chosen.owners.url.get_secret_value(), admin)
    yield from prepare_owners(chosen.owners, chosen.home)
    if chosen.storage.kind == "disk" and chosen.search.kind != "elasticsearch":
        yield Check("kho và chỉ mục", f"nằm trong {chosen.home}, tự tạo khi cần")


def _secrets(folder: Path | None, server: str) -> dict[Role, str]:
    """Read what each role signs in with, from the files of a folder that are there.

    Raises:
        MisconfiguredError: the folder or a file in it cannot be read.
    """
    if folder is None:
        return {}
    paths = {role: folder / f"{server}_{role}" for role in Role}
    try:
        if not folder.is_dir():
            raise NotADirectoryError(folder)
        read = {
            role: path.read_text("utf-8").strip() for role, path in paths.items() if path.exists()
        }
    except (OSError, UnicodeDecodeError) as error:
        raise MisconfiguredError(
            f"Không đọc được mật khẩu trong {folder} ({type(error).__name__}).",
            "Kiểm tra thư mục và quyền đọc; `deploy/make-secrets` tạo các tệp này.",
        ) from error
    return {role: secret for role, secret in read.items() if secret}


def _roles() -> dict[str, dict[str, object]]:
    bucket, alias = settings().storage.bucket, settings().search.index
    return {
        role.value: {
            "minio": {"account": account_of(role, bucket), "policy": policy(role, bucket)},
            "elasticsearch": {"account": account_of(role, alias), "role": role_of(role, alias)},
        }
        for role in Role
    }

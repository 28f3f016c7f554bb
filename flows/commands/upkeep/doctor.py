"""`sohoa doctor`: checks every part and prints remedies; `sohoa doctor reconcile` compares them."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from accounts import check_accounts, has_people
from flows.commands.upkeep import reconcile
from flows.commands.upkeep.checklist import print_checks
from flows.terminal import say_text
from flows.upkeep.address_checks import check_addresses
from flows.upkeep.pool_checks import check_prefect
from flows.upkeep.private_checks import check_private_files
from flows.wiring import archive, index, settings, spool_of
from ocr import check_engine, check_sandbox
from owners import PART as OWNERS
from owners import check_owners
from pipeline.errors import SohoaError
from pipeline.model import Check, Query
from search import check_index
from storage import check_store, has_auditor_key

RECORDS = ()  # shows no paper
LOW_SPACE = 2 * 1024**3  # bytes: about a day's scanning of a small office


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=["reconcile"],
        help="đối chiếu thư mục, vùng đệm, kho, hàng đợi và chỉ mục; không sửa gì",
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")
    parser.add_argument("--settings", action="store_true", help="in cả cấu hình (che bí mật)")


def run(args: argparse.Namespace) -> int:
    """Check all parts; 1 when one needs a remedy, or differs from another."""
    if args.what:
        return reconcile.run(as_json=args.json)
    checks = tuple(_checks())
    print_checks(checks, as_json=args.json)
    if args.settings:
        say_text(settings().model_dump_json(indent=1))
    return int(not all(check.is_well for check in checks))


def _checks() -> Iterator[Check]:
    yield from check_engine(settings().reading)
    yield check_sandbox()
    yield _home()
    yield from check_store(settings().storage)
    yield _store()
    yield from check_index(settings().search, settings().home)
    yield _index()
    yield from _owners()
    for folder in settings().watched_folders:
        yield _folder(folder)
    yield _audit()
    yield from check_private_files(settings().home, settings().watched_folders)
    yield from check_accounts(settings().accounts, settings().home)
    is_peopled = has_people(settings().accounts, settings().home)
    yield from check_addresses(settings().web, has_accounts=is_peopled)
    yield from check_prefect(settings())


def _home() -> Check:
    home = settings().home
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    remedy = "" if free > LOW_SPACE else "Giải phóng ổ đĩa hoặc chuyển SOHOA_HOME sang ổ khác."
    return Check("ổ đĩa", f"{home}: còn trống {free / 1024**3:.1f} GiB", remedy)


def _store() -> Check:
    try:
        queued = archive().queued()
    except SohoaError as error:
        return Check("kho", error.message, error.remedy)
    return Check("kho", f"{len(queued)} hồ sơ đang chờ")


def _index() -> Check:
    try:
        total = index().find(Query("", limit=1)).total
    except SohoaError as error:
        return Check("chỉ mục", error.message, error.remedy)
    return Check("chỉ mục", f"{total} hồ sơ tìm được")


def _owners() -> Iterator[Check]:
    chosen = settings()
    if chosen.storage.kind != "disk" and not chosen.owners.url.get_secret_value():
        yield Check(
            OWNERS,
            "mỗi tiến trình có kho riêng, chỉ biết giấy tờ do chính nó đưa vào",
            "Đặt SOHOA_OWNERS__URL và SOHOA_OWNERS__KEY như nhau trên mọi máy dùng chung kho.",
        )
        return
    yield from check_owners(chosen.owners, chosen.home)


def _audit() -> Check:
    chosen = settings()
    if has_auditor_key(chosen.audit, chosen.home):
        return Check("nhật ký truy cập", "chữ đã gõ được khóa cho kiểm toán viên")
    how = "`sohoa audit keys TỆP` tạo khóa"
    return Check("nhật ký truy cập", f"chữ đã gõ chỉ được băm, không ai đọc lại được; {how}")


def _folder(folder: Path) -> Check:
    name = f"thư mục {folder}"
    if not folder.is_dir() and not settings().watch.folders:
        return Check(name, "chưa có; `sohoa watch` tự tạo")
    if not folder.is_dir():
        return Check(name, "chưa có", "Gắn lại ổ chia sẻ, hoặc tạo thư mục.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Check(name, "không đủ quyền đọc và ghi", f"Chạy: chmod u+rwx {folder}")
    same = spool_of(folder).parent == settings().home
    return Check(name, "cùng ổ với kho" if same else "khác ổ với kho, vùng đệm nằm tại chỗ", "")

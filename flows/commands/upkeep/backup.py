"""`sohoa backup`: copies the embedded form into a folder of backups, only what is new."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.commands.audited import audited
from flows.terminal import say, say_json
from flows.wiring import settings
from pipeline.audit import Verb
from pipeline.errors import StorageUnavailableError
from pipeline.operation.notes import BackupNote, read_note, write_note
from storage.backup import (
    DATABASES,
    BackupFolder,
    BackupSource,
    MadeBackup,
    make_backup,
)

RECORDS = (Verb.MANAGE,)
KEPT = 30  # backups; the objects that they share are never removed
_ALWAYS = (
    "tệp còn nằm trong thư mục theo dõi và vùng đệm, chưa vào kho (kể cả _bien_nhan, _loi)",
    "sohoa.toml và biến môi trường SOHOA_…, có thể có mật khẩu: chép riêng",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "folder", metavar="THƯ_MỤC", type=Path, help="nơi để các bản sao lưu, nên ở ổ hoặc máy khác"
    )
    parser.add_argument(
        "--keys", metavar="THƯ_MỤC", type=Path, help="để khóa ở đây, không cùng bản sao lưu"
    )
    parser.add_argument(
        "--keep", metavar="N", type=_count, default=KEPT, help=f"giữ N bản mới nhất ({KEPT})"
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Back up; 1 when an object of the store is gone or damaged.

    Raises:
        BackupRefusedError: the folder cannot be used as asked.
        StorageUnavailableError: the disk does not give or take the files.
    """
    audited(Verb.MANAGE, act="backup")
    folder = BackupFolder(args.folder)
    try:
        made = make_backup(_source(), folder, args.keys, args.keep)
        _note(made, folder)
    except OSError as error:
        raise StorageUnavailableError(
            f"Sao lưu chưa xong ({error.strerror}).",
            "Kiểm tra ổ đĩa còn chỗ, còn quyền ghi rồi chạy lại; phần đã chép được dùng tiếp.",
        ) from error
    except sqlite3.Error as error:
        raise StorageUnavailableError(
            f"Sao lưu chưa xong: cơ sở dữ liệu không chép được ({error}).",
            "Chạy lại sau; nếu vẫn lỗi: `sohoa doctor`.",
        ) from error
    if args.json:
        say_json(_row(made, folder))
    else:
        _show(made, folder, args.keys)
    return int(bool(made.damaged))


def _source() -> BackupSource:
    chosen = settings()
    lacks, databases = list(_ALWAYS), list(DATABASES)
    has_store = chosen.storage.kind == "disk"
    if not has_store:
        lacks.append("kho trong bucket: dùng `mc mirror` hoặc replication (docs/operating.md)")
    if chosen.accounts.url.get_secret_value():
        lacks.append("tài khoản trên PostgreSQL: `pg_dump --schema=sohoa_accounts`")
        databases = [
            name for name in databases if name not in {"accounts.sqlite3", "review.sqlite3"}
        ]
    if chosen.owners.url.get_secret_value():
        lacks.append(
            "kho dữ liệu của tổ chức, cá nhân trên PostgreSQL: lập lại bằng `sohoa reindex`"
        )
        databases.remove("owners.sqlite3")
    return BackupSource(chosen.home, version("sohoa"), has_store, tuple(databases), tuple(lacks))


def _note(made: MadeBackup, folder: BackupFolder) -> None:
    before = read_note(settings().home, BackupNote) or BackupNote()
    note = replace(
        before,
        at=made.header.made,
        name=made.header.name,
        folder=str(folder.path),
        objects=made.header.objects,
        damaged=len(made.damaged),
    )
    write_note(settings().home, note)


def _row(made: MadeBackup, folder: BackupFolder) -> dict[str, Any]:
    header = made.header
    return {
        "name": header.name,
        "folder": str(folder.path),
        "dossiers": header.dossiers,
        "objects": header.objects,
        "new_objects": made.new_objects,
        "bytes": header.bytes,
        "new_bytes": made.new_bytes,
        "damaged": list(made.damaged),
        "removed": list(made.removed),
        "keys": sorted(header.keys),
        "keys_apart": header.keys_apart,
        "same_disk": _is_on_same_disk(folder),
        "open_to_others": folder.is_open_to_others,
        "lacks": list(header.lacks),
    }


def _is_on_same_disk(folder: BackupFolder) -> bool:
    return folder.path.stat().st_dev == settings().home.stat().st_dev


def _show(made: MadeBackup, folder: BackupFolder, keys_folder: Path | None) -> None:
    header = made.header
    say(f"Đã sao lưu: bản {header.name} trong {folder.path}")
    say(
        f"{header.dossiers} hồ sơ, {header.objects} đối tượng, {header.bytes / 1e6:.1f} MB; "
        f"chép thêm {made.new_objects} đối tượng, {made.new_bytes / 1e6:.1f} MB."
    )
    if header.keys_apart and keys_folder:
        say(f"Khóa ({len(header.keys)}): để riêng ở {keys_folder / header.name}")
    else:
        where = folder.path / "sets" / header.name / "keys"
        say(f"Khóa ({len(header.keys)}): nằm cùng bản sao lưu, {where}")
        say("  Ai đọc được bản sao lưu thì dùng được khóa. Để riêng: --keys THƯ_MỤC.")
    for lack in header.lacks:
        say(f"Không có trong bản sao lưu: {lack}.")
    if _is_on_same_disk(folder):
        say("! Bản sao lưu ở cùng ổ đĩa với kho: hỏng ổ là mất cả hai.")
    if folder.is_open_to_others:
        say("! Người dùng khác của máy vào được thư mục này; ổ này không đóng được (0700).")
    for key in made.damaged:
        say(f"✗ Không sao lưu được, hỏng hoặc mất trong kho: {key}. Chạy `sohoa verify`.")
    if made.removed:
        say(f"Đã bỏ {len(made.removed)} bản cũ; đối tượng dùng chung vẫn giữ.")
    free = shutil.disk_usage(folder.path).free
    say(f"Nơi sao lưu còn {free / 1024**3:.1f} GiB. Thử khôi phục: sohoa restore THƯ_MỤC --check")


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("phải là số nguyên từ 1 trở lên")
    return int(text)

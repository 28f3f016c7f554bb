"""Checks the database of accounts for `sohoa doctor`, and makes its tables for `sohoa prepare`."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from accounts.database import FILE, Database, open_database
from accounts.install import check_key
from accounts.keys import key_file, load_keys
from accounts.rows import account_of
from accounts.schema import REVISION, SCHEMA, accounts
from accounts.upgrade import revision_of, upgrade
from pipeline.errors import SohoaError
from pipeline.model import Account, Check, PersonRole
from pipeline.settings import AccountSettings

_PART = "tài khoản"
_NOBODY = "chưa có; phòng đọc chỉ mở cho máy này, ai cũng xem được"
_FIRST = "Tạo người quản trị đầu tiên: sohoa user add TÊN --role admin"


def check_database(settings: AccountSettings, home: Path) -> Iterator[Check]:
    """Yield how the database is: its version, its people, and who can read its files.

    Args:
        settings: where it is.
        home: the folder of the embedded one and of the key.
    """
    is_served = bool(settings.url.get_secret_value())
    if not is_served and not (home / FILE).exists():
        yield Check(_PART, _NOBODY)
        return
    try:
        with closing(open_database(settings, home)) as database:
            yield from _versions(database)
            yield from _people(database)
    except SohoaError as error:
        yield Check(_PART, error.message, error.remedy)
    for path in (home / FILE, key_file(home)):
        yield from _mode(path)


def prepare_database(settings: AccountSettings, home: Path) -> Iterator[Check]:
    """Make schema, tables and key, and yield what was done.

    Args:
        settings: where the database is.
        home: the folder of the key, unless the settings name one.
    """
    try:
        with closing(open_database(settings, home)) as database:
            upgrade(database)
            check_key(database, load_keys(settings, home))
    except SohoaError as error:
        yield Check(_PART, error.message, error.remedy)
    else:
        yield Check(_PART, f"schema {SCHEMA}, bước {REVISION}")


def _versions(database: Database) -> Iterator[Check]:
    with database.reading() as connection:
        found = revision_of(connection, is_served=database.is_served)
    if found > REVISION:
        yield Check(
            _PART,
            f"cơ sở dữ liệu ở bước {found}, phiên bản này biết đến {REVISION}",
            "Cài lại phiên bản mới của Sohoa, hoặc khôi phục bản sao lưu trước khi nâng cấp.",
        )
    elif found != REVISION:
        yield Check(_PART, "cơ sở dữ liệu chưa có bảng", "Chạy: sohoa prepare, rồi sohoa user add")


def _people(database: Database) -> Iterator[Check]:
    with database.reading() as connection:
        if revision_of(connection, is_served=database.is_served) != REVISION:
            return
        everyone = [account_of(row) for row in connection.execute(select(accounts))]
    if not everyone:
        yield Check(_PART, _NOBODY)
        return
    yield from _counted([each for each in everyone if not each.is_disabled])


def _counted(people: list[Account]) -> Iterator[Check]:
    admins = [each for each in people if PersonRole.ADMIN in each.roles]
    detail = f"{len(people)} người dùng được, {len(admins)} người quản trị"
    yield Check(_PART, detail, "" if admins else _FIRST)
    if waiting := [each for each in people if each.must_change_password]:
        yield Check(_PART, f"{len(waiting)} người chưa đổi mật khẩu lần đầu")


def _mode(path: Path) -> Iterator[Check]:
    """Yield a check when others can read a file that is ours alone."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Check(_PART, f"người dùng khác đọc được {path}", f"Chạy: chmod 600 {path}")

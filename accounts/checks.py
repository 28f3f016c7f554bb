"""Checks the database of accounts for `sohoa doctor`; makes its role and tables for `prepare`."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, select

from accounts.database import FILE, Database, open_database, postgres_url
from accounts.install import check_key
from accounts.keys import key_file, load_keys
from accounts.rows import account_of
from accounts.schema import REVISION, SCHEMA, accounts
from accounts.upgrade import revision_of, upgrade
from pipeline.errors import AccountsUnavailableError, SohoaError
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


def has_people(settings: AccountSettings, home: Path) -> bool | None:
    """Tell whether anybody has an account, without making or bringing up to date any table.

    Args:
        settings: where the database is.
        home: the folder of the embedded one.

    Returns:
        None where the database does not answer, or is of another version.
    """
    if not settings.url.get_secret_value() and not (home / FILE).exists():
        return False
    try:
        with closing(open_database(settings, home)) as database, database.reading() as connection:
            if revision_of(connection, is_served=database.is_served) != REVISION:
                return None
            return connection.execute(select(accounts).limit(1)).first() is not None
    except SohoaError:
        return None


def prepare_database(settings: AccountSettings, home: Path) -> Iterator[Check]:
    """Make role, database, schema, tables and key, and yield what was done.

    Role and database are made where the settings name an account that may (``admin_url``).

    Args:
        settings: where the database is.
        home: the folder of the key, unless the settings name one.
    """
    try:
        if settings.admin_url:
            yield from _make_role(_PART, settings.url.get_secret_value(), settings.admin_url)
        with closing(open_database(settings, home)) as database:
            upgrade(database)
            check_key(database, load_keys(settings, home))
    except SohoaError as error:
        yield Check(_PART, error.message, error.remedy)
    else:
        yield Check(_PART, f"schema {SCHEMA}, bước {REVISION}")


def prepare_role(part: str, url: str, admin_url: str) -> Iterator[Check]:
    """Make a role and its database in PostgreSQL, where an administrator is named; never raises.

    Args:
        part: the part that they are for, as checks name it.
        url: the address with the role's password; empty: there is nothing to make.
        admin_url: the address of an account that may make roles; empty: somebody made them.
    """
    if not url.strip() or not admin_url:
        return
    try:
        yield from _make_role(part, url, admin_url)
    except SohoaError as error:
        yield Check(part, error.message, error.remedy)


def _make_role(part: str, named: str, admin_url: str) -> Iterator[Check]:
    """Make the role and the database that the address names; who owns them already changes nothing.

    The role is an ordinary one: it owns its database, which nobody else enters, and may not enter
    that of the administrator.
    """
    wanted = postgres_url(named)
    if _may_enter(wanted):
        return
    admin = postgres_url(admin_url)
    role, name = sql.Identifier(wanted.username or ""), sql.Identifier(wanted.database or "")
    password = sql.Literal(wanted.password or "")
    try:
        with psycopg.connect(_plain(admin), autocommit=True, connect_timeout=10) as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [wanted.username]
            ).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, password))
            there = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [wanted.database]
            ).fetchone()
            make = (
                "GRANT CREATE, CONNECT ON DATABASE {1} TO {0}"
                if there
                else ("CREATE DATABASE {1} OWNER {0}")
            )
            connection.execute(sql.SQL(make).format(role, name))
            close = "REVOKE CONNECT ON DATABASE {} FROM PUBLIC"
            for closed in {admin.database or "", wanted.database or ""}:
                connection.execute(sql.SQL(close).format(sql.Identifier(closed)))
    except psycopg.Error as error:
        why = str(error).partition("\n")[0].strip().rstrip(".")
        raise AccountsUnavailableError(
            f"Không tạo được người dùng PostgreSQL {wanted.username} ({why}).",
            "Kiểm tra SOHOA_ACCOUNTS__ADMIN_URL và tệp mật khẩu của nó (PGPASSFILE).",
        ) from error
    yield Check(part, f"người dùng {wanted.username}, cơ sở dữ liệu {wanted.database}")


def _may_enter(url: URL) -> bool:
    try:
        psycopg.connect(_plain(url), connect_timeout=10).close()
    except psycopg.Error:
        return False
    return True


def _plain(url: URL) -> str:
    """Return an address as libpq takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


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

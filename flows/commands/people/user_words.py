"""Lines about accounts and tokens for the terminal, in Vietnamese; reads password files."""

from __future__ import annotations

from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from flows.terminal import say
from pipeline import clock
from pipeline.errors import MisconfiguredError
from pipeline.model import Account, ApiToken, Scope
from pipeline.people.rights import ROLE_NAMES, needs_second_factor, rights_of

_LONGEST_FILE = 4096  # bytes of a password file that are read


def show_account(account: Account, note: str) -> None:
    """Print an account on one line.

    Args:
        account: the account.
        note: the words on what was done with it, or on what else is known.
    """
    roles = ", ".join(f"{role} ({ROLE_NAMES[role]})" for role in sorted(account.roles))
    say(account.name, roles, _scope_words(account.scope), *_states(account), note)


def show_token(token: ApiToken) -> None:
    """Print a token on one line, without what opens anything."""
    until = f"đến {clock.local(token.ends):%d/%m/%Y}"
    used = f"dùng lần cuối {clock.local(token.used):%d/%m/%Y %H:%M}" if token.used else "chưa dùng"
    state = ["đã thu hồi"] if token.is_revoked else []
    rights = ", ".join(sorted(rights_of(token))) or "không còn quyền nào"
    say(token.id, rights, _scope_words(token.scope), until, used, token.label, *state)


def _states(account: Account) -> list[str]:
    told = {
        "bị khóa": account.is_disabled,
        "phải đổi mật khẩu": account.must_change_password,
        "chưa có lớp bảo vệ thứ hai": needs_second_factor(account.roles)
        and not account.has_second_factor,
    }
    return [words for words, holds in told.items() if holds]


def _scope_words(scope: Scope) -> str:
    named = {
        "đơn vị": scope.units,
        "loại giấy tờ": scope.document_types,
        "mức": scope.levels,
    }
    limits = [
        f"{what} {', '.join(sorted(values)) or 'không có'}"
        for what, values in named.items()
        if values is not None
    ]
    return "; ".join(limits) or "mọi đơn vị"


def ask_password(path: Path | None) -> str:
    """Return the first line of a file, or what somebody types at the terminal.

    Raises:
        MisconfiguredError: the file cannot be read or is empty, or there is no terminal.
    """
    return read_password(path) or _typed(getpass, "Mật khẩu: ", "--password-file")


def ask_code() -> str:
    """Return the code of the second factor as somebody types it. Raises as ``ask_password``."""
    return _typed(input, "Mã xác nhận 6 chữ số: ", "--code")


def _typed(ask: Callable[[str], str], what: str, option: str) -> str:
    try:
        return ask(what)
    except EOFError as error:
        raise MisconfiguredError(
            "Không có màn hình nào để hỏi.", f"Dùng {option} khi chạy từ chương trình khác."
        ) from error


def read_password(path: Path | None) -> str:
    """Return the first line of a file; empty when none is named.

    Raises:
        MisconfiguredError: it cannot be read, or its first line is empty.
    """
    if path is None:
        return ""
    try:
        with path.open("rb") as file:
            line = file.read(_LONGEST_FILE).decode("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise MisconfiguredError(
            f"Không đọc được tệp mật khẩu {path} ({type(error).__name__}).",
            "Kiểm tra đường dẫn và quyền đọc; tệp là chữ UTF-8.",
        ) from error
    if not line:
        raise MisconfiguredError(f"Dòng đầu của {path} trống.", "Ghi mật khẩu vào dòng đầu.")
    return line

"""Basic authentication of Prefect's API: finds or makes its secret, and checks that it is asked.

Imports nothing of Prefect, which reads the secret from the environment when it is imported.
"""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path

import httpx

from pipeline.errors import MisconfiguredError

CLIENT_VARIABLE = "PREFECT_API_AUTH_STRING"
SERVER_VARIABLE = "PREFECT_SERVER_API_AUTH_STRING"
FILE_NAME = "api.secret"  # in the folder of a home's server, beside api.url
_client = httpx.Client()  # one for all: setting up its TLS costs 50 ms of processor time


class Access(Enum):
    """Whether a Prefect API asks for a secret, and takes the one it is given."""

    GUARDED = auto()  # it asks, and ours is right
    REFUSED = auto()  # it asks, and ours is wrong or missing
    OPEN = auto()  # it answers anybody
    AWAY = auto()  # it does not answer


def given_secret(variable: str = CLIENT_VARIABLE) -> str:
    """Return the secret in a variable, or in the file that ``<variable>_FILE`` names.

    Args:
        variable: the variable's name.

    Returns:
        The secret without surrounding white space; empty when none is given.

    Raises:
        MisconfiguredError: the file cannot be read.
    """
    if value := os.environ.get(variable, "").strip():
        return value
    named = os.environ.get(f"{variable}_FILE", "")
    if not named:
        return ""
    try:
        return Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MisconfiguredError(
            f"Không đọc được tệp khóa {named} của {variable}_FILE.",
            "Kiểm tra đường dẫn và quyền đọc của tệp đó.",
        ) from error


def home_secret(home: Path) -> str:
    """Return the secret of the server of a home; the first call makes it, at random.

    Args:
        home: the folder of the server's files.

    Raises:
        OSError: the folder cannot be written.
    """
    path = home / FILE_NAME
    if not path.exists():
        _make(path)
    return path.read_text(encoding="utf-8").strip()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = path.with_name(f".{FILE_NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    # Prefect wants "name:password".
    arriving.touch(mode=0o600)
    arriving.write_text(f"sohoa:{secrets.token_urlsafe(32)}\n", encoding="utf-8")
    with suppress(FileExistsError):  # of two that make it at once, the first one's holds
        path.hardlink_to(arriving)
    arriving.unlink()


def secret_for(home: Path) -> str:
    """Return the secret for the API in use: of a server elsewhere, or of this home.

    Args:
        home: the folder of the files of this home's server.

    Returns:
        The secret; empty when ``PREFECT_API_URL`` names a server and none is given for it.

    Raises:
        MisconfiguredError: the file that was named for it cannot be read.
    """
    return given_secret() if os.environ.get("PREFECT_API_URL") else home_secret(home)


def authorization(secret: str) -> dict[str, str]:
    """Return the header that carries the secret (RFC 7617), as Prefect's own client sends it."""
    token = base64.b64encode(secret.encode()).decode()
    return {"Authorization": f"Basic {token}"} if secret else {}


def access(url: str, secret: str, timeout: float = 5.0) -> Access:
    """Ask an API for its version, without and with the secret, and tell how it took that.

    Args:
        url: the address of the API, without a slash at its end.
        secret: the secret that it should ask for.
        timeout: seconds to wait for each answer.
    """
    try:
        to_anybody = _status(url, {}, timeout)
        to_us = _status(url, authorization(secret), timeout) if secret else to_anybody
    except httpx.HTTPError:
        return Access.AWAY
    if to_anybody == httpx.codes.OK:
        return Access.OPEN
    if to_anybody != httpx.codes.UNAUTHORIZED:  # a proxy whose server is away
        return Access.AWAY
    return Access.GUARDED if to_us == httpx.codes.OK else Access.REFUSED


def _status(url: str, headers: dict[str, str], timeout: float) -> int:
    return _client.get(f"{url}/version", headers=headers, timeout=timeout).status_code


def require_secret() -> None:
    """Refuse to go on without a secret for Prefect's API, whose callers have code run here.

    Raises:
        MisconfiguredError: ``PREFECT_API_URL`` names a server and no secret is given for it.
    """
    if not os.environ.get(CLIENT_VARIABLE):
        raise MisconfiguredError(
            "Chưa có khóa của máy chủ Prefect: ai gọi được nó thì chạy được lệnh trên máy đọc.",
            f"Đặt {CLIENT_VARIABLE} (hoặc {CLIENT_VARIABLE}_FILE) đúng bằng {SERVER_VARIABLE} "
            "của máy chủ đó; xem docs/operating.md, «Prefect».",
        )


def require_guarded(url: str) -> None:
    """Refuse a Prefect API that answers anybody, or does not take our secret.

    Args:
        url: the address of the API; one that does not answer now is not refused.

    Raises:
        MisconfiguredError: it is open, or the secret is missing or wrong.
    """
    require_secret()
    if complaint := complaint_about(access(url, os.environ[CLIENT_VARIABLE]), url):
        raise MisconfiguredError(*complaint)


def complaint_about(found: Access, url: str) -> tuple[str, str] | None:
    """Return what is wrong with an API and the remedy, in words for the operator.

    Args:
        found: how the API took calls without and with the secret.
        url: its address.
    """
    if found is Access.OPEN:
        return (
            f"Máy chủ Prefect tại {url} trả lời cả khi không có khóa.",
            f"Đặt {SERVER_VARIABLE} cho máy chủ đó rồi khởi động lại nó; "
            f"đặt {CLIENT_VARIABLE} giống vậy ở đây.",
        )
    if found is Access.REFUSED:
        return (
            f"Máy chủ Prefect tại {url} không nhận khóa của máy này.",
            f"Đặt {CLIENT_VARIABLE} (hoặc {CLIENT_VARIABLE}_FILE) đúng bằng {SERVER_VARIABLE} "
            "của máy chủ đó.",
        )
    return None

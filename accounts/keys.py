"""Derives the keys of accounts from one secret: a file of the home (0600), or a setting.

Second factors are encrypted, and names, recovery codes and known devices are marked, so that the
database alone gives none of them away. Loss and rotation: docs/operating.md, "KeyRing".
"""

from __future__ import annotations

import base64
import hmac
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipeline.errors import AccountsUnavailableError, MisconfiguredError
from pipeline.private_files import read_or_make_secret
from pipeline.settings import AccountSettings

FOLDER, NAME = "keys", "accounts"  # in the home
_SHORTEST = 32  # characters of a key that is given


class KeyRing:
    """KeyRing for different purposes, so that one says nothing of another (HKDF, RFC 5869)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._made: dict[str, bytes] = {}
        self._fernet = Fernet(base64.urlsafe_b64encode(self._derived("second factors")))

    @property
    def fingerprint(self) -> str:
        """What tells this key from another one without giving it away."""
        return self.mark("fingerprint", "")

    def mark(self, purpose: str, text: str) -> str:
        """Return the HMAC-SHA256 of a text, hexadecimal; equal texts have equal marks."""
        return hmac.new(self._derived(purpose), text.encode(), sha256).hexdigest()

    def seal(self, text: str) -> str:
        """Return a text encrypted and authenticated."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Return a text that ``seal`` encrypted.

        Raises:
            MisconfiguredError: another key encrypted it, or somebody changed it.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise foreign_key() from error

    def _derived(self, purpose: str) -> bytes:
        if purpose not in self._made:
            info = f"sohoa accounts: {purpose}".encode()
            made = HKDF(SHA256(), length=32, salt=None, info=info).derive(self._secret)
            self._made[purpose] = made
        return self._made[purpose]


def load_keys(settings: AccountSettings, home: Path) -> KeyRing:
    """Return the keys of the settings, or of the home; the first call makes those at random.

    Raises:
        MisconfiguredError: the key is too short, or its file cannot be read or made.
        AccountsUnavailableError: the disk is full or read-only when it is made.
    """
    if given := settings.key.get_secret_value().strip():
        if len(given) < _SHORTEST:
            raise MisconfiguredError(
                f"SOHOA_ACCOUNTS__KEY ngắn hơn {_SHORTEST} ký tự.",
                "Tạo khóa mới: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        return KeyRing(given.encode())
    fresh = base64.urlsafe_b64encode(secrets.token_bytes(32))
    return KeyRing(read_or_make_secret(key_file(home), fresh, AccountsUnavailableError))


def key_file(home: Path) -> Path:
    """Return where the key of a home lies."""
    return home / FOLDER / NAME


def foreign_key() -> MisconfiguredError:
    """Return the error of a database that was written with another key."""
    return MisconfiguredError(
        "Khóa của tài khoản không phải khóa mà cơ sở dữ liệu này đã dùng.",
        "Chép lại tệp keys/accounts (hoặc SOHOA_ACCOUNTS__KEY) từ bản sao lưu; mất hẳn thì chạy "
        "`sohoa user rekey`: mọi người phải đặt lại lớp bảo vệ thứ hai.",
    )

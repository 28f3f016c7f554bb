"""Loads the key of the hash of owners' numbers: a setting, or a file of the home (0600).

An identity number has twelve digits of which few are free, so a hash without a key would be undone
by trying all. Whoever has the database alone learns no number and can look up none. A key that is
lost costs nothing but `sohoa reindex`.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from pipeline.errors import MisconfiguredError, OwnersUnavailableError
from pipeline.private_files import read_or_make_secret
from pipeline.settings import OwnerSettings

FOLDER, NAME = "keys", "owners"  # in the home
_SHORTEST = 32  # characters of a key that is given


def load_key(settings: OwnerSettings, home: Path) -> bytes:
    """Return the key of the settings, or of the home; the first call makes that at random.

    Raises:
        MisconfiguredError: the key is too short, or its file cannot be read or made.
        OwnersUnavailableError: the disk is full or read-only when it is made.
    """
    if given := settings.key.get_secret_value().strip():
        if len(given) < _SHORTEST:
            raise MisconfiguredError(
                f"SOHOA_OWNERS__KEY ngắn hơn {_SHORTEST} ký tự.",
                "Tạo khóa mới: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        return given.encode()
    path = home / FOLDER / NAME
    key = read_or_make_secret(path, secrets.token_hex(32).encode(), OwnersUnavailableError)
    if len(key) < _SHORTEST:
        raise MisconfiguredError(
            f"Tệp khóa {path} không đủ dài.", "Xóa tệp này rồi chạy `sohoa reindex`."
        )
    return key

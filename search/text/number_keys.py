"""Loads the key that hashes numbers of people in the index: a setting, or a file of the home."""

from __future__ import annotations

import secrets
from pathlib import Path

from pipeline.errors import MisconfiguredError
from pipeline.private_files import create_secret
from pipeline.settings import SearchSettings
from search.text.hidden_numbers import NumberHash

FOLDER, NAME = "keys", "index-numbers.key"  # in the home
_SHORTEST = 32  # characters of a key that is given


def number_hash(settings: SearchSettings, home: Path) -> NumberHash:
    """Return what hashes numbers; the key is read or made when the first one is hashed.

    Args:
        settings: their ``key`` comes before that of the home.
        home: the folder that holds ``keys/``.

    Raises:
        MisconfiguredError: when it is first needed: it is too short, or cannot be read or made.
    """
    return NumberHash(lambda: _key(settings.key.get_secret_value().strip(), home / FOLDER / NAME))


def given_fingerprint(settings: SearchSettings) -> str:
    """Return what tells the key of the settings from others; empty where they have none."""
    return number_hash(settings, Path()).fingerprint if settings.key.get_secret_value() else ""


def _key(given: str, path: Path) -> bytes:
    if given:
        return _checked(given.encode(), "SOHOA_SEARCH__KEY")
    try:
        if not path.exists():
            create_secret(path, secrets.token_urlsafe(32).encode() + b"\n")
        return _checked(path.read_bytes().strip(), str(path))
    except OSError as error:
        raise MisconfiguredError(
            f"Không đọc hoặc tạo được tệp khóa {path} ({error.strerror}).",
            "Kiểm tra quyền của thư mục keys, hoặc chép lại từ bản sao lưu.",
        ) from error


def _checked(key: bytes, place: str) -> bytes:
    if len(key) < _SHORTEST:
        raise MisconfiguredError(
            f"Khóa của chỉ mục trong {place} ngắn hơn {_SHORTEST} ký tự.",
            "Chép lại khóa cũ, hoặc xóa tệp, để khóa mới được tạo và chỉ mục được dựng lại.",
        )
    return key

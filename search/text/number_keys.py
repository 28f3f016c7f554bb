"""Loads the key that hashes numbers of people in the index: a setting, or a file of the home."""

from __future__ import annotations

import secrets
from pathlib import Path

from pipeline.errors import MisconfiguredError, SearchUnavailableError
from pipeline.private_files import read_or_make_secret
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
        SearchUnavailableError: the disk is full or read-only when it is made.
    """
    return NumberHash(lambda: _key(settings.key.get_secret_value().strip(), home / FOLDER / NAME))


def given_fingerprint(settings: SearchSettings) -> str:
    """Return what tells the key of the settings from others; empty where they have none."""
    return number_hash(settings, Path()).fingerprint if settings.key.get_secret_value() else ""


def _key(given: str, path: Path) -> bytes:
    if given:
        return _checked(given.encode(), "SOHOA_SEARCH__KEY")
    fresh = secrets.token_urlsafe(32).encode()
    return _checked(read_or_make_secret(path, fresh, SearchUnavailableError), str(path))


def _checked(key: bytes, place: str) -> bytes:
    if len(key) < _SHORTEST:
        raise MisconfiguredError(
            f"Khóa của chỉ mục trong {place} ngắn hơn {_SHORTEST} ký tự.",
            "Chép lại khóa cũ, hoặc xóa tệp, để khóa mới được tạo và chỉ mục được dựng lại.",
        )
    return key

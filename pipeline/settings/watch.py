"""Settings of the watched folders, and what all groups of settings have in common."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePath
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_MOST = 10**15  # of anything counted: bytes, pages
_MOST_SECONDS = 10**6  # poll(2) waits 24 days at most


class Group(BaseModel):
    """Settings that belong together; a name that is none of them is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_files_of_secrets(cls, values: Any) -> Any:
        """Leave out ``<secret>_file``, which names the file that ``SecretFiles`` reads."""
        if not isinstance(values, dict):
            return values
        fields = cls.model_fields.items()
        files = {f"{name}_file" for name, field in fields if field.annotation is SecretStr}
        return {name: value for name, value in values.items() if name not in files}

    @model_validator(mode="before")
    @classmethod
    def _without_empty_paths(cls, values: Any) -> Any:
        """Take an empty path for none: compose files pass variables on that nobody set."""
        if not isinstance(values, dict):
            return values
        optional = {name for name, field in cls.model_fields.items() if field.default is None}
        return {name: value for name, value in values.items() if value or name not in optional}

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        """Refuse control characters and numbers that no server, clock or file system takes."""
        for name, value in self:
            check_plain(name, value)
            _check_bounds(name, value)
        return self


def check_plain(name: str, value: object) -> None:
    """Check that texts hold no control characters. Raises ``ValueError``.

    Args:
        name: the name of the setting.
        value: its value; only texts, paths, secrets and lists of them are looked at.
    """
    if isinstance(value, list):
        for each in value:
            check_plain(name, each)
        return
    if isinstance(value, Path):  # names of files may hold anything but this
        if "\0" in str(value):
            raise ValueError(f"{name} holds a NUL")
        return
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        raise ValueError(f"{name} holds a control character, or bytes that are no UTF-8")


def _check_bounds(name: str, value: object) -> None:
    """Check that a number can be counted or waited for. Raises ``ValueError``."""
    most = _MOST_SECONDS if isinstance(value, float) else _MOST
    if isinstance(value, int | float) and not abs(value) <= most:  # nan is neither
        raise ValueError(f"{name} is more than {most:,}")


class WatchSettings(Group):
    """Watched folders."""

    folders: list[Path] = Field(
        default=[], description="Watched folders; empty means <home>/inbox."
    )
    standing: list[str] = Field(
        default=[],
        description="Subfolders of them that stay, as patterns; each file in them is a drop.",
    )
    shown_as: list[str] = Field(
        default=[],
        description="What people's machines call the watched folders, in the same order.",
    )
    settle_seconds: float = Field(
        default=2.0, ge=0, description="Quiet time before a file is taken."
    )
    share_settle_seconds: float = Field(
        default=30.0,
        ge=0,
        description="The same where nobody can tell whether a file is still being written.",
    )
    poll_seconds: float = Field(
        default=0.5, gt=0, description="Time between two looks at the folders."
    )
    torn_seconds: float = Field(
        default=20.0,
        ge=0,
        description="A file that stays incomplete this long is refused as cut off.",
    )
    grace_seconds: float = Field(
        default=20.0,
        ge=0,
        description="How long a taken file is kept and checked, in case somebody still writes.",
    )
    receivers: int = Field(
        default=2, ge=1, le=64, description="Drops that are received at the same time."
    )

    @field_validator("standing")
    @classmethod
    def _are_relative(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            parts = PurePath(pattern).parts
            if not parts or pattern.startswith("/") or ".." in parts or "**" in parts[:-1]:
                raise ValueError(f"{pattern!r} is no path below a watched folder, ** at its end")
        return patterns

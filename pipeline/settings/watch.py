"""Settings of the watched folders, and what all groups of settings have in common."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator


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


class WatchSettings(Group):
    """Watched folders."""

    folders: list[Path] = Field(
        default=[], description="Watched folders; empty means <home>/inbox."
    )
    standing: list[str] = Field(
        default=[],
        description="Subfolders of them that stay, as patterns; each file in them is a drop.",
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
    receivers: int = Field(default=2, ge=1, description="Drops that are received at the same time.")

    @field_validator("standing")
    @classmethod
    def _are_relative(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            parts = PurePath(pattern).parts
            if not parts or pattern.startswith("/") or ".." in parts or "**" in parts[:-1]:
                raise ValueError(f"{pattern!r} is no path below a watched folder, ** at its end")
        return patterns

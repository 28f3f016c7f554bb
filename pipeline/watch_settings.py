"""Settings of the watched folders, and what all groups of settings have in common."""

from __future__ import annotations

from pathlib import Path, PurePath

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Group(BaseModel):
    """Settings that belong together; a name that is none of them is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


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

    @field_validator("standing")
    @classmethod
    def _are_relative(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            parts = PurePath(pattern).parts
            if not parts or pattern.startswith("/") or ".." in parts or "**" in parts[:-1]:
                raise ValueError(f"{pattern!r} is no path below a watched folder, ** at its end")
        return patterns

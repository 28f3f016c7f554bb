"""All settings, read once at the door: sohoa.toml, then SOHOA_* in the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import get_origin

from pydantic import Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from pipeline import clock
from pipeline.errors import MisconfiguredError
from pipeline.settings.groups import (
    ReadingSettings,
    RunSettings,
    SearchSettings,
    StorageSettings,
)
from pipeline.settings.people import (
    AccountSettings,
    AlertSettings,
    AuditSettings,
    OwnerSettings,
    PrivacySettings,
    ReviewSettings,
)
from pipeline.settings.room import ExchangeSettings, WebSettings
from pipeline.settings.secret_files import SecretFiles
from pipeline.settings.watch import Group, WatchSettings, check_plain

__all__ = [
    "AccountSettings",
    "AlertSettings",
    "AuditSettings",
    "ExchangeSettings",
    "Group",
    "OwnerSettings",
    "PrivacySettings",
    "ReadingSettings",
    "ReviewSettings",
    "RunSettings",
    "SearchSettings",
    "Settings",
    "StorageSettings",
    "WatchSettings",
    "WebSettings",
    "load_settings",
]

UPLOADS = "uploads"  # folder of the home, for files that came over the network
_HOW_TO_FIX = "Sửa trong sohoa.toml hoặc biến môi trường SOHOA_…; xem docs/operating.md."
_LIST_EXAMPLE = """SOHOA_WATCH__FOLDERS='["/srv/quet"]'"""


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix="SOHOA_", env_nested_delimiter="__", toml_file="sohoa.toml", extra="ignore"
    )

    home: Path = Field(
        Path.home() / ".sohoa",
        description="Folder of the embedded form: store, index, spool, inbox.",
    )
    timezone: str = Field(
        default=clock.DEFAULT,
        description="The office's time zone: receipts, pages and tables are dated by it.",
    )
    watch: WatchSettings = WatchSettings()
    reading: ReadingSettings = ReadingSettings()
    storage: StorageSettings = StorageSettings()
    search: SearchSettings = SearchSettings()
    runs: RunSettings = RunSettings()
    web: WebSettings = WebSettings()
    accounts: AccountSettings = AccountSettings()
    audit: AuditSettings = AuditSettings()
    owners: OwnerSettings = OwnerSettings()
    privacy: PrivacySettings = PrivacySettings()
    exchange: ExchangeSettings = ExchangeSettings()
    review: ReviewSettings = ReviewSettings()
    alerts: AlertSettings = AlertSettings()

    @field_validator("home")
    @classmethod
    def _is_path(cls, home: Path) -> Path:
        check_plain("home", home)
        return home

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if not clock.is_zone(name):
            raise ValueError("no time zone of the IANA data base")
        return name

    @property
    def watched_folders(self) -> list[Path]:
        """The watched folders, the default one included."""
        return self.watch.folders or [self.home / "inbox"]

    @property
    def intake_folders(self) -> list[Path]:
        """The folders that drops come from: those watched, and the one of uploads once it is."""
        uploads = self.home / UPLOADS
        return [*self.watched_folders, *([uploads] if uploads.is_dir() else [])]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over files of secrets over sohoa.toml over defaults."""
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, SecretFiles(settings_cls), toml


def load_settings() -> Settings:
    """Read sohoa.toml of the working folder and the environment.

    Raises:
        MisconfiguredError: a setting is unknown or has a value that makes no sense, or sohoa.toml
            is no TOML; the message names the setting, for whoever runs the command.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"SOHOA_{'__'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise MisconfiguredError(f"Cấu hình sai: {wrong}.", _HOW_TO_FIX) from error
    except SettingsError as error:
        raise MisconfiguredError(
            f"Cấu hình không đọc được: {', '.join(_not_json())}.",
            f"Danh sách viết dạng JSON, ví dụ {_LIST_EXAMPLE}.",
        ) from error
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise MisconfiguredError(f"Tệp sohoa.toml sai: {error}.", _HOW_TO_FIX) from error
    except OSError as error:
        raise MisconfiguredError(
            f"Không đọc được tệp sohoa.toml ({error.strerror}).", "Kiểm tra quyền đọc của tệp."
        ) from error
    clock.set_zone(settings.timezone)
    return settings


def _not_json() -> list[str]:
    """Return the variables that must be JSON and are not: groups as a whole, lists and maps."""
    groups = {f"SOHOA_{name}".upper(): field for name, field in Settings.model_fields.items()}
    asked = [name for name, field in groups.items() if hasattr(field.annotation, "model_fields")]
    for name in tuple(asked):
        inner = getattr(groups[name].annotation, "model_fields", {})
        asked += [f"{name}__{each}".upper() for each in inner if _is_list(inner[each])]
    return [name for name in asked if not _is_json(os.environ.get(name, "null"))]


def _is_list(field: FieldInfo) -> bool:
    return get_origin(field.annotation) in {list, dict}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True

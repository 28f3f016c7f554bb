"""All settings, read once at the door: sohoa.toml, then SOHOA_* in the environment."""

from __future__ import annotations

from pathlib import Path
from tomllib import TOMLDecodeError

from pydantic import Field, ValidationError, field_validator
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
    AccountSettings,
    AuditSettings,
    ReadingSettings,
    RunSettings,
    SearchSettings,
    StorageSettings,
    WebSettings,
)
from pipeline.settings.secret_files import SecretFiles
from pipeline.settings.watch import Group, WatchSettings

__all__ = [
    "AccountSettings",
    "AuditSettings",
    "Group",
    "ReadingSettings",
    "RunSettings",
    "SearchSettings",
    "Settings",
    "StorageSettings",
    "WatchSettings",
    "WebSettings",
    "load_settings",
]

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
            f"Cấu hình không đọc được ({error}).",
            f"Danh sách viết dạng JSON, ví dụ {_LIST_EXAMPLE}.",
        ) from error
    except TOMLDecodeError as error:
        raise MisconfiguredError(f"Tệp sohoa.toml sai: {error}.", _HOW_TO_FIX) from error
    clock.set_zone(settings.timezone)
    return settings

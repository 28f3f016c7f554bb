"""Settings of people's accounts, and of the audit log that says what they did."""

from __future__ import annotations

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from pipeline.model import PersonRole
from pipeline.settings.watch import Group

_SHORTEST_KEY = 32  # characters; 16 bytes of chance in hexadecimal


class AccountSettings(Group):
    """Accounts of people, and how they sign in."""

    url: SecretStr = Field(
        default=SecretStr(""),
        description="postgresql://user:password@host/database; empty: a file in the home.",
    )
    admin_url: str = Field(
        default="",
        description="postgresql://user@host/database of an account that may make roles; for `sohoa "
        "prepare` alone. Its password comes from PGPASSFILE.",
    )
    key: SecretStr = Field(
        default=SecretStr(""),
        description="Encrypts second factors, marks known devices; empty: a file in the home.",
    )
    idle_minutes: float = Field(
        default=30.0, gt=0, description="Time without a request after which a session ends."
    )
    session_hours: float = Field(
        default=12.0, gt=0, le=24, description="Time after which a session ends anyway."
    )
    hash_memory_mib: int = Field(
        default=64, ge=19, le=1024, description="argon2id: memory for one password, MiB."
    )
    hash_passes: int = Field(
        default=3, ge=2, le=20, description="argon2id: passes over that memory."
    )
    hashes_at_once: int = Field(
        default=2, ge=2, le=64, description="Passwords compared at the same time in a process."
    )
    oidc_issuer: str = Field(
        default="", description="OpenID provider of the office, its https address; empty: none."
    )
    oidc_client_id: str = Field(default="", description="Name of the reading room there.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Its secret there; better as a file."
    )
    oidc_name: str = Field(
        default="tài khoản cơ quan", description="What the button on the sign-in page calls it."
    )
    oidc_groups_claim: str = Field(
        default="groups", description="Claim of the ID token that lists somebody's groups."
    )
    oidc_roles: dict[str, PersonRole] = Field(
        default={}, description="Group of the provider -> role here; without one nobody enters."
    )
    oidc_units: dict[str, str] = Field(
        default={},
        description="Group of the provider -> unit whose papers it sees, '*' for all; empty: "
        "everybody sees all units until an administrator says otherwise.",
    )

    @model_validator(mode="after")
    def _names_a_provider(self) -> Self:
        url = urlsplit(self.oidc_issuer)
        is_local = url.hostname in {"127.0.0.1", "localhost", "::1"}
        if self.oidc_issuer and not (
            url.hostname and (url.scheme == "https" or (url.scheme == "http" and is_local))
        ):
            raise ValueError("oidc_issuer must be an https address")
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("oidc_client_id is missing")
        return self


class OwnerSettings(Group):
    """The index of whose papers lie where."""

    url: SecretStr = Field(
        default=SecretStr(""),
        description="postgresql://user:password@host/database; empty: a file in the home.",
    )
    key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of the hash of numbers of owners, 32 characters or more; empty: one of "
        "the home's own. All processes that share the index share it.",
    )


class PrivacySettings(Group):
    """Masking of personal data."""

    masked_whole: list[str] = Field(
        default=[
            "Thẻ căn cước",
            "Thẻ căn cước công dân",
            "Giấy chứng minh nhân dân",
            "Giấy phép lái xe",
            "Phiếu lý lịch tư pháp",
        ],
        description="Document types of which nothing is shown to whoever may not unmask.",
    )


class ReviewSettings(Group):
    """The review queue."""

    sample: float = Field(
        default=0.02,
        ge=0,
        le=1,
        description="Share of certain fields that people look at as well, for quality control.",
    )
    lease_minutes: float = Field(
        default=10.0, gt=0, description="Time that a person has for an item; then it is free again."
    )


class AuditSettings(Group):
    """The audit log."""

    seal_minutes: float = Field(
        default=60.0, gt=0, description="Age at which what was recorded is sealed and stored."
    )
    words_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of the hash of typed words, 32 characters or more; empty: one of the "
        "home's own. Reading rooms that share it hash equal words equally.",
    )
    public_key: Path | None = Field(
        default=None,
        description="The auditor's public key (PEM); none: the one that `sohoa audit keys` made.",
    )
    handed_out_an_hour: int = Field(
        default=50, ge=1, description="Alarm: originals, PDFs and exports of one account an hour."
    )
    foreign_units_an_hour: int = Field(
        default=1, ge=1, description="Alarm: views of a foreign unit's papers an hour."
    )
    failed_sign_ins_an_hour: int = Field(
        default=10, ge=1, description="Alarm: failed sign-ins of an account or address an hour."
    )

    @model_validator(mode="after")
    def _is_long_enough(self) -> Self:
        key = self.words_key.get_secret_value()
        if key and len(key) < _SHORTEST_KEY:
            raise ValueError(f"words_key needs {_SHORTEST_KEY} characters or more")
        return self


class AlertSettings(Group):
    """What operators are told without asking."""

    urls: SecretStr = Field(
        default=SecretStr(""),
        description="Where alerts go, addresses of Apprise parted by spaces or as a JSON list: "
        "mailto://…, tgram://…, json://…. They carry passwords: better as a file.",
    )

"""The settings of the reading room, and of messages to other software."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from pipeline.settings.watch import Group


class WebSettings(Group):
    """The reading room."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8600, ge=1, le=65535, description="Port to listen on.")
    names: list[str] = Field(
        default=["127.0.0.1", "localhost"],
        description="Host names visitors may use; any other is refused (against DNS rebinding).",
    )
    proxies: list[str] = Field(
        default=[],
        description="Addresses or networks of proxies whose X-Forwarded-… headers are believed.",
    )
    tls_certificate: Path | None = Field(
        default=None, description="PEM file with the certificate chain; then https is served."
    )
    tls_key: Path | None = Field(default=None, description="PEM file with its private key.")
    api_calls_a_minute: int = Field(
        default=600, ge=1, le=1_000_000, description="Calls of the API that one token may make."
    )
    api_address_calls_a_minute: int = Field(
        default=1_200, ge=1, le=1_000_000, description="The same from one network address."
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="Bearer token that /metrics asks callers of other machines for; empty: only "
        "programs of this machine get it.",
    )
    lookups_a_minute: int = Field(
        default=30,
        ge=1,
        le=10_000,
        description="How often one account, or its token, may look a person up by number or name.",
    )
    upload_mib: int = Field(
        default=200, ge=1, le=100_000, description="Largest upload through the API, MiB."
    )
    upload_files: int = Field(
        default=200, ge=1, le=10_000, description="Most files of one upload through the API."
    )

    part_upload_mib: int = Field(
        default=4_096, ge=1, le=1_000_000, description="Largest file sent in parts, MiB."
    )
    part_hours: float = Field(
        default=24.0, gt=0, description="Time after which a half-sent file is removed."
    )
    spare_mib: int = Field(default=1_024, ge=0, description="Space that uploads leave, MiB.")

    @model_validator(mode="after")
    def _has_both_files(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together")
        return self


class ExchangeSettings(Group):
    """How this system calls itself in messages to other software."""

    sender: str = Field(
        default="Sohoa",
        min_length=1,
        max_length=200,
        description="Name of this system and its unit in the messages of `sohoa exchange`.",
    )

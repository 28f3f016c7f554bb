"""The groups of settings, each with a description and a default for every setting."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from pipeline.settings.servers import (
    check_ascii,
    check_bucket,
    check_certificates,
    check_host,
    check_url,
)
from pipeline.settings.watch import Group


class ReadingSettings(Group):
    """How pages are read."""

    engine: Literal["auto", "tesserocr", "pytesseract"] = Field(
        default="auto",
        description="Tesseract in process where it can be imported, as a program otherwise.",
    )
    language: str = Field(default="vie", description="Tesseract language data.")
    second_opinion: Literal["auto", "off"] = Field(
        default="auto",
        description="Doubtful words: auto reads them again with a second network, off does not.",
    )
    threads: int = Field(
        default=os.cpu_count() or 1, ge=1, le=1024, description="Pages read at the same time."
    )
    page_seconds: float = Field(default=120.0, gt=0, description="Longest time for one page.")
    scan_seconds_a_page: float = Field(
        default=10.0,
        gt=0,
        description="Time of a whole file, for each of its pages; at least ten minutes a file.",
    )
    failed_pages: int = Field(
        default=20, ge=1, description="Pages of a file that may fail one after the other."
    )
    max_pixels: int = Field(
        default=200_000_000,
        gt=0,
        description="Largest page: 200 million pixels is A4 at 1,440 dpi.",
    )
    max_pages: int = Field(default=5_000, gt=0, description="Most pages in one file.")
    sandbox: Literal["best", "required"] = Field(
        default="best",
        description="required: files are opened only where the sandbox has no gaps.",
    )
    office: Literal["auto", "off"] = Field(
        default="auto",
        description="Word, Excel, e-mail: auto turns them into PDF where LibreOffice is installed.",
    )
    passwords_file: Path | None = Field(
        default=None,
        description="Passwords that locked PDFs may have, one a line; only its owner may read it.",
    )
    max_unpacked: int = Field(
        default=2_000_000_000, gt=0, description="Most bytes that the files in a file unpack to."
    )
    pdf_level: Literal["1b", "2b", "3b"] = Field(
        default="2b",
        description="PDF/A level of searchable PDFs.",
    )


class StorageSettings(Group):
    """Where originals, pages and records are kept."""

    kind: Literal["disk", "minio"] = Field(
        default="disk", description="disk: a folder; minio: a bucket of MinIO or any S3."
    )
    endpoint: str = Field(default="", description="minio: host and port, without http://.")
    access_key: str = Field(default="", description="minio: name to sign with.")
    secret_key: SecretStr = Field(default=SecretStr(""), description="minio: secret to sign with.")
    bucket: str = Field(default="sohoa", description="minio: bucket; it must exist.")
    secure: bool = Field(default=True, description="minio: speak TLS.")
    ca_file: Path | None = Field(
        default=None, description="minio: certificates of your own authority (PEM)."
    )
    timeout_seconds: float = Field(
        default=30.0, gt=0, description="minio: silence after which the store counts as away."
    )
    retention_days: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="minio: days an original is locked (governance); needs object lock. 0: not.",
    )
    audit_retention_days: int = Field(
        default=0,
        ge=0,
        description="minio: days a sealed segment of the audit log is locked (compliance: nobody "
        "can end it); needs object lock. 0: not.",
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        named = {"endpoint": self.endpoint, "access_key": self.access_key}
        named["secret_key"] = self.secret_key.get_secret_value()
        missing = [name for name, value in named.items() if not value]
        if self.kind == "minio" and missing:
            raise ValueError(f"kind = minio needs {', '.join(missing)}")
        if self.kind == "minio":
            check_host("endpoint", self.endpoint)
            check_bucket("bucket", self.bucket)
            check_ascii(access_key=self.access_key, secret_key=named["secret_key"])
            if self.ca_file and self.secure:  # without TLS it is not looked at
                check_certificates("ca_file", self.ca_file)
        return self


class SearchSettings(Group):
    """What finds pages."""

    kind: Literal["embedded", "sqlite", "elasticsearch"] = Field(
        default="embedded",
        description="embedded: a folder of the home (sqlite, its old name, means the same);"
        " elasticsearch: a cluster.",
    )
    url: str = Field(default="", description="elasticsearch: https://host:9200.")
    user: str = Field(default="", description="elasticsearch: name to sign in with.")
    password: SecretStr = Field(default=SecretStr(""), description="elasticsearch: its password.")
    index: str = Field(
        default="sohoa",
        pattern=r"^[a-z][a-z0-9_]{0,40}$",
        description="elasticsearch: alias that the index is reached by.",
    )
    key: SecretStr = Field(
        default=SecretStr(""),
        description="Secret that hashes numbers of people in the index; else keys/ of the home.",
    )
    ca_file: Path | None = Field(
        default=None, description="elasticsearch: certificates of your own authority (PEM)."
    )
    timeout_seconds: float = Field(
        default=10.0, gt=0, description="elasticsearch: silence after which it counts as away."
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.kind == "elasticsearch" and not self.url.startswith(("http://", "https://")):
            raise ValueError("kind = elasticsearch needs url, beginning with http:// or https://")
        if self.kind == "elasticsearch":
            check_url("url", self.url)
            check_ascii(user=self.user, password=self.password.get_secret_value())
            if self.ca_file and not self.url.startswith("https://"):
                raise ValueError("ca_file is for https://, and url begins with http://")
            if self.ca_file:
                check_certificates("ca_file", self.ca_file)
        return self


class RunSettings(Group):
    """How runs are made and shown."""

    kind: Literal["inline", "pool"] = Field(
        default="inline",
        description="inline: in the watcher's process; pool: drain runs on a Prefect work pool.",
    )
    pool: str = Field(default="sohoa", min_length=1, description="pool: its name in Prefect.")
    pool_limit: int = Field(
        default=4, ge=1, le=10_000, description="pool: most drain runs at a time."
    )
    dossiers_per_run: int = Field(
        default=10, ge=1, description="pool: owed dossiers that deserve one more drain run."
    )
    drain_minutes: float = Field(
        default=30.0, gt=0, description="pool: time after which a drain run begins no dossier."
    )
    idle_seconds: float = Field(
        default=60.0, ge=0, description="pool: time without work after which a drain run ends."
    )
    dead_seconds: float = Field(
        default=90.0,
        ge=40,
        description="pool: silence of a run after which Prefect shows it as Crashed.",
    )
    prefect_port: int = Field(
        default=4200,
        ge=1,
        le=65535,
        description="First port tried for the Prefect server started here.",
    )
    prefect_names: list[str] = Field(
        default=["127.0.0.1", "localhost"],
        description="Host names that callers of Prefect may use; any other is refused.",
    )
    attempts: int = Field(default=3, ge=1, description="Attempts before a dossier is FAILED.")
    lease_seconds: float = Field(
        default=60.0, gt=0, description="Silence after which a worker counts as dead."
    )

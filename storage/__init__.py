"""Opens the archive (originals, records, page results, work queue) on a folder or a bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.model import Check
from pipeline.ports import Archive, ObjectStore
from pipeline.ports.audit import AuditLog, AuditTrail
from pipeline.ports.exchange import Exchange
from pipeline.roles import Role
from pipeline.settings import AuditSettings, StorageSettings
from storage import audit
from storage.archive import ObjectArchive
from storage.audit.words import AuditorKey, has_auditor_key, make_auditor_keys
from storage.disk import DiskStore
from storage.exchange import StoredExchange
from storage.keys import new_dossier_id
from storage.policies import policy

__all__ = [
    "AuditorKey",
    "check_store",
    "has_auditor_key",
    "make_auditor_keys",
    "new_dossier_id",
    "open_archive",
    "open_audit_log",
    "open_audit_trail",
    "open_exchange",
    "policy",
    "prepare_store",
]


def open_archive(settings: StorageSettings, home: Path) -> Archive:
    """Open the archive that the settings name.

    Args:
        settings: the form of the store, and where the served form is.
        home: the folder whose subfolder ``store`` is the embedded form.
    """
    return ObjectArchive(_open_store(settings, home))


def open_audit_log(
    settings: StorageSettings, audit_settings: AuditSettings, home: Path
) -> AuditLog:
    """Open the audit log that this process writes; once a process, and closed before it ends.

    Args:
        settings: the store that takes the sealed segments.
        audit_settings: how often segments are sealed, and the keys of typed words.
        home: the folder that keeps what is not sealed yet.
    """
    return audit.open_log(_open_store(settings, home), audit_settings, home)


def open_audit_trail(settings: StorageSettings, home: Path) -> AuditTrail:
    """Open the audit log of all processes for reading and verifying.

    Args:
        settings: the store that has the sealed segments.
        home: the folder that keeps what is not sealed yet.
    """
    return audit.open_trail(_open_store(settings, home), home)


def open_exchange(settings: StorageSettings, home: Path) -> Exchange:
    """Open the messages to and from other software.

    Args:
        settings: the store that has them.
        home: the folder whose subfolder ``store`` is the embedded form.
    """
    return StoredExchange(_open_store(settings, home))


def _open_store(settings: StorageSettings, home: Path) -> ObjectStore:
    if settings.kind == "minio":
        from storage.bucket import BucketStore  # noqa: PLC0415 — MinIO's client takes 0.2 s to import

        return BucketStore(settings)
    return DiskStore(home / "store")


def check_store(settings: StorageSettings) -> Iterator[Check]:
    """Yield the checks of a served store; the embedded one needs no setting up."""
    if settings.kind == "minio":
        from storage.bucket import BucketStore  # noqa: PLC0415 — MinIO's client takes 0.2 s to import
        from storage.bucket_checks import check_bucket  # noqa: PLC0415 — MinIO's client takes 0.2 s to import

        yield from check_bucket(BucketStore(settings))


def prepare_store(
    settings: StorageSettings, secrets: Mapping[Role, str], *, opens_destroyer: bool = False
) -> Iterator[Check]:
    """Make what a served store needs and yield what was done; the embedded one makes itself.

    Args:
        settings: the store, with an account that may make buckets and accounts.
        secrets: the secret that each role signs in with; an account without one stays as it is.
        opens_destroyer: let the destroyer sign in; otherwise it is locked.
    """
    if settings.kind == "minio":
        from storage.prepare import prepare_bucket  # noqa: PLC0415 — MinIO's client takes 0.2 s to import

        yield from prepare_bucket(settings, secrets, opens_destroyer=opens_destroyer)

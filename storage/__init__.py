"""Opens the archive (originals, records, page results, work queue) on a folder or a bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.model import Check
from pipeline.ports import Archive
from pipeline.roles import Role
from pipeline.settings import StorageSettings
from storage.archive import ObjectArchive
from storage.bucket import BucketStore
from storage.bucket_checks import check_bucket
from storage.disk import DiskStore
from storage.keys import new_dossier_id
from storage.policies import policy
from storage.prepare import prepare_bucket

__all__ = ["check_store", "new_dossier_id", "open_archive", "policy", "prepare_store"]


def open_archive(settings: StorageSettings, home: Path) -> Archive:
    """Open the archive that the settings name.

    Args:
        settings: the form of the store, and where the served form is.
        home: the folder whose subfolder ``store`` is the embedded form.
    """
    served = settings.kind == "minio"
    return ObjectArchive(BucketStore(settings) if served else DiskStore(home / "store"))


def check_store(settings: StorageSettings) -> Iterator[Check]:
    """Yield the checks of a served store; the embedded one needs no setting up."""
    if settings.kind == "minio":
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
        yield from prepare_bucket(settings, secrets, opens_destroyer=opens_destroyer)

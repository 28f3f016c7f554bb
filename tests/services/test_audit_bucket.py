"""The audit log in a bucket of a real MinIO: locked segments, least rights, several machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from minio.retention import Retention

from pipeline.roles import Role
from pipeline.settings import AuditSettings, StorageSettings
from storage import open_audit_log, open_audit_trail
from storage.bucket import BucketStore
from tests.support.audit_logs import entry
from tests.support.roles import Prepared
from tests.support.servers import bucket_client, fresh_bucket, has_elasticsearch, has_minio

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_minio() or not has_elasticsearch(), reason="no SOHOA_TEST_*"),
]


@pytest.fixture
def locked() -> Iterator[StorageSettings]:
    with fresh_bucket(locked=True) as settings:
        yield settings.model_copy(update={"audit_retention_days": 1})


def recorded(settings: StorageSettings, home: Path, number: int) -> str:
    """Record and seal an entry; return the key of its segment."""
    before = set(BucketStore(settings).keys("audit/"))
    log = open_audit_log(settings, AuditSettings(), home)
    log.record(entry(number))
    log.close()
    (key,) = set(BucketStore(settings).keys("audit/")) - before
    return key


def test_nobody_deletes_or_unlocks_a_segment(locked: StorageSettings, tmp_path: Path) -> None:
    """Not even the owner of the server, for whom governance would be no lock."""
    key, client = recorded(locked, tmp_path, 1), bucket_client(locked)
    (version,) = versions(client, locked.bucket, key)
    kept = client.get_object_retention(locked.bucket, key)
    assert kept is not None
    assert kept.mode == COMPLIANCE
    assert kept.retain_until_date > datetime.now(UTC) + timedelta(hours=23)
    with pytest.raises(S3Error):
        client.remove_object(locked.bucket, key, version_id=version)
    doomed = [DeleteObject(key, version)]
    assert list(client.remove_objects(locked.bucket, doomed, bypass_governance_mode=True))
    for mode in (GOVERNANCE, COMPLIANCE):
        soon = Retention(mode, datetime.now(UTC) + timedelta(minutes=5))
        with pytest.raises(S3Error):
            client.set_object_retention(locked.bucket, key, soon, version_id=version)
    assert versions(client, locked.bucket, key) == [version]


def test_a_segment_whose_creator_died_before_the_lock_is_locked_by_its_heir(
    locked: StorageSettings, tmp_path: Path
) -> None:
    unlocked = locked.model_copy(update={"audit_retention_days": 0})
    key, client = recorded(unlocked, tmp_path, 1), bucket_client(locked)
    assert client.get_object_retention(locked.bucket, key) is None
    live = tmp_path / "audit" / key.removeprefix("audit/").replace("/", "-")
    live.write_bytes(BucketStore(locked).get(key))
    recorded(locked, tmp_path, 2)
    assert not live.exists()
    assert client.get_object_retention(locked.bucket, key)


def test_an_overwritten_segment_is_found(locked: StorageSettings, tmp_path: Path) -> None:
    keys = [recorded(locked, tmp_path, number) for number in range(2)]
    store, trail = BucketStore(locked), open_audit_trail(locked, tmp_path)
    assert trail.verify().faults == ()
    store.replace(keys[0], store.get(keys[0]).replace(b'"n": 0', b'"n": 7'))
    assert trail.verify().faults


@pytest.mark.parametrize("role", [Role.INGEST, Role.WEB])
def test_a_role_records_seals_and_verifies(made: Prepared, role: Role) -> None:
    made.sohoa("search", "thửa đất", role=role)
    verified = json.loads(made.sohoa("audit", "verify", "--json", role=role))
    assert (verified["faults"], verified["notices"]) == ([], [])
    assert verified["entries"] >= 2
    assert not list((made.folder / "audit").glob("*.jsonl"))


def test_two_machines_name_each_others_segments(locked: StorageSettings, tmp_path: Path) -> None:
    """Nothing but the bucket is shared; what one lost is missed by the other."""
    unlocked = locked.model_copy(update={"audit_retention_days": 0})
    first = recorded(unlocked, tmp_path / "one", 1)
    second = recorded(unlocked, tmp_path / "two", 2)
    assert first.split("/")[2] in BucketStore(locked).get(second).decode()
    BucketStore(unlocked).remove(first)
    (fault,) = open_audit_trail(locked, tmp_path / "two").verify().faults
    assert "named by" in fault.detail


def versions(client: Minio, bucket: str, key: str) -> list[str]:
    listed = client.list_objects(bucket, key, include_version=True)
    return [str(one.version_id) for one in listed]

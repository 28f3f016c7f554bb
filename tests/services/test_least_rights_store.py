"""Each role works with its own account, and a call beyond it is denied by a real MinIO."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from minio import Minio, MinioAdmin
from minio.commonconfig import ENABLED, GOVERNANCE, Filter
from minio.deleteobjects import DeleteObject
from minio.error import MinioAdminException, S3Error
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from minio.retention import Retention

from pipeline.errors import SearchUnavailableError, StorageUnavailableError
from pipeline.leases import this_holder
from pipeline.model import Query, WatcherHeartbeat
from pipeline.roles import Role
from search import check_index
from storage import check_store
from storage.bucket import BucketStore, StoreForbiddenError
from storage.keys import FOLDERS as OURS
from storage.policies import PUTS, REMOVES
from tests.support.roles import Prepared, choose
from tests.support.servers import admin_client, bucket_client, has_elasticsearch, has_minio
from tests.support.stored import digitise

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_minio() or not has_elasticsearch(), reason="no SOHOA_TEST_*"),
]
DAILY = (Role.INGEST, Role.WORKER, Role.WEB)
FOLDERS = (*OURS, "elsewhere/")


def test_a_dossier_goes_from_the_watcher_to_the_worker_to_the_room(
    made: Prepared, dossier: str
) -> None:
    archive, index = made.archive_as(Role.WEB), made.index_as(Role.WEB)
    (hit,) = index.find(Query("thửa đất")).hits
    assert hit.dossier == dossier
    record = archive.find_record(dossier)
    assert record
    with archive.original(record.dossier.scans[0].sha256) as original:
        assert original.read_bytes()
    assert not archive.queued(), "the worker took the marker away"
    archive.enqueue(dossier, asked_by="phòng đọc")
    assert [entry.dossier for entry in archive.queued()] == [dossier]
    digitise(made.archive_as(Role.WORKER), made.index_as(Role.WORKER), dossier)
    index_of_watcher = made.index_as(Role.INGEST)
    assert dict(index_of_watcher.sequences())[dossier] >= 2


@pytest.mark.parametrize("role", DAILY)
def test_doctor_finds_nothing_wrong_with_a_prepared_account(made: Prepared, role: Role) -> None:
    checks = [
        *check_store(made.storage_as(role)),
        *check_index(made.search_as(role), Path("nowhere")),
    ]
    assert {"kho MinIO", "kho MinIO: khóa bản gốc", "Elasticsearch: quyền"} <= {
        check.part for check in checks
    }
    assert not [check for check in checks if not check.is_well]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("role", DAILY)
def test_a_role_creates_objects_in_its_own_folders_only(
    made: Prepared, role: Role, folder: str
) -> None:
    store = BucketStore(made.storage_as(role))
    key = f"{folder}denied-{role}"
    if folder in PUTS[role]:
        store.put(key, b"1")
    else:
        with pytest.raises(StoreForbiddenError):
            store.put(key, b"1")
        with pytest.raises(StoreForbiddenError):
            store.replace(key, b"1")
        assert not BucketStore(made.storage).has(key)


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("role", DAILY)
def test_a_role_removes_marks_of_what_is_to_do_and_nothing_else(
    made: Prepared, role: Role, folder: str
) -> None:
    owner, key = BucketStore(made.storage), f"{folder}removed-{role}"
    owner.replace(key, b"1")
    store = BucketStore(made.storage_as(role))
    if folder in REMOVES.get(role, ()):
        store.remove(key)
        assert not owner.has(key)
    else:
        with pytest.raises(StoreForbiddenError):
            store.remove(key)
        assert owner.get(key) == b"1"


Destruction = Callable[[Minio, str, str, str], object]


def delete_version(client: Minio, bucket: str, key: str, version: str) -> object:
    return client.remove_object(bucket, key, version_id=version)


def delete_locked_version(client: Minio, bucket: str, key: str, version: str) -> object:
    doomed = [DeleteObject(key, version)]
    errors = list(client.remove_objects(bucket, doomed, bypass_governance_mode=True))
    if errors:
        raise PermissionError(errors[0].code)
    return None


def shorten_lock(client: Minio, bucket: str, key: str, version: str) -> object:
    soon = Retention(GOVERNANCE, datetime.now(UTC) + timedelta(minutes=5))
    return client.set_object_retention(bucket, key, soon, version_id=version)


@pytest.mark.parametrize("destroy", [delete_version, delete_locked_version, shorten_lock])
@pytest.mark.parametrize("role", DAILY)
def test_no_role_destroys_an_original(
    made: Prepared, dossier: str, role: Role, destroy: Destruction
) -> None:
    key, version = an_original(made)
    client = bucket_client(made.storage_as(role))
    with pytest.raises((S3Error, PermissionError)):
        destroy(client, made.storage.bucket, key, version)
    assert an_original(made) == (key, version)


def test_what_a_role_overwrites_can_be_had_back(made: Prepared, dossier: str) -> None:
    """Overwriting is no right of S3's own: the version before stays, and nobody can delete it."""
    key, version = an_original(made)
    before = BucketStore(made.storage).get(key)
    BucketStore(made.storage_as(Role.INGEST)).replace(key, b"another")
    client = bucket_client(made.storage)
    kept = client.get_object(made.storage.bucket, key, version_id=version)
    assert kept.read() == before
    delete_locked_version(client, made.storage.bucket, key, newest_version(made, key))


def test_the_destroyer_destroys_a_locked_version_and_writes_nothing(
    made: Prepared, dossier: str
) -> None:
    owner = BucketStore(made.storage)
    BucketStore(made.storage_as(Role.INGEST)).put("originals/doomed", b"scan")
    choose(made.folder, Role.DESTROYER)
    made.prepare("--open-destroyer")
    try:
        as_destroyer = made.storage_as(Role.DESTROYER)
        client, version = bucket_client(as_destroyer), newest_version(made, "originals/doomed")
        with pytest.raises(S3Error):
            delete_version(client, made.storage.bucket, "originals/doomed", version)
        delete_locked_version(client, made.storage.bucket, "originals/doomed", version)
        assert not owner.has("originals/doomed")
        for folder in FOLDERS:
            with pytest.raises(StoreForbiddenError):
                BucketStore(as_destroyer).put(f"{folder}denied", b"1")
        index = made.index_as(Role.DESTROYER)
        assert index.find(Query("thửa đất")).total == 1
        with pytest.raises(SearchUnavailableError):
            index.rebuild()
    finally:
        made.prepare()


@pytest.mark.parametrize("role", DAILY)
def test_a_role_makes_no_further_keys_and_sees_no_other_bucket(made: Prepared, role: Role) -> None:
    as_role = made.storage_as(role)
    admin = admin_client(as_role)
    for forbidden in administration(as_role.access_key):
        with pytest.raises(MinioAdminException, match="403"):
            forbidden(admin)
    client = bucket_client(as_role)
    with pytest.raises(S3Error, match="AccessDenied"):
        client.make_bucket(f"{made.storage.bucket}-mine")
    other = f"{made.storage.bucket}-other"
    owner = bucket_client(made.storage)
    owner.make_bucket(other)
    try:
        with pytest.raises(S3Error, match="AccessDenied"):
            list(client.list_objects(other))
        assert other not in [bucket.name for bucket in client.list_buckets()]
    finally:
        owner.remove_bucket(other)


def administration(name: str) -> list[Callable[[MinioAdmin], object]]:
    return [
        lambda admin: admin.add_service_account(
            access_key="further", secret_key="further-key", name="further", description="-"
        ),
        lambda admin: admin.user_add(name, "a secret of its own choice"),
        lambda admin: admin.user_list(),
        lambda admin: admin.policy_set("consoleAdmin", user=name),
    ]


def test_the_watchers_heartbeat_is_read_by_the_room_and_written_by_nobody_else(
    made: Prepared,
) -> None:
    heartbeat = WatcherHeartbeat("0a", datetime.now(UTC), this_holder())
    watcher, room = made.archive_as(Role.INGEST), made.archive_as(Role.WEB)
    watcher.keep_watcher(heartbeat)
    later = replace(heartbeat, waits_for=1)
    watcher.keep_watcher(later)
    assert list(room.watchers()) == [later]
    for role in (Role.WEB, Role.WORKER):
        with pytest.raises(StorageUnavailableError):
            made.archive_as(role).keep_watcher(heartbeat)
    assert list(room.watchers()) == [later]


def test_old_heartbeats_are_taken_out_by_a_rule_that_leaves_other_rules(made: Prepared) -> None:
    client = bucket_client(made.storage)
    held = client.get_bucket_lifecycle(made.storage.bucket)
    assert held is not None
    (ours,) = held.rules
    assert ours.rule_filter and ours.noncurrent_version_expiration
    assert (ours.rule_filter.prefix, ours.expiration) == ("watchers/", None)
    assert ours.noncurrent_version_expiration.noncurrent_days == 1
    theirs = Rule(
        ENABLED, rule_filter=Filter(prefix="x/"), rule_id="x", expiration=Expiration(days=9)
    )
    client.set_bucket_lifecycle(made.storage.bucket, LifecycleConfig([theirs]))
    made.prepare()
    made.prepare()
    after = client.get_bucket_lifecycle(made.storage.bucket)
    assert after is not None
    assert {rule.rule_id for rule in after.rules} == {"x", ours.rule_id}


def an_original(made: Prepared) -> tuple[str, str]:
    """The key of the one original that a dossier has, and its newest version."""
    keys = BucketStore(made.storage).keys("originals/")
    (key,) = (key for key in keys if len(key) == len("originals/") + 64)
    return key, newest_version(made, key)


def newest_version(made: Prepared, key: str) -> str:
    client = bucket_client(made.storage)
    listed = client.list_objects(made.storage.bucket, key, include_version=True)
    (newest,) = (one for one in listed if one.object_name == key and one.is_latest == "true")
    return str(newest.version_id)

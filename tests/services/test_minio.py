"""The archive on a real MinIO: outages are outages, nothing half is kept, originals are locked."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import ObjectMissingError, SourceChangedError, StorageUnavailableError
from pipeline.model import Check
from pipeline.settings import StorageSettings
from storage.bucket import BucketStore
from storage.bucket_checks import check_bucket
from tests.support.proxy import Proxy, before
from tests.support.servers import bucket_client, fresh_bucket, has_minio

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_minio(), reason="no MinIO named by SOHOA_TEST_MINIO_ENDPOINT"),
]

PATIENCE = 60.0  # seconds that a busy machine may take
CALLS = 6  # of an outage, below


@pytest.fixture
def settings() -> Iterator[StorageSettings]:
    with fresh_bucket() as made:
        yield made


@pytest.fixture
def proxied(settings: StorageSettings) -> Iterator[tuple[Proxy, BucketStore]]:
    with before(settings.endpoint) as proxy:
        changed = {"endpoint": proxy.address, "timeout_seconds": PATIENCE}
        yield proxy, BucketStore(settings.model_copy(update=changed))


@pytest.mark.parametrize("mode", ["away", "failing"])
def test_an_outage_is_said_within_seconds_and_ends_by_itself(
    proxied: tuple[Proxy, BucketStore], mode: str
) -> None:
    proxy, store = proxied
    store.put("pending/a.json", b"1")
    proxy.take_away()
    proxy.mode = mode
    for verb in (store.get, store.has, store.sha256, store.remove):
        with pytest.raises(StorageUnavailableError):
            verb("pending/a.json")
    with pytest.raises(StorageUnavailableError):
        list(store.keys("pending/"))
    with pytest.raises(StorageUnavailableError):
        store.put("pending/b.json", b"2")
    assert proxy.refused <= CALLS, "hidden retries"
    proxy.mode = "pass"
    assert list(store.keys("pending/")) == ["pending/a.json"]


def test_a_server_that_stalls_is_given_up(
    proxied: tuple[Proxy, BucketStore], settings: StorageSettings
) -> None:
    proxy, store = proxied
    store.put("pending/a.json", b"1")
    proxy.mode, proxy.delay = "slow", 10 * PATIENCE
    hasty = settings.model_copy(update={"endpoint": proxy.address, "timeout_seconds": 2.0})
    began = time.monotonic()
    with pytest.raises(StorageUnavailableError):
        BucketStore(hasty).get("pending/a.json")
    assert time.monotonic() - began < PATIENCE


def test_an_upload_that_breaks_off_leaves_nothing(
    proxied: tuple[Proxy, BucketStore], tmp_path: Path
) -> None:
    proxy, store = proxied
    source = tmp_path / "scan.pdf"
    source.write_bytes(os.urandom(8 << 20))
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    proxy.mode, proxy.delay = "slow", 0.05
    threading.Timer(0.6, proxy.take_away).start()
    with pytest.raises(StorageUnavailableError):
        store.put_file(f"originals/{sha256}", source, sha256)
    proxy.mode = "pass"
    assert not store.has(f"originals/{sha256}")
    store.put_file(f"originals/{sha256}", source, sha256)
    assert store.sha256(f"originals/{sha256}") == sha256


@pytest.mark.parametrize("change", ["grow", "shrink", "other"])
def test_a_file_that_changes_on_its_way_leaves_nothing(
    settings: StorageSettings, tmp_path: Path, change: str
) -> None:
    store, source = BucketStore(settings), tmp_path / "scan.pdf"
    source.write_bytes(b"a" * 100_000)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    changed = {"grow": b"a" * 100_001, "shrink": b"a" * 99_999, "other": b"b" * 100_000}
    source.write_bytes(changed[change])
    with pytest.raises(SourceChangedError):
        store.put_file(f"originals/{sha256}", source, sha256)
    assert not store.has(f"originals/{sha256}")


def test_an_original_is_fetched_once_for_many_pages(
    settings: StorageSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = BucketStore(settings)
    store.put("originals/aa", b"scan")
    with store.local_copy("originals/aa") as first:
        assert first.read_bytes() == b"scan"
    store.remove("originals/aa")
    with store.local_copy("originals/aa") as again:
        assert again == first
    with pytest.raises(ObjectMissingError), BucketStore(settings).local_copy("originals/aa"):
        pass


def test_doctor_checks_bucket_rights_lock_and_clock(settings: StorageSettings) -> None:
    checks = {check.part: check for check in check_bucket(BucketStore(settings))}
    assert checks["kho MinIO"].is_well
    assert checks["kho MinIO: đồng hồ"].is_well
    assert "Bật versioning" in checks["kho MinIO: phiên bản"].remedy
    locking = settings.model_copy(update={"retention_days": 30})
    assert "object lock" in one(BucketStore(locking), "kho MinIO: khóa bản gốc").remedy
    gone = settings.model_copy(update={"bucket": "nobody-made-this"})
    assert "Tạo kho" in one(BucketStore(gone), "kho MinIO").remedy
    stranger = settings.model_copy(update={"access_key": "stranger"})
    assert not one(BucketStore(stranger), "kho MinIO").is_well


def one(store: BucketStore, part: str) -> Check:
    return next(check for check in check_bucket(store) if check.part == part)


def test_an_original_is_locked_where_the_office_asks_for_it() -> None:
    with fresh_bucket(locked=True) as settings:
        store = BucketStore(settings)
        assert one(store, "kho MinIO: khóa bản gốc").is_well
        assert one(store, "kho MinIO: phiên bản").is_well
        store.put("originals/aa", b"scan")
        store.put("pending/a.json", b"1")
        client = bucket_client(settings)
        retention = client.get_object_retention(settings.bucket, "originals/aa")
        assert retention is not None
        assert retention.retain_until_date is not None
        assert client.get_object_retention(settings.bucket, "pending/a.json") is None

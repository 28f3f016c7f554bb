"""The object store contract, run on the folder and, where there is a server, on MinIO."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import ObjectExistsError, ObjectMissingError, SourceChangedError
from pipeline.ports import ObjectStore
from storage.bucket import BucketStore
from storage.disk import DiskStore
from tests.support.servers import fresh_bucket, has_minio


@pytest.fixture(params=["disk", *["minio"] * has_minio()])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    if request.param == "disk":
        yield DiskStore(tmp_path / "store")
        return
    with fresh_bucket() as settings:
        yield BucketStore(settings)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_what_was_put_is_read_back(store: ObjectStore) -> None:
    store.put("pages/aa/r-1/0001.json", b"words")
    assert store.get("pages/aa/r-1/0001.json") == b"words"
    assert store.has("pages/aa/r-1/0001.json")
    assert store.sha256("pages/aa/r-1/0001.json") == digest(b"words")
    with store.local_copy("pages/aa/r-1/0001.json") as path:
        assert path.read_bytes() == b"words"


def test_a_key_is_written_once(store: ObjectStore) -> None:
    store.put("dossiers/d/records/000001.json", b"first")
    with pytest.raises(ObjectExistsError):
        store.put("dossiers/d/records/000001.json", b"second")
    assert store.get("dossiers/d/records/000001.json") == b"first"


def test_of_sixteen_racing_writers_one_wins(store: ObjectStore) -> None:
    wins: list[bytes] = []
    start = threading.Barrier(16)

    def write(number: int) -> None:
        start.wait()
        try:
            store.put("leases/d/000001.json", str(number).encode())
        except ObjectExistsError:
            return
        wins.append(str(number).encode())

    writers = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(wins) == 1
    assert store.get("leases/d/000001.json") == wins[0]


def test_a_file_is_stored_only_with_the_hash_it_was_promised(
    store: ObjectStore, tmp_path: Path
) -> None:
    """A scanner may still write while we store: a half copy under the right name must not be."""
    source = tmp_path / "scan.pdf"
    source.write_bytes(b"half of a scan")
    key = f"originals/{digest(b'the whole scan')}"
    with pytest.raises(SourceChangedError) as error:
        store.put_file(key, source, digest(b"the whole scan"))
    assert error.value.retryable
    assert not store.has(key)
    source.write_bytes(b"the whole scan")
    store.put_file(key, source, digest(b"the whole scan"))
    assert store.get(key) == b"the whole scan"


def test_keys_are_listed_in_order_below_their_folder_only(store: ObjectStore) -> None:
    for key in ("pending/2-b.json", "pending/1-a.json", "pendings/x.json", "leases/d/1.json"):
        store.put(key, b"x")
    assert list(store.keys("pending/")) == ["pending/1-a.json", "pending/2-b.json"]
    assert list(store.keys("nothing/")) == []


def test_a_lease_may_be_replaced_and_an_entry_removed_twice(store: ObjectStore) -> None:
    store.put("leases/d/000001.json", b"1")
    store.replace("leases/d/000001.json", b"2")
    assert store.get("leases/d/000001.json") == b"2"
    store.remove("leases/d/000001.json")
    store.remove("leases/d/000001.json")
    assert not store.has("leases/d/000001.json")


@pytest.mark.parametrize("verb", ["get", "sha256"])
def test_a_missing_object_is_reported_missing(store: ObjectStore, verb: str) -> None:
    with pytest.raises(ObjectMissingError):
        getattr(store, verb)("originals/none")
    with pytest.raises(ObjectMissingError), store.local_copy("originals/none"):
        pass


@pytest.mark.parametrize("key", ["../escape", "/etc/x", "a//b", "a/../b", ".hidden", "A", ""])
def test_no_key_leads_out_of_the_store(store: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.put(key, b"x")

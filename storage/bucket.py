"""Implements ``ObjectStore`` on a bucket of MinIO or another S3 service.

Only this module and ``storage/bucket_admin.py`` import minio and urllib3.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import IO, BinaryIO, cast

import certifi
import urllib3
from minio import Minio
from minio.commonconfig import COMPLIANCE, ENABLED, GOVERNANCE
from minio.error import MinioException, S3Error
from minio.retention import Retention

from pipeline.errors import (
    ObjectExistsError,
    ObjectMissingError,
    SourceChangedError,
    StorageUnavailableError,
)
from pipeline.settings import StorageSettings
from storage.file_cache import FileCache
from storage.keys import AUDIT, ORIGINALS, checked

_MISSING = {"NoSuchKey", "NoSuchVersion", "NoSuchObjectLockConfiguration"}
_MISSING |= {"ObjectLockConfigurationNotFoundError"}
_CHUNK = 1 << 20
_CONNECT_SECONDS = 3.0  # an outage is an outage within seconds
_LINK_LIFE = timedelta(minutes=15)  # of a presigned link; longer than an upload of 5 GiB takes
_CACHE_BYTES = 2 << 30  # local copies of originals that stay for the next page


class StoreForbiddenError(StorageUnavailableError):
    """The server refuses this to the account; a retry helps once somebody gave it the right."""


class BucketStore:
    """An object store in a bucket: create-only by ``If-None-Match``, without retries of its own."""

    def __init__(self, settings: StorageSettings) -> None:
        """Set up the client for the bucket that the settings name; no request is sent yet."""
        self.bucket = self._bucket = settings.bucket
        self.retention_days = settings.retention_days
        self.audit_retention_days = settings.audit_retention_days
        self._http = connections(settings)
        self._client = Minio(
            settings.endpoint,
            access_key=settings.access_key,
            secret_key=settings.secret_key.get_secret_value(),
            secure=settings.secure,
            http_client=self._http,
        )
        folder = tempfile.mkdtemp(prefix="sohoa-originals-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._copies = FileCache(Path(folder), _CACHE_BYTES)

    def put(self, key: str, data: bytes) -> None:
        """Create the object. Raises ``ObjectExistsError`` when the key is taken."""
        self._create(key, io.BytesIO(data), len(data))

    def put_file(self, key: str, source: Path, sha256: str) -> None:
        """Create the object from a file, streamed, when its bytes have this SHA-256."""
        with source.open("rb") as stream:
            size = source.stat().st_size
            self._create(key, _CheckedFile(stream, size, sha256), size)

    def replace(self, key: str, data: bytes) -> None:
        """Create or overwrite the object."""
        with translated(key):
            self._client.put_object(self._bucket, checked(key), io.BytesIO(data), len(data))

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises ``ObjectMissingError``."""
        return b"".join(self.chunks(key))

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """Lend a local copy of the object; copies are cached up to 2 GiB."""
        return self._copies.lend(key.replace("/", "_"), lambda path: self._fetch(key, path))

    def sha256(self, key: str) -> str:
        """Read the object back and return its SHA-256, hexadecimal."""
        digest = hashlib.sha256()
        for chunk in self.chunks(key):
            digest.update(chunk)
        return digest.hexdigest()

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read the object back, piece by piece. Raises ``ObjectMissingError``."""
        with translated(key):
            response = self._client.get_object(self._bucket, checked(key))
            try:
                yield from response.stream(_CHUNK)
            finally:
                response.close()
                response.release_conn()

    def has(self, key: str) -> bool:
        """Tell whether an object has this key."""
        with suppress(ObjectMissingError), translated(key):
            self._client.stat_object(self._bucket, checked(key))
            return True
        return False

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under a folder prefix (ends in ``/``), sorted."""
        with translated(prefix):
            for listed in self._client.list_objects(self._bucket, prefix, recursive=True):
                if listed.object_name:
                    yield listed.object_name

    def remove(self, key: str) -> None:
        """Remove the object; a missing one is fine."""
        with suppress(ObjectMissingError), translated(key):
            self._client.remove_object(self._bucket, checked(key))

    def unfinished(self, before: datetime) -> int:
        """Return 0: a bucket shows whole objects only."""
        return 0

    def exists(self) -> bool:
        """Tell whether the bucket exists."""
        with translated(self.bucket):
            return self._client.bucket_exists(self._bucket)

    def is_versioned(self) -> bool:
        """Tell whether the bucket keeps versions, so that removed objects can be restored."""
        with translated(self.bucket):
            return self._client.get_bucket_versioning(self._bucket).status == ENABLED

    def is_lockable(self) -> bool:
        """Tell whether the bucket has object lock, which is chosen when it is created."""
        with suppress(ObjectMissingError), translated(self.bucket):
            self._client.get_object_lock_config(self._bucket)
            return True
        return False

    def date(self) -> str:
        """Return the server's time from its ``Date`` header (RFC 9110, section 6.6.1)."""
        with translated(self.bucket):
            link = self._client.get_presigned_url("HEAD", self._bucket, "none", _LINK_LIFE)
            return str(self._http.request("HEAD", link).headers["Date"])

    def _create(self, key: str, body: BinaryIO | _CheckedFile, size: int) -> None:
        with translated(key):
            link = self._client.get_presigned_url("PUT", self._bucket, checked(key), _LINK_LIFE)
            # minio has no argument for conditional writes; a presigned PUT takes the header.
            headers = {"If-None-Match": "*", "Content-Length": str(size)}
            stream = cast("IO[bytes]", body)  # urllib3 only calls ``read``
            response = self._http.request("PUT", link, body=stream, headers=headers)
            if response.status == HTTPStatus.PRECONDITION_FAILED:
                self._retain_segment(key)  # its creator may have died before the lock
                raise ObjectExistsError(f"Đã có đối tượng {key} trong kho.")
            if response.status != HTTPStatus.OK:
                raise refusal(f"HTTP {response.status}", response.status)
            self._retain_segment(key)
            if key.startswith(ORIGINALS) and self.retention_days:
                self._retain(key, GOVERNANCE, self.retention_days)

    def _retain_segment(self, key: str) -> None:  # in a way that nobody can end
        if key.startswith(AUDIT) and self.audit_retention_days:
            self._retain(key, COMPLIANCE, self.audit_retention_days)

    def _retain(self, key: str, mode: str, days: int) -> None:
        until = datetime.now(UTC) + timedelta(days=days)
        self._client.set_object_retention(self._bucket, key, Retention(mode, until))

    def _fetch(self, key: str, path: Path) -> None:
        with path.open("wb") as stream:
            stream.writelines(self.chunks(key))


def connections(settings: StorageSettings) -> urllib3.PoolManager:
    """Return connections to the server that retry nothing: an outage would look like slowness."""
    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=settings.timeout_seconds),
        maxsize=16,
        cert_reqs="CERT_REQUIRED",
        ca_certs=str(settings.ca_file) if settings.ca_file else certifi.where(),
        retries=False,
    )


@contextmanager
def translated(key: str) -> Iterator[None]:
    """Turn errors of the client and the network into our own; ``key`` is what was asked for."""
    try:
        yield
    except S3Error as error:
        if error.code in _MISSING:
            raise ObjectMissingError(
                f"Không có đối tượng {key} trong kho.", "Hãy chạy `sohoa doctor` để kiểm tra kho."
            ) from error
        raise refusal(error.code or "S3", error.response.status) from error
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
        raise refusal(type(error).__name__) from error


class _CheckedFile:
    """A file to upload that gives its last piece only when all its bytes have the right SHA-256.

    Without the last piece the upload is never finished: a file that changed meanwhile leaves
    nothing in a store that cannot overwrite.
    """

    def __init__(self, stream: BinaryIO, size: int, sha256: str) -> None:
        self._stream = stream
        self._left = size
        self._sha256 = sha256
        self._digest = hashlib.sha256()

    def read(self, amount: int = -1) -> bytes:
        """Return the next piece.

        Raises:
            SourceChangedError: the file's bytes do not have the SHA-256.
        """
        piece = self._stream.read(self._left if amount < 0 else min(amount, self._left))
        self._digest.update(piece)
        self._left -= len(piece)
        ends_early = not piece and self._left
        if ends_early or (not self._left and self._digest.hexdigest() != self._sha256):
            raise SourceChangedError(
                "Tệp thay đổi trong lúc lưu.", "Tệp sẽ được lấy lại khi máy quét ghi xong."
            )
        return piece


def refusal(why: str, status: int = 0) -> StorageUnavailableError:
    """Return our error for what the server refused; ``status`` is its HTTP status, 0 for none."""
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return StoreForbiddenError(
            f"Kho không cho phép tài khoản này ({why}).",
            "Kiểm tra SOHOA_STORAGE__ACCESS_KEY, SECRET_KEY; `sohoa prepare` đặt lại quyền.",
        )
    return StorageUnavailableError(
        f"Kho lưu trữ không dùng được ({why}).",
        "Kiểm tra máy chủ MinIO, tên kho và quyền; `sohoa doctor` nói rõ hơn.",
    )

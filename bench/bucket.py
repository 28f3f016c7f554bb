"""MB/s of keeping originals in a real MinIO (store, read back, hash) beside a plain upload.

    eval "$(…/servers/up)"; .venv/bin/python bench/bucket.py

The same files in the same run, in turns; the read-back is what the plain upload does not do.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from minio import Minio

from pipeline.settings import StorageSettings
from storage.archive import ObjectArchive
from storage.bucket import BucketStore
from tests.support.servers import fresh_bucket, has_minio

MEGABYTE = 1_000_000
SIZES = {"1 MB": (MEGABYTE, 40), "50 MB": (50 * MEGABYTE, 6)}


def main() -> None:
    """Print the median speeds and their ratio."""
    if not has_minio():
        raise SystemExit("no MinIO named by SOHOA_TEST_MINIO_ENDPOINT: see the first lines here")
    with fresh_bucket() as settings, tempfile.TemporaryDirectory() as place:
        archive = ObjectArchive(BucketStore(settings))
        client = plain(settings)
        for name, (size, count) in SIZES.items():
            ours, theirs = [], []
            for number in range(count):
                path = Path(place) / "scan"
                path.write_bytes(os.urandom(size))
                began = time.perf_counter()
                client.fput_object(settings.bucket, f"plain/{name[:2].strip()}-{number}", str(path))
                between = time.perf_counter()
                archive.keep_original(path)
                theirs.append(size / MEGABYTE / (between - began))
                ours.append(size / MEGABYTE / (time.perf_counter() - between))
            kept, uploaded = statistics.median(ours), statistics.median(theirs)
            print(
                f"{name}: kept and verified {kept:.0f} MB/s, plain upload {uploaded:.0f} MB/s, "
                f"ratio {kept / uploaded:.2f}"
            )


def plain(settings: StorageSettings) -> Minio:
    """Return minio's own client, as its examples make it."""
    secret = settings.secret_key.get_secret_value()
    return Minio(settings.endpoint, settings.access_key, secret, secure=settings.secure)


if __name__ == "__main__":
    main()

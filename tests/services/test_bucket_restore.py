"""A mirrored bucket, put back into an empty one: everything is found, and every byte is proved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import Query, Results
from pipeline.settings import SearchSettings, StorageSettings
from search import open_index
from storage import open_archive
from tests.support.servers import bucket_client, environment_of, fresh_bucket, has_minio
from tests.support.stored import digitise, take_in

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_minio(), reason="no MinIO named by SOHOA_TEST_MINIO_ENDPOINT"),
]
PAGES = {"một.pdf": ("QUYẾT ĐỊNH giao đất", "thửa đất số bảy"), "hai.pdf": ("THÔNG BÁO thu hồi",)}


def sohoa(home: Path, storage: StorageSettings, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | environment_of(storage) | {"SOHOA_HOME": str(home)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def searched(home: Path) -> list[Results]:
    index = open_index(SearchSettings(), home)
    return [replace(index.find(Query(text)), took_ms=0.0) for text in ("quyết định", "dat", "")]


def mirror(source: StorageSettings, folder: Path) -> None:
    """Copy all objects to a folder, as `mc mirror` does."""
    client = bucket_client(source)
    for found in client.list_objects(source.bucket, recursive=True):
        name = str(found.object_name)
        client.fget_object(source.bucket, name, str(folder / name))


def put_back(folder: Path, target: StorageSettings) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            bucket_client(target).fput_object(target.bucket, name, str(path))


def test_a_mirrored_bucket_restores_everything(tmp_path: Path) -> None:
    backup, home, elsewhere = (tmp_path / name for name in ("backup", "home", "elsewhere"))
    with fresh_bucket() as storage:
        archive, index = open_archive(storage, home), open_index(SearchSettings(), home)
        for name, texts in PAGES.items():
            digitise(archive, index, take_in(archive, tmp_path / name, texts))
        before = searched(home)
        mirror(storage, backup)
    with fresh_bucket() as empty:
        put_back(backup, empty)
        sohoa(elsewhere, empty, "reindex")
        assert searched(elsewhere) == before
        assert json.loads(sohoa(elsewhere, empty, "verify", "--json"))["faults"] == []
        assert json.loads(sohoa(elsewhere, empty, "doctor", "reconcile", "--json")) == []

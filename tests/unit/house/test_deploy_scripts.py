"""The scripts for whoever runs the servers: secrets, digests of images."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.support.compose import FILE, SERVICES

DIGEST = "sha256:" + "0123456789abcdef" * 4
# What `docker buildx imagetools inspect` answers; neither a registry nor the plug-in is here.
REGISTRY = """#!/bin/sh
case "$*" in
  *MISSING*) echo "not found" >&2; exit 1 ;;
  "buildx imagetools inspect --format {{.Manifest.Digest}} "*) echo DIGEST ;;
  *) echo "unknown flag" >&2; exit 125 ;;
esac
"""


def make_secrets(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "deploy" / "make-secrets", *words],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


root_only = pytest.mark.skipif(os.getuid() != 0, reason="gives files to users of containers")


@root_only
def test_a_secret_is_made_for_each_door_and_read_by_its_container_alone(tmp_path: Path) -> None:
    done = make_secrets(tmp_path / "secrets")
    assert done.returncode == 0, done.stderr
    files = {path.name: path for path in (tmp_path / "secrets").iterdir()}
    assert set(files) == set(FILE["secrets"])
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    readers = {"elasticsearch_root": 1000, "postgres": 999}  # the users of those images
    for name, path in files.items():
        state = path.stat()
        assert stat.S_IMODE(state.st_mode) == 0o400
        assert state.st_uid == readers.get(name, 10001), name
        assert not path.read_text().endswith("\n")
        assert path.read_text() not in done.stdout
    assert SERVICES["postgres"]["user"] == "999:999"
    same = {files["elasticsearch_root"].read_text(), files["elasticsearch_admin"].read_text()}
    assert len(same) == 1
    assert len({path.read_text() for path in files.values()}) == len(files) - 1
    assert re.fullmatch("sohoa:[A-Za-z0-9_-]{43}", files["prefect_auth"].read_text())


@root_only
def test_secrets_that_are_there_stay_and_those_of_an_older_version_are_taken_over(
    tmp_path: Path,
) -> None:
    older = {"MINIO_ROOT_PASSWORD": "kho", "ELASTIC_PASSWORD": "tìm", "POSTGRES_PASSWORD": "a:b\\c"}
    assert not make_secrets(tmp_path, **older).returncode
    assert (tmp_path / "minio_root").read_text() == "kho"
    assert (tmp_path / "elasticsearch_admin").read_text() == "tìm"
    pgpass = (tmp_path / "postgres_pgpass").read_text()
    assert pgpass == "postgres:5432:prefect:prefect:a\\:b\\\\c", "libpq's own way to write it"
    before = {path: path.read_text() for path in tmp_path.iterdir()}
    assert not make_secrets(tmp_path).returncode
    assert {path: path.read_text() for path in tmp_path.iterdir()} == before


@root_only
def test_the_destroyers_secrets_are_made_apart(tmp_path: Path) -> None:
    assert not make_secrets("--destroyer", tmp_path).returncode
    assert {path.name for path in tmp_path.iterdir()} == {
        "minio_destroyer",
        "elasticsearch_destroyer",
    }


def pin(root: Path, registry: str) -> subprocess.CompletedProcess[str]:
    program = root / "bin" / "docker"
    program.parent.mkdir(exist_ok=True)
    program.write_text(registry)
    program.chmod(0o755)
    return subprocess.run(
        [sys.executable, ROOT / "deploy" / "pin-digests", root],
        env={"PATH": f"{program.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "deploy" / "minio").mkdir(parents=True)
    for name in ("docker-compose.yml", "Dockerfile", "deploy/minio/Dockerfile"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def pinned(root: Path) -> dict[str, str]:
    files = [root / "docker-compose.yml", *root.rglob("Dockerfile")]
    texts = "".join(path.read_text() for path in files)
    return dict(re.findall(r"(?:image: |FROM )(\S+?)@(sha256:\S+)", texts))


def test_digests_are_written_behind_the_tags_of_others(copy: Path) -> None:
    done = pin(copy, REGISTRY.replace("DIGEST", DIGEST))
    assert done.returncode == 0, done.stderr
    foreign = {of["image"] for of in SERVICES.values() if not of["image"].startswith("sohoa")}
    found = pinned(copy)
    assert foreign < set(found)
    assert {name.partition(":")[0] for name in set(found) - foreign} == {"python", "golang"}
    assert set(found.values()) == {DIGEST}
    other = DIGEST.replace("0", "f")
    assert pin(copy, REGISTRY.replace("DIGEST", other)).returncode == 0
    assert set(pinned(copy).values()) == {other}, "a raised tag gets a new digest"


def test_no_digest_is_written_that_was_not_told(copy: Path) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    done = pin(copy, REGISTRY.replace("MISSING", "postgres").replace("DIGEST", DIGEST))
    assert done.returncode == 1
    assert "postgres" in done.stderr
    assert pin(copy, REGISTRY.replace("DIGEST", "latest")).returncode == 1
    assert {path: path.read_bytes() for path in before} == before

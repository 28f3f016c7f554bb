"""docker-compose.yml, started natively: one dossier goes from the scanners' folder to a hit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.arrangement import Arrangement, bare, served
from tests.support.clerk import slip
from tests.support.servers import has_elasticsearch, has_minio
from tests.support.watched import until
from tests.support.work_pool import PATIENCE, flow_runs

pytestmark = [
    pytest.mark.long,
    pytest.mark.services,
    pytest.mark.skipif(not has_minio() or not has_elasticsearch(), reason="no SOHOA_TEST_*"),
]


def test_one_dossier_from_the_folder_to_a_hit(tmp_path: Path) -> None:
    with served(tmp_path / "served") as arrangement:
        folder = arrangement.home / "H26.19.25-260105-0049"
        folder.mkdir()
        for page in range(2):
            (folder / f"{page}.png").write_bytes(slip(page))
        folder.rename(arrangement.inbox / folder.name)
        until(lambda: is_found(arrangement), PATIENCE)
        assert hits(arrangement) == ["H26.19.25-260105-0049"]
        assert not [path for path in arrangement.inbox.iterdir() if path.name[0] != "_"]
        assert httpx.get(f"{arrangement.room}/khoe", timeout=30).status_code == HTTPStatus.OK
        names = [run["name"] for run in flow_runs(arrangement.prefect)]
        assert "digitise H26.19.25-260105-0049" in names
        checks = {row["part"]: row for row in sohoa(arrangement, "doctor", "--json")}
        assert checks["work pool «sohoa»"]["is_well"], checks
        assert not (arrangement.home / "store").exists(), "the store is MinIO"
        assert not list(arrangement.home.glob("index.sqlite3*")), "the index is Elasticsearch"


def is_found(arrangement: Arrangement) -> bool:
    """Ask the reading room; it costs less than a process."""
    try:
        room = httpx.get(f"{arrangement.room}/", params={"q": "kinh gui so"}, timeout=30)
    except httpx.HTTPError:  # still starting
        return False
    return room.status_code == HTTPStatus.OK and "H26.19.25-260105-0049" in room.text


def hits(arrangement: Arrangement) -> list[str]:
    found = sohoa(arrangement, "search", "H26.19.25-260105-0049", "--json")
    return [hit["code"] for hit in found["hits"]] if found else []


def sohoa(arrangement: Arrangement, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        env=bare() | arrangement.variables | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout) if done.stdout else None

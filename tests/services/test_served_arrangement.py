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
from tests.support.compose import SERVICES
from tests.support.servers import has_elasticsearch, has_minio
from tests.support.watched import until
from tests.support.work_pool import PATIENCE

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
        assert httpx.get(f"{arrangement.room}/khoe", timeout=120).status_code == HTTPStatus.OK
        assert "H26.19.25-260105-0049" in {run["name"] for run in runs(arrangement)}
        for service in ("prefect", "watch", "worker", "web"):
            assert is_healthy(arrangement, service), service
        checks = {row["part"]: row for row in sohoa(arrangement, "doctor", "--json")}
        assert checks["work pool «sohoa»"]["is_well"], checks
        assert not (arrangement.home / "store").exists(), "the store is MinIO"
        assert not (arrangement.home / "index").exists(), "the index is Elasticsearch"


def is_healthy(arrangement: Arrangement, service: str) -> bool:
    """Run the health check of a service, as the file gives it, on this machine."""
    kind, *words = SERVICES[service]["healthcheck"]["test"]
    moved = {
        "/var/lib/sohoa": str(arrangement.home),
        "http://127.0.0.1:4200/api": arrangement.prefect,
        "8600": arrangement.room.rpartition(":")[2],
    }
    for place, here in moved.items():
        words = [word.replace(place, here) for word in words]
    command = ["sh", "-c", *words] if kind == "CMD-SHELL" else [sys.executable, *words[1:]]
    return not subprocess.run(command, check=False, timeout=300).returncode


def runs(arrangement: Arrangement) -> list[dict[str, Any]]:
    """Ask Prefect for its runs: it refuses whoever does not know the secret."""
    url = f"{arrangement.prefect}/flow_runs/filter"
    wanted = {"sort": "EXPECTED_START_TIME_DESC", "limit": 100}
    assert httpx.post(url, json=wanted, timeout=120).status_code == HTTPStatus.UNAUTHORIZED
    name, _, password = arrangement.secret.partition(":")
    answer = httpx.post(url, json=wanted, auth=(name, password), timeout=120)
    answer.raise_for_status()
    return list(answer.json())


def is_found(arrangement: Arrangement) -> bool:
    """Ask the reading room; it costs less than a process."""
    try:
        room = httpx.get(f"{arrangement.room}/", params={"q": "kinh gui so"}, timeout=120)
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

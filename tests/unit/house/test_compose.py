"""docker-compose.yml: what compose itself says of it, and the rules that compose does not know."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.settings import Settings
from tests import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
ONCE = {"bucket", "deploy"}  # these end when they are done
STAND_IN = "/chosen"  # a secret and a folder alike
SECRET = re.compile("PASSWORD|SECRET|ACCESS_KEY|ROOT_USER|CONNECTION_URL")


def compose() -> list[str]:
    """Return the command that validates: the plug-in, or Debian's program."""
    plugin = ["docker", "compose"]
    known = (
        shutil.which("docker")
        and not subprocess.run([*plugin, "version"], capture_output=True, check=False).returncode
    )
    if known:
        return plugin
    assert shutil.which("docker-compose"), "setup/system test installs docker-compose"
    return ["docker-compose"]


def example() -> dict[str, str]:
    """Return what .env.example asks people to choose."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def validated(chosen: dict[str, str], place: Path) -> subprocess.CompletedProcess[str]:
    """Validate a copy, in a folder where nobody's .env lies."""
    for name in ("docker-compose.yml", "Dockerfile"):
        shutil.copy(ROOT / name, place / name)
    bare = {name: value for name, value in os.environ.items() if name not in example()}
    return subprocess.run(
        [*compose(), "config"],
        cwd=place,
        env=bare | chosen,
        capture_output=True,
        text=True,
        check=False,
    )


def test_compose_accepts_it_once_the_secrets_are_chosen(tmp_path: Path) -> None:
    done = validated(dict.fromkeys(example(), STAND_IN), tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["services"]) == set(SERVICES)


def test_compose_refuses_to_start_without_a_choice(tmp_path: Path) -> None:
    chosen = dict.fromkeys(example(), STAND_IN)
    del chosen["POSTGRES_PASSWORD"]
    done = validated(chosen, tmp_path)
    assert done.returncode != 0
    assert "POSTGRES_PASSWORD" in done.stderr


def test_the_parts_of_the_served_arrangement_are_there() -> None:
    parts = {"minio", "elasticsearch", "postgres", "prefect", "watch", "worker", "web"}
    assert parts | ONCE == set(SERVICES)
    assert "container_name" not in SERVICES["worker"], "workers are scaled"
    assert "ports" not in SERVICES["worker"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_pinned_limited_and_watched(name: str) -> None:
    service = SERVICES[name]
    tag = service["image"].rpartition(":")[2]
    assert re.search(r"\d+\.\d+|\d{4}-\d\d-\d\d", tag), f"{service['image']} is not pinned"
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert ("healthcheck" in service) == (name not in ONCE)
    assert (service.get("restart") == "unless-stopped") == (name not in ONCE)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_until_what_it_needs_is_well(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if needed in ONCE else "service_healthy"
        assert how["condition"] == wanted, needed


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_come_from_the_environment_alone(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if SECRET.search(variable):
            assert re.search(r"\$\{\w+:\?", value), variable
    for volume in SERVICES[name].get("volumes", []):
        place = volume.partition(":")[0]
        assert place in yaml.safe_load(TEXT)["volumes"] or volume.startswith("${SOHOA_INBOX:?")


def test_the_example_names_what_must_be_chosen_and_chooses_nothing() -> None:
    assert set(re.findall(r"\$\{(\w+):\?", TEXT)) == set(example())
    assert not any(example().values())


def test_only_loopback_is_published_and_minio_speaks_to_us_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert sorted(ports) == ["127.0.0.1:4200:4200", "127.0.0.1:8600:8600"]


def test_our_services_use_settings_that_exist() -> None:
    known = set()
    for group, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        known |= {f"SOHOA_{group}__{name}".upper() for name in inner} if inner else set()
    for service in SERVICES.values():
        ours = {name for name in service.get("environment", {}) if name.startswith("SOHOA_")}
        assert ours <= known, ours - known


def test_the_image_is_pinned_locked_and_runs_as_nobody_special() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:3\.11\.\d+-slim", dockerfile, re.M)
    assert "--require-hashes -r requirements.lock" in dockerfile
    user = re.findall(r"^USER (\d+):", dockerfile, re.M)
    assert user
    assert int(user[-1]) > 0
    for name in ("prefect", "deploy", "watch", "worker", "web"):
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert "user" not in SERVICES[name]

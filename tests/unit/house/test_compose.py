"""docker-compose.yml: what compose itself says of it, and the rules that compose does not know.

No Docker daemon is here: nothing in this file starts a container.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from pipeline.settings import Settings
from tests import ROOT
from tests.support.compose import FILE, ONCE, OURS, ROLES, SERVICES, TEXT

STAND_IN = "/chosen"


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


def validated(
    chosen: dict[str, str], place: Path, *others: str
) -> subprocess.CompletedProcess[str]:
    """Validate a copy with other files over it, in a folder where nobody's .env lies."""
    for name in ("docker-compose.yml", "Dockerfile"):
        shutil.copy(ROOT / name, place / name)
    shutil.copytree(ROOT / "deploy" / "minio", place / "deploy" / "minio", dirs_exist_ok=True)
    files = [word for name in ("docker-compose.yml", *others) for word in ("--file", name)]
    bare = {name: value for name, value in os.environ.items() if name not in example()}
    return subprocess.run(
        [*compose(), *files, "config"],
        cwd=place,
        env=bare | chosen,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_compose_accepts_it_once_the_folders_are_named(tmp_path: Path) -> None:
    done = validated(dict.fromkeys(example(), STAND_IN), tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["services"]) == set(SERVICES)


@pytest.mark.slow
def test_compose_accepts_the_parts_under_tls(tmp_path: Path) -> None:
    chosen = dict.fromkeys(example(), STAND_IN)
    shutil.copy(ROOT / "deploy" / "tls.yml", tmp_path / "tls.yml")
    done = validated(chosen | {"SOHOA_CERTIFICATES": STAND_IN}, tmp_path, "tls.yml")
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    for name in ("prepare", *ROLES):
        values = services[name]["environment"]
        assert values["SOHOA_STORAGE__SECURE"] == "true"
        assert values["SOHOA_SEARCH__URL"].startswith("https://")
        assert any(
            volume.endswith(":/certificates/ca.crt:ro") for volume in services[name]["volumes"]
        )
    assert "https://127.0.0.1" in str(services["minio"]["healthcheck"])
    refused = validated(chosen, tmp_path, "tls.yml")
    assert "SOHOA_CERTIFICATES" in refused.stderr


@pytest.mark.parametrize("name", ["SOHOA_SECRETS", "SOHOA_INBOX"])
def test_compose_refuses_to_start_without_a_choice(tmp_path: Path, name: str) -> None:
    chosen = dict.fromkeys(example(), STAND_IN)
    del chosen[name]
    done = validated(chosen, tmp_path)
    assert done.returncode != 0
    assert name in done.stderr


def test_the_parts_of_the_served_arrangement_are_there() -> None:
    assert {"minio", "elasticsearch", "postgres"} | OURS == set(SERVICES)
    assert "container_name" not in SERVICES["worker"], "workers are scaled"
    assert "ports" not in SERVICES["worker"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_pinned_limited_and_watched(name: str) -> None:
    service = SERVICES[name]
    tag = service["image"].rpartition(":")[2]
    assert re.search(r"\d+\.\d+|\d{8}", tag), f"{service['image']} is not pinned"
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert ("healthcheck" in service) == (name not in ONCE)
    assert (service.get("restart") == "unless-stopped") == (name not in ONCE)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_until_what_it_needs_is_well(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if needed in ONCE else "service_healthy"
        assert how["condition"] == wanted, needed


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_locked_in(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert 1 <= service["pids_limit"] <= 4096
    assert not {"privileged", "pid", "ipc", "network_mode", "devices"} & set(service)
    assert any(place.startswith("/tmp:") for place in service["tmpfs"])


def test_only_elasticsearch_may_run_what_it_wrote_to_memory() -> None:
    places = [place for of in SERVICES.values() for place in of["tmpfs"]]
    assert {name for name, of in SERVICES.items() if "exec" in str(of["tmpfs"])} == {
        "elasticsearch"
    }
    assert all("size=" in place for place in places), "memory has a bound"


def test_a_health_check_asks_its_own_part_only() -> None:
    for name, service in SERVICES.items():
        asked = str(service.get("healthcheck", ""))
        assert not re.search(r"https?://(?!127\.0\.0\.1)", asked), name
        assert "/khoe" not in asked, "it tells of store, index and watcher as well"
        assert "PREFECT_API_URL" not in asked


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_volumes_are_named_or_the_scanners_folder(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        place = volume.partition(":")[0]
        own = volume in {"/var/lib/sohoa", "/var/tmp/sohoa"}  # of each container alone
        assert own or place in FILE["volumes"] or volume.startswith("${SOHOA_INBOX:?")


def test_the_example_names_what_must_be_chosen_and_chooses_nothing() -> None:
    assert set(re.findall(r"\$\{(\w+):\?", TEXT)) == set(example())
    assert not any(example().values())


def test_only_loopback_is_published_and_minio_speaks_to_us_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert sorted(ports) == ["127.0.0.1:4200:4200", "127.0.0.1:8600:8600"]


def test_our_services_use_settings_that_exist() -> None:
    known = set()
    for group, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", {})
        if not inner:
            known.add(f"SOHOA_{group}".upper())
        for name, setting in inner.items():
            is_secret = setting.annotation is SecretStr
            known.add(f"SOHOA_{group}__{name}{'_file' if is_secret else ''}".upper())
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
    for name in OURS:
        assert "user" not in SERVICES[name]


def test_minio_is_built_from_its_own_module_and_runs_as_nobody_special() -> None:
    dockerfile = (ROOT / "deploy" / "minio" / "Dockerfile").read_text(encoding="utf-8")
    made = re.search(r"^ARG MINIO=v0\.0\.0-(\d{14})-[0-9a-f]{12}$", dockerfile, re.M)
    assert made
    assert made[1] > "20251015172955", "before the fix of CVE-2025-62506"
    assert re.search(r"^ARG SUM=h1:[A-Za-z0-9+/]{43}=$", dockerfile, re.M)
    assert re.findall(r"^FROM (\S+)", dockerfile, re.M)[-1] == "scratch"
    assert re.search(r"^USER 10001:10001$", dockerfile, re.M)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_all_parts_have_one_clock(name: str) -> None:
    """Receipts, pages and the logs of all containers are dated by the office's zone."""
    zone = f"${{SOHOA_TIMEZONE:-{Settings.model_fields['timezone'].default}}}"
    environment = SERVICES[name]["environment"]
    assert environment["TZ"] == zone
    assert (name in OURS) == ("SOHOA_TIMEZONE" in environment)
    assert environment.get("SOHOA_TIMEZONE", zone) == zone

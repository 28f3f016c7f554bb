"""The systemd units: systemd accepts them, and what they leave open stays within a limit."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.settings import Settings
from tests import ROOT

FOLDER = ROOT / "deploy" / "systemd"
UNITS = (
    "sohoa-watch.service",
    "sohoa-web.service",
    "sohoa-backup.service",
    "sohoa-alerts.service",
)
EXPOSED = {  # tenths, as systemd 252 counts
    "sohoa-watch.service": 13,
    "sohoa-web.service": 10,
    "sohoa-backup.service": 10,
    "sohoa-alerts.service": 12,  # its addresses may lead anywhere
}
HARDENED = {
    "ProtectSystem": "strict",
    "ProtectProc": "invisible",
    "PrivateTmp": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "RestrictNamespaces": "yes",
    "SystemCallArchitectures": "native",
    "IPAddressDeny": "any",
}


def lines(unit: str) -> list[tuple[str, str]]:
    text = (FOLDER / unit).read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z]+)=(.*)$", text, re.M)


def installed(place: Path, *, served: bool = False) -> Path:
    """Lay the units down as on a machine, with a program where they look for it."""
    program = place / "sohoa"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        text = (FOLDER / unit).read_text(encoding="utf-8")
        assert "ExecStart=/opt/sohoa/.venv/bin/sohoa " in text
        moved = text.replace("/opt/sohoa/.venv/bin/sohoa", str(program))
        (place / unit).write_text(moved, encoding="utf-8")
        if served:
            (place / f"{unit}.d").mkdir()
            shutil.copy(FOLDER / "served.conf", place / f"{unit}.d")
    shutil.copy(FOLDER / "sohoa-backup.timer", place)
    return place


def analyse(*words: str | Path) -> subprocess.CompletedProcess[str]:
    assert shutil.which("systemd-analyze"), "setup/system test installs systemd"
    command = ["systemd-analyze", "--no-pager", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("served", [False, True])
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_no_fault(tmp_path: Path, unit: str, served: bool) -> None:
    place = installed(tmp_path, served=served)
    done = analyse("verify", "--man=no", "--recursive-errors=no", place / unit)
    assert done.returncode == 0, done.stderr
    assert unit not in done.stderr, done.stderr


def test_systemd_takes_the_timer(tmp_path: Path) -> None:
    place = installed(tmp_path)
    done = analyse("verify", "--man=no", place / "sohoa-backup.timer")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", UNITS)
def test_what_a_unit_leaves_open_stays_within_a_limit(tmp_path: Path, unit: str) -> None:
    place = installed(tmp_path)
    limit = f"--threshold={EXPOSED[unit]}"
    done = analyse("security", "--offline=true", limit, place / unit)
    assert done.returncode == 0, done.stdout


def test_the_limit_of_what_is_left_open_can_be_broken(tmp_path: Path) -> None:
    place = installed(tmp_path)
    (place / UNITS[0]).write_text("[Service]\nExecStart=/bin/true\n")
    assert analyse("security", "--offline=true", "--threshold=13", place / UNITS[0]).returncode


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_hardened(unit: str) -> None:
    held = dict(lines(unit))
    wanted = {**HARDENED}
    if unit == "sohoa-alerts.service":
        del wanted["IPAddressDeny"]
    assert {name: held.get(name) for name in wanted} == wanted
    assert held["User"] not in {"", "root"}
    assert "AF_NETLINK" not in held["RestrictAddressFamilies"]


def test_the_watcher_may_do_what_its_own_sandbox_is_made_of() -> None:
    """Landlock and seccomp need these calls; without them parsers would run unconfined."""
    allowed = [value for name, value in lines(UNITS[0]) if name == "SystemCallFilter"]
    needed = {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp"}
    assert needed <= set(allowed[-1].split()), "the last line wins"


def test_the_watcher_ends_its_own_children() -> None:
    held = dict(lines(UNITS[0]))
    assert held["KillMode"] == "mixed", "otherwise the dossiers in hand die with the first signal"
    assert held["TimeoutStopSec"] == "5min"


def test_secrets_of_the_served_form_are_credentials() -> None:
    held = lines("served.conf")
    loaded = {value.split(":")[0] for name, value in held if name == "LoadCredential"}
    named = {
        part.partition("=")
        for name, value in held
        if name == "Environment"
        for part in value.split()
    }
    assert all(variable.endswith("_FILE") for variable, _, _ in named)
    assert {f"%d/{name}" for name in loaded} == {place for _, _, place in named}
    assert {"owners_url", "owners_key"} <= loaded, "each machine would have an index of its own"


@pytest.mark.parametrize("unit", UNITS)
def test_a_service_has_the_offices_clock(unit: str) -> None:
    """The file of environment, which names another zone, comes after it."""
    zone = Settings.model_fields["timezone"].default
    given = [word for name, value in lines(unit) if name == "Environment" for word in value.split()]
    assert {f"SOHOA_TIMEZONE={zone}", f"TZ={zone}"} <= set(given)
    order = [name for name, _ in lines(unit) if name.startswith("Environment")]
    assert order[-1] == "EnvironmentFile"

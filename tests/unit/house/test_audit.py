"""The look for known vulnerabilities says of how many packages it was told anything."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType
from typing import Any

import pytest

from tests import ROOT


def audit() -> ModuleType:
    loader = SourceFileLoader("audit", str(ROOT / "setup" / "audit"))
    spec = spec_from_loader("audit", loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def package(name: str, *ids: str) -> dict[str, Any]:
    found = [{"id": each, "fix_versions": ["2.0"], "aliases": []} for each in ids]
    return {"name": name, "version": "1.0", "vulns": found}


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": f"Dependency not found on PyPI: {name} (1.0)"}


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([skipped("one"), skipped("two")], 0, "NO DATA"),  # pip-audit calls this no vulnerability
        ([package("one"), package("two")], 0, "no known vulnerability (2 of 2"),
        ([package("one"), skipped("two")], 0, "1 of 2 packages audited"),
        ([package("one", "PYSEC-1"), skipped("two")], 1, "one 1.0: PYSEC-1 (fixed in 2.0)"),
    ],
)
def test_the_audit_tells_no_data_from_no_vulnerability(
    packages: list[dict[str, Any]], code: int, words: str
) -> None:
    module = audit()
    told = module.verdict(module.findings({"dependencies": packages, "fixes": []}))
    assert told[0] == code
    assert words in told[1]


def test_the_audit_tells_that_no_source_could_be_asked() -> None:
    code, words = audit().verdict(None)
    assert code == 0
    assert "NO DATA" in words

"""The house keeps its own rules: small files, short functions, docstrings, no dumping grounds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import ROOT

ROOMS = ("pipeline", "ocr", "storage", "search", "web", "flows")
PRODUCT = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
FILES = PRODUCT + sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
LONGEST_FILE, LONGEST_BODY = 250, 40
DUMPING_GROUNDS = {"utils", "helpers", "common", "misc", "base", "manager"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_is_a_page_one_can_hold_in_the_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    assert path.stem not in DUMPING_GROUNDS


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_a_function_is_a_paragraph_and_a_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "no module docstring"
    long = {
        node.name: body_lines(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and body_lines(node) > LONGEST_BODY
    }
    assert not long


def test_every_setting_is_described_and_in_the_operating_guide() -> None:
    from pipeline.settings import Settings  # noqa: PLC0415 — only this test needs it

    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for group, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        for name, setting in inner.items() if inner else [("", field)]:
            variable = f"SOHOA_{group}__{name}" if name else f"SOHOA_{group}"
            assert setting.description, variable
            assert variable.upper() in guide

"""Every function of the product that writes a record or hands out bytes, found in its source.

Whoever adds one must say in the tests what it does to a withheld dossier.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from pathlib import Path

from tests import ROOT

ROOMS = ("pipeline", "ocr", "storage", "search", "accounts", "owners", "web", "flows")


def callers(names: Container[str]) -> set[str]:
    """Return the functions of the product, as ``module.function``, that call one of these names.

    Args:
        names: names of functions or methods, without what stands before the dot.
    """
    return {
        f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}.{function}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for function in _callers(path, names)
    }


def _callers(path: Path, names: Container[str]) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            called = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
            if any(_name(each) in names for each in called):
                yield function.name


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""

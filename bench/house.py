"""Measures the structure of the code: files per folder, short files, imports, tests, assertions.

    python -m bench.house [FOLDER OF A CHECKOUT]

Reads the sources as text and runs none of them, so that an older checkout is measured by the same
rules.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

ROOMS = ("pipeline", "ocr", "storage", "search", "accounts", "owners", "web", "flows")
SHORT = 60  # lines
ASSERTING = {"raises", "warns", "fail"}  # of pytest, counted beside the statement


def module_name(path: Path, root: Path) -> str:
    """Return the dotted name of a module."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, known: set[str]) -> set[str]:
    """Return the modules of the product that a module imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{name.name}" for name in node.names} & known
            found |= names or ({node.module} & known)
    return found


def arrows(graph: dict[str, set[str]], folder: str) -> tuple[int, int]:
    """Return how many rooms (modules and folders) lie in a folder, and the arrows among them."""
    depth = folder.count(".") + 1

    def room(module: str) -> str | None:
        parts = module.split(".")
        return parts[depth] if module.startswith(folder + ".") else None

    rooms = {room(module) for module in graph} - {None}
    between = {
        (room(source), room(target))
        for source, targets in graph.items()
        for target in targets
        if room(source) and room(target) and room(source) != room(target)
    }
    return len(rooms), len(between)


def count_tests(root: Path) -> tuple[int, int]:
    """Return the test functions and the assertions in the tests."""
    tests = assertions = 0
    for path in (root / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                tests += node.name.startswith("test_")
            assertions += isinstance(node, ast.Assert)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assertions += node.func.attr in ASSERTING
    return tests, assertions


def main() -> None:
    """Print the structure of a checkout."""
    root = Path(sys.argv[1] if sys.argv[1:] else ".").resolve()
    files = sorted(path for room in ROOMS for path in (root / room).rglob("*.py"))
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    known = {module_name(path, root) for path in files}
    graph = {
        module_name(path, root): imported(ast.parse(path.read_text(encoding="utf-8")), known)
        for path in files
    }
    print(f"{'folder':32} modules  rooms  arrows")
    per_folder = Counter(path.parent for path in files if path.name != "__init__.py")
    for folder, number in sorted(per_folder.items()):
        name = ".".join(folder.relative_to(root).parts)
        rooms, between = arrows(graph, name)
        print(f"{name:32} {number:7} {rooms:6} {between:7}")
    short = sum(number <= SHORT for number in lines.values())
    print(f"files {len(files)}, of {SHORT} lines or fewer {short} ({short / len(files):.0%})")
    print(f"longest file {max(lines.values())} lines, all {sum(lines.values())}")
    twice = Counter(path.stem for path in files if path.stem != "__init__")
    print("module names that occur more than once:", sum(n > 1 for n in twice.values()))
    tests, assertions = count_tests(root)
    print(f"test functions {tests}, assertions {assertions}")


if __name__ == "__main__":
    main()

"""Names the version of the rules that papers are understood by: a hash of what they consist of.

That is the code and the data that turn words into papers and fields, and the catalogue of
procedures of the home. Comments, docstrings and layout of the code do not count.
"""

from __future__ import annotations

import ast
import hashlib
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.documents.catalogue import current_bytes

LENGTH = 12  # hexadecimal digits: 48 bits tell the few versions of an office's years apart
_ROOM = Path(__file__).resolve().parents[1]
_PARTS = ("checklist", "documents", "vietnamese", "understanding.py")
_LOADED = time.time()  # about when this process loaded the rules


def rules_version() -> str:
    """Return the version of the rules that this process works by.

    Empty, which is unlike any version, while the software was replaced under a running process:
    what its rules were can then not be told from the files.
    """
    code = _code_version()
    if code is None:
        return ""
    return hashlib.sha256(code.encode() + current_bytes()).hexdigest()[:LENGTH]


@cache
def _code_version() -> str | None:
    """Return a hash of code and data; None when a file is newer than this process."""
    digest = hashlib.sha256()
    for path in _files():
        if path.stat().st_mtime > _LOADED:
            return None
        digest.update(f"\n{path.relative_to(_ROOM).as_posix()}\n".encode())
        digest.update(meaning_of(path))
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for part in _PARTS:
        found = [_ROOM / part] if part.endswith(".py") else sorted((_ROOM / part).rglob("*"))
        for path in found:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def meaning_of(path: Path) -> bytes:
    """Return what a file does: code without comments and docstrings, other files as they are.

    Args:
        path: the file; what ends in ``.py`` is code.
    """
    data = path.read_bytes()
    if path.suffix != ".py":
        return data
    tree = ast.parse(data)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [each for each in node.body if not _is_text(each)]
    return ast.dump(tree).encode()


def _is_text(statement: ast.stmt) -> bool:
    """Tell whether a statement is a string alone, as docstrings are."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )

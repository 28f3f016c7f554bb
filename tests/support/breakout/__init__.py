"""What a parser that was taken over tries: every way out of a job, one function each.

Only the standard library, so that a copy of this folder can stand for a program: it reads
``targets.json`` in the folder named by HOME and leaves ``loot.json`` there. An attack that returns
has reached what it wanted; one that raises has not.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.support.breakout import files, kernel, processes
from tests.support.breakout.kernel import KERNEL
from tests.support.breakout.registry import ATTACKS, tried

__all__ = ["ATTACKS", "KERNEL", "files", "kernel", "main", "processes", "tried"]


def main() -> None:
    """Stand for a program that was taken over."""
    folder = Path(os.environ["HOME"])
    at = json.loads((folder / "targets.json").read_text()) | {"folder": str(folder)}
    (folder / "loot.json").write_text(json.dumps(tried(at)))
    sys.stdout.write("Pages: 1\n")

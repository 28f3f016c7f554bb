"""Counts the product's files in which something runs while a command does its work.

    python -m bench.walk COMMAND [ARGUMENT …]
    python -m bench.walk --root CHECKOUT search "quyết định"

Runs ``sohoa COMMAND`` in this process, of another checkout when one is named, and prints the files
whose functions were called, worker processes aside. Fewer files to pass through are fewer to read.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import FrameType

ROOMS = ("pipeline", "ocr", "storage", "search", "accounts", "owners", "web", "flows")


def main() -> None:
    """Run a command and print which files it passed through."""
    words = sys.argv[1:]
    root = Path.cwd()
    if words[:1] == ["--root"]:
        root, words = Path(words[1]).resolve(), words[2:]
    sys.path.insert(0, str(root))
    seen: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            seen.add(frame.f_code.co_filename)

    from flows import cli  # noqa: PLC0415 — of the checkout that was named

    threading.setprofile(note)
    sys.setprofile(note)
    code = cli.main(words)
    sys.setprofile(None)
    found = [Path(name) for name in seen if name.startswith(str(root))]
    files = sorted(path.relative_to(root) for path in found)
    passed = [path for path in files if path.parts[0] in ROOMS]
    print(f"exit {code}; {len(passed)} files:", file=sys.stderr)
    for path in passed:
        print(f"  {path}", file=sys.stderr)


if __name__ == "__main__":
    main()

"""`make bench`: run every benchmark and print what docs/measurements.md holds.

    .venv/bin/python bench/all.py [folder with real pages and documents]

Without the folder the measurements on real paper are left out, and said to be.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
REAL = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval")
SYNTHETIC = (
    ["drop_to_hit.py"],
    ["throughput.py"],
    ["throughput.py", "--pile"],
    ["search_index.py"],
    ["search_graded.py"],
    ["reading.py"],
    ["repair.py"],
)
ON_REAL_PAPER = (
    ["words.py", str(REAL / "pages")],
    ["fields.py", str(REAL / "documents")],
    ["searchable.py", str(REAL / "documents")],
)


def main() -> int:
    """Run them all; 1 when one of them failed."""
    failed = 0
    runs = SYNTHETIC + (ON_REAL_PAPER if REAL.is_dir() else ())
    for script, *arguments in runs:
        print(f"\n== bench/{script} {' '.join(arguments)}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / script), *arguments], check=False)
        failed |= done.returncode
    if not REAL.is_dir():
        print(f"\nNo folder {REAL}: word and field figures on real paper were left out.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())

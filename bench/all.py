"""`make bench`: run every benchmark and print what docs/measurements.md holds.

    .venv/bin/python bench/all.py [FOLDER]

The folder holds real paper: `pages` for bench/words.py, `documents` for bench/fields.py and
bench/searchable.py. Without it these are left out, and said to be.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SYNTHETIC = (
    ["drop_to_hit.py"],
    ["audit_log.py"],
    ["price_of_rights.py"],
    ["masking.py"],
    ["price_of_tokens.py"],
    ["look.py"],
    ["kinds.py"],
    ["private_copy.py"],
    ["throughput.py"],
    ["throughput.py", "--pile"],
    ["search_index.py"],
    ["search_graded.py"],
    ["boundaries.py"],
    ["reading.py"],
    ["slots.py"],
    ["repair.py"],
    ["sign_in.py"],
    ["sandbox.py"],
)
ON_REAL_PAPER = (
    ["words.py", "pages"],
    ["fields.py", "documents"],
    ["slots.py", "--pages=0", "--documents", "documents"],
    ["searchable.py", "documents"],
)


def main() -> int:
    """Run them all; 1 when one of them failed."""
    failed = 0
    real = [
        [*script, str(Path(folder) / part)]
        for folder in sys.argv[1:2]
        for *script, part in ON_REAL_PAPER
    ]
    for script, *arguments in [*SYNTHETIC, *real]:
        print(f"\n== bench/{script} {' '.join(arguments)}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / script), *arguments], check=False)
        failed |= done.returncode
    if not real:
        print("\nNo folder of real paper was named: its word and field figures were left out.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())

"""The private temporary folder of a home, and what processes that were killed left in it."""

from __future__ import annotations

from pathlib import Path


def private_root(home: Path) -> Path:
    """Return the home's own folder for temporary files, made for this user alone.

    Raises:
        OSError: it cannot be made.
    """
    root = home / "tmp"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    root.chmod(0o700)
    return root

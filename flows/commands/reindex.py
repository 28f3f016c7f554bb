"""`sohoa reindex`: bring every dossier of the store to the search index again."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.progress import track

from flows.upkeep import mended
from flows.wiring import archive, index
from pipeline import stages


def arguments(parser: argparse.ArgumentParser) -> None:
    """`sohoa reindex` has no arguments: the store says what there is."""


def run(args: argparse.Namespace) -> int:
    """Publish all dossiers of the store; searching goes on meanwhile."""
    mended(index())
    total = sum(1 for _ in archive().dossiers())
    console = Console(file=sys.stderr)
    done = stages.republish(archive(), index())
    for _ in track(done, "Đang lập lại chỉ mục", total, console=console, transient=True):
        pass
    print(f"{total} hồ sơ trong chỉ mục.")
    return 0

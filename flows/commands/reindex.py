"""`sohoa reindex`: make the search index what the store says, from the store alone."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.progress import track

from flows.upkeep import forget_strangers, mended, published
from flows.wiring import archive, index


def arguments(parser: argparse.ArgumentParser) -> None:
    """`sohoa reindex` has no arguments: the store says what there is."""


def run(args: argparse.Namespace) -> int:
    """Publish all dossiers of the store; searching goes on. 1 when one could not be published."""
    mended(index())
    forget_strangers(archive(), index())
    dossiers = list(archive().dossiers())
    done = published(dossiers, archive(), index())
    console = Console(file=sys.stderr)
    steps = track(done, "Đang lập lại chỉ mục", len(dossiers), console=console, transient=True)
    lost = [dossier for dossier, is_there in steps if not is_there]
    print(f"{len(dossiers) - len(lost)} hồ sơ trong chỉ mục.")
    for dossier in lost:
        print(f"✗ {dossier}: không đưa được vào chỉ mục. Chạy `sohoa verify` để biết vì sao.")
    return int(bool(lost))

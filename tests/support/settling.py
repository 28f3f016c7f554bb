"""A watched folder that is looked at by a clock that moves when told."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PIL import Image

from pipeline.intake import Settling, network_share
from pipeline.settings import WatchSettings

SETTLE, TORN, SHARE = 2.0, 20.0, 30.0


class Bench:
    """A watched folder and a clock that moves when told.

    Args:
        folder: the watched folder.
        standing: patterns of the folders in it that stay.
        mounts: a list of mounts in the kernel's form; this machine's by default.
    """

    def __init__(self, folder: Path, *standing: str, mounts: Path | None = None) -> None:
        self.folder = folder
        self.now = 0.0
        settings = WatchSettings(
            settle_seconds=SETTLE,
            torn_seconds=TORN,
            share_settle_seconds=SHARE,
            standing=list(standing),
        )
        share_of = partial(network_share, mounts=mounts) if mounts else network_share
        self.settling = Settling(settings, lambda: self.now, share_of)

    def after(self, seconds: float) -> list[str]:
        """Return what is ready so many seconds later, by path from the watched folder on."""
        self.now += seconds
        ready = self.settling.ready(self.folder)
        return [path.relative_to(self.folder).as_posix() for path in ready]

    def remark(self, name: str) -> str:
        """Return why a drop waits; empty when there is nothing to say."""
        return self.settling.remarks(self.folder).get(name, "")

    def scan(self, name: str) -> Path:
        """Write a picture into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (40, 40), 200).save(path)
        return path

"""Opens an index that lies on a read-only disk, where the engine cannot make its lock.

The engine takes a lock in the folder of an index even to read it. So it is given a folder of its
own, with links to the files of the index. Nobody writes to a disk that is read-only, so what is
linked stays; once the disk can be written again, the index itself is opened.
"""

from __future__ import annotations

import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp

from pipeline.errors import SearchUnavailableError


class ReadOnlyDiskError(SearchUnavailableError):
    """The disk of the index cannot be written; what is there can be searched."""


class LinkedIndex:
    """A folder with links to the files of an index; it goes with this object.

    Args:
        index: the folder of the index.
    """

    def __init__(self, index: Path) -> None:
        self.folder = Path(mkdtemp(prefix="sohoa-index-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        for file in index.iterdir():
            if not file.name.endswith(".lock"):
                (self.folder / file.name).symlink_to(file.resolve())

"""Tells which subfolders of a watched folder are standing: used again and again, never taken.

A scanner may write into a folder of its own for each user. Such a folder stays, and what lies in it
is dropped there as in the watched folder itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePath

from pipeline.settings.watch import WatchSettings

# Always there: two passes of one stack, and loose papers, each file of which is a dossier.
_OF_OURS = ("hai_mat", "tung_giay/**")

_ALL_BELOW = "**"
_DEEPEST = 32  # folders in folders; whatever lies deeper is a drop


class StandingFolders:
    """Patterns of subfolders that stay.

    A folder on the way to a standing one stays as well: it could not be taken without that one.

    Args:
        patterns: paths relative to the watched folder, each part of which may be a glob pattern;
            ``**`` at the end stands for everything below. Case and the composition of letters do
            not count.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._patterns = tuple(tuple(_plain(part) for part in PurePath(p).parts) for p in patterns)

    def contain(self, parts: tuple[str, ...]) -> bool:
        """Tell whether a subfolder stays.

        Args:
            parts: its path from the watched folder on, a name for each step.
        """
        if not self._patterns or len(parts) > _DEEPEST:
            return False
        plain = tuple(map(_plain, parts))
        return any(_matches(plain, pattern) for pattern in self._patterns)


def standing_folders(settings: WatchSettings) -> StandingFolders:
    """Return the subfolders that stay: ours, and those that the settings name."""
    return StandingFolders((*_OF_OURS, *settings.standing))


def _matches(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if pattern[-1:] == (_ALL_BELOW,):
        pattern = pattern[:-1] + ("*",) * (len(parts) - len(pattern) + 1)
    return len(parts) <= len(pattern) and all(map(fnmatchcase, parts, pattern))


def _plain(part: str) -> str:
    return unicodedata.normalize("NFC", part).casefold()

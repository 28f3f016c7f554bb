"""Decides when a drop is finished: unchanged for a while, whole by its format, open to nobody.

Always by polling; the same rule holds at start-up, on events and on rescans. Time is monotonic: a
clock that jumps changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.watched.finished import Finished, Look
from pipeline.intake.watched.ignored import (
    RECEIPTS,
    REFUSED,
    is_ignored,
    is_litter,
    is_unfinished,
)
from pipeline.intake.watched.listing import (
    Signature,
    WaitingDrop,
    drops_in,
    files_of,
    path_order,
    signature_of,
    signed_contents,
    strays_of,
    waiting_drops,
)
from pipeline.intake.watched.mounts import network_share
from pipeline.intake.watched.standing import standing_folders
from pipeline.settings import WatchSettings
from pipeline.vietnamese.file_order import reading_order

__all__ = [
    "RECEIPTS",
    "REFUSED",
    "Settling",
    "Signature",
    "files_of",
    "is_ignored",
    "is_litter",
    "is_unfinished",
    "reading_order",
    "signature_of",
    "strays_of",
    "waiting_drops",
]

GROWING_SECONDS = 600.0  # a drop that is written for longer is shown as such, and never given up
_SHARE = "Thư mục chia sẻ: chờ thêm {:.0f} giây vì không biết máy khác còn ghi hay không."
_UNSEEN = "Chờ thêm {:.0f} giây vì không biết chương trình của người khác còn ghi hay không."


@dataclass(slots=True)
class _Watch:
    signature: Signature
    since: float  # monotonic seconds at which this signature was first seen
    began: float  # … at which the drop was first seen
    looks: int = 1  # that saw this signature
    trouble: str = ""  # why it could not be looked at
    is_open: bool = False  # somebody has one of its files open for writing
    patience: str = ""  # why it waits for the settle time of shares, as a form for its seconds


class Settling:
    """Remembers how long each drop in a watched folder has been unchanged.

    Args:
        settings: the settle times and the torn time, in seconds, and the standing folders.
        clock: a function that returns monotonic seconds.
        share_of: a function that returns the kind of network share a folder lies on, or nothing.
    """

    def __init__(
        self,
        settings: WatchSettings,
        clock: Callable[[], float] = time.monotonic,
        share_of: Callable[[Path], str] = network_share,
    ) -> None:
        self._share_of = share_of
        self._settings = settings
        self._clock = clock
        self._standing = standing_folders(settings)
        self._watched: dict[Path, dict[tuple[str, ...], _Watch]] = {}

    def ready(self, folder: Path) -> Iterator[Path]:
        """Yield the drops that may be taken now, in reading order.

        A drop in a standing folder is a path below that one; it belongs to the watched folder.

        Raises:
            OSError: the watched folder cannot be listed.
        """
        look, watched = Look(folder, self._clock, self._share_of), self._looked_at(folder)
        settled = [parts for parts, watch in watched.items() if self._is_settled(watch)]
        for parts in sorted(settled, key=path_order):
            watch = watched[parts]
            try:
                if self._is_finished(look, parts, watch):
                    yield folder.joinpath(*parts)
            except FileNotFoundError:
                continue
            except BlockingIOError:  # an exclusive lease: only its holder has the file open
                watch.is_open = True
            except OSError as error:  # locked or not ours to read: look again
                watch.trouble = error.strerror or type(error).__name__

    def remarks(self, folder: Path) -> dict[str, str]:
        """Return by name why drops have been waiting for long; Vietnamese, for people.

        The name of a drop in a standing folder begins with that one's.
        """
        watched = self._watched.get(folder, {})
        found = {"/".join(parts): self._remark(watch) for parts, watch in watched.items()}
        return {name: remark for name, remark in found.items() if remark}

    def _remark(self, watch: _Watch) -> str:
        now = self._clock()
        quiet, age = now - watch.since, now - watch.began
        if watch.trouble:
            return f"Không mở được ({watch.trouble}): kiểm tra quyền đọc và tên."
        if watch.is_open:
            so_long = f", đã {quiet / 60:.0f} phút" if quiet >= GROWING_SECONDS else ""
            return f"Còn chương trình đang mở để ghi{so_long}; đóng tệp thì sẽ lấy."
        if watch.patience:
            return watch.patience.format(max(1.0, self._settings.share_settle_seconds - quiet))
        if age >= GROWING_SECONDS > quiet:
            return f"Vẫn đang được ghi sau {age / 60:.0f} phút; ghi xong sẽ lấy."
        return ""

    def _looked_at(self, folder: Path) -> dict[tuple[str, ...], _Watch]:
        """Look at what lies in a folder, and forget what has gone."""
        try:
            drops = list(drops_in(folder, self._standing))
        except FileNotFoundError:
            drops = []
        before, now = self._watched.get(folder, {}), self._clock()
        self._watched[folder] = {
            drop.parts: _looked_at(drop, before.get(drop.parts), now) for drop in drops
        }
        return self._watched[folder]

    def _stays(self, path: Path, parts: tuple[str, ...]) -> bool:
        """Tell whether a path is a standing folder, one that could not be listed a moment ago."""
        return self._standing.contain(parts) and path.is_dir()

    def _is_settled(self, watch: _Watch) -> bool:
        quiet = self._clock() - watch.since
        return bool(watch.signature) and watch.looks > 1 and quiet >= self._settings.settle_seconds

    def _is_finished(self, look: Look, parts: tuple[str, ...], watch: _Watch) -> bool:
        path = look.folder.joinpath(*parts)
        # Drops before it in the row may have taken long: what was seen of it is old by now.
        signature, contents = signed_contents(path)
        if signature != watch.signature or self._stays(path, parts):
            return False
        quiet = self._clock() - watch.since
        is_patient = quiet >= self._settings.share_settle_seconds
        if look.is_share and not is_patient:
            watch.patience = _SHARE
            return False
        finished = look.finished(
            contents, ends=quiet < self._settings.torn_seconds, is_last=is_patient
        )
        watch.is_open = finished is Finished.OPEN
        is_waiting = finished is Finished.UNKNOWN and not is_patient
        watch.patience = _UNSEEN if is_waiting else ""
        return finished is Finished.YES or (finished is Finished.UNKNOWN and is_patient)


def _looked_at(drop: WaitingDrop, before: _Watch | None, now: float) -> _Watch:
    try:
        signature = drop.signature()
    except FileNotFoundError:  # changing: look again
        return before or _Watch((), now, now)
    except OSError as error:  # locked, or not ours to read
        began = before.began if before else now
        return _Watch((), now, began, trouble=error.strerror or type(error).__name__)
    if before is None or before.signature != signature:
        return _Watch(signature, now, before.began if before else now)
    before.trouble = ""
    before.looks += 1
    return before

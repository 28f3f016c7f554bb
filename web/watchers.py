"""Tells whether somebody watches the folders, from the heartbeats of this home and of others."""

from __future__ import annotations

import math
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial

from pipeline.errors import SohoaError
from pipeline.intake import Heartbeat, last_heartbeat, watcher_id
from pipeline.model import WatcherHeartbeat
from pipeline.ports.archive import Watchers
from pipeline.settings import Settings
from web import labels

REFRESH_SECONDS = 20.0
_FIRST_ANSWER = 2.0  # seconds that the first page waits for the archive
_FORGOTTEN = timedelta(days=7)  # silence of a machine that is no more, while another one watches

_NOBODY = "Không có chương trình nào theo dõi thư mục: tệp thả vào chưa được lấy."


class WatcherStates:
    """The heartbeats of all watchers known; a served archive is asked beside the handlers."""

    def __init__(self, settings: Settings, archive: Watchers) -> None:
        """Know the home of the settings, and the archive where other machines see it too."""
        self._home = settings.home
        self._archive = archive if settings.storage.kind != "disk" else None
        self._lock = threading.Lock()
        self._refresh: threading.Thread | None = None
        self._asked = -math.inf  # monotonic seconds; when the refresh began
        self._shared: tuple[WatcherHeartbeat, ...] | None = None  # None: not known yet

    def trouble(self) -> str:
        """Say that nobody watches, or that a watcher fell silent; empty when all is well."""
        if silence := self.silence():
            return silence
        heartbeats = self._heartbeats()
        return _NOBODY if heartbeats is not None and not heartbeats else ""

    def is_watched(self) -> bool:
        """Tell whether a watcher lives; False while none is known."""
        return any(not heartbeat.is_silent for heartbeat in self._heartbeats() or ())

    def silence(self) -> str:
        """Say that a watcher died without a word, or is stuck; empty when none did."""
        heartbeats = self._heartbeats() or ()
        is_watched = any(not heartbeat.is_silent for heartbeat in heartbeats)
        for heartbeat in heartbeats:
            is_old = datetime.now(UTC) - heartbeat.at > _FORGOTTEN
            if heartbeat.is_silent and not (is_watched and is_old):
                since = labels.date_time(heartbeat.at)
                return f"`sohoa watch`{_where(heartbeat)} im lặng từ {since}. Khởi động lại nó."
        return ""

    def stopping(self) -> str:
        """Say that a watcher was asked to stop and reads on; empty when none was."""
        for heartbeat in self._heartbeats() or ():
            if heartbeat.is_stopping:
                left = heartbeat.waits_for
                rest = f"đọc nốt {left} hồ sơ dở rồi dừng; " if left else ""
                name = f"`sohoa watch`{_where(heartbeat)}"
                return f"{name} đang dừng: {rest}tệp thả vào sẽ nằm chờ đến khi chạy lại."
        return ""

    def _heartbeats(self) -> tuple[Heartbeat, ...] | None:
        """Return the heartbeats of those that did not end; None when none is known yet."""
        own = last_heartbeat(self._home)
        shared = self._of_archive()
        if own is None and shared is None:
            return None
        mine = watcher_id(self._home) if own else ""
        others = (one for one in shared or () if not one.ended and one.watcher != mine)
        heartbeats = (Heartbeat(one.at, one.holder, (), one.waits_for) for one in others)
        return (*((own,) if own else ()), *heartbeats)

    def _of_archive(self) -> tuple[WatcherHeartbeat, ...] | None:
        """Return what the archive said last, and have it asked again when that is old."""
        if self._archive is None:
            return ()
        with self._lock:
            is_busy = self._refresh is not None and self._refresh.is_alive()
            if not is_busy and time.monotonic() - self._asked >= REFRESH_SECONDS:
                self._asked = time.monotonic()
                ask = partial(self._ask, self._archive)
                self._refresh = threading.Thread(target=ask, name="watchers", daemon=True)
                self._refresh.start()
        if self._shared is None and self._refresh:
            self._refresh.join(_FIRST_ANSWER)
        return self._shared

    def _ask(self, archive: Watchers) -> None:
        try:
            self._shared = tuple(archive.watchers())
        except SohoaError:
            return  # the part that is away is told by whoever needs it


def _where(heartbeat: Heartbeat) -> str:
    """Return the machine of a watcher, when it is another one."""
    machine = heartbeat.holder.rsplit(":", 2)[0]
    return "" if machine == socket.gethostname() else f" trên máy {machine}"

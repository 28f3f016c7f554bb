"""Runs the verification of the audit log beside the handlers: one at a time, however many ask."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from pipeline import clock
from pipeline.audit import AuditReport
from pipeline.errors import SohoaError


class ChainResult(NamedTuple):
    """What a verification found; neither report nor error while it runs on."""

    ended: datetime | None = None
    report: AuditReport | None = None
    error: str = ""


class ChainCheck:
    """The verification under way; one for the application, safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None
        self._result = ChainResult()

    def run(self, verify: Callable[[], AuditReport], patience: float) -> ChainResult:
        """Verify, or wait for the verification that is under way.

        Args:
            verify: verifies the whole log.
            patience: seconds to wait at most; it then goes on, and the next call waits for it.
        """
        with self._lock:
            running = self._running
            if running is None:
                self._result = ChainResult()
                running = threading.Thread(
                    target=self._verify, args=(verify,), name="audit chain", daemon=True
                )
                self._running = running
                running.start()
        running.join(patience)
        with self._lock:
            if running.is_alive():
                return ChainResult()
            if self._running is running:  # told: the next call verifies anew
                self._running = None
            return self._result

    def _verify(self, verify: Callable[[], AuditReport]) -> None:
        try:
            self._result = ChainResult(report=verify(), ended=clock.now())
        except SohoaError as error:
            self._result = ChainResult(error=f"{error.message} {error.remedy}", ended=clock.now())

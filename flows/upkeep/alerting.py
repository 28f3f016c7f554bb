"""Sends alerts through Apprise; addresses carry passwords and are never logged or printed."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import apprise

from pipeline.errors import MisconfiguredError
from pipeline.operation.alerts import AlertRule, decide
from pipeline.operation.notes import FOLDER, AlertNote, read_note, write_note

TITLE = "Sohoa"


class Sent(NamedTuple):
    """What a look at the rules led to."""

    began: tuple[AlertRule, ...]
    ended: tuple[AlertRule, ...]
    failed: tuple[str, ...]  # channels that did not take it, without their addresses


def addresses(urls: str) -> list[str]:
    """Return the addresses that a setting lists.

    Args:
        urls: parted by spaces and line ends, or as a JSON list.

    Raises:
        MisconfiguredError: Apprise does not know one of them; the message does not quote it.
    """
    text = urls.strip()
    listed = text.split()
    if text.startswith("["):
        try:
            listed = [str(each) for each in json.loads(text)]
        except ValueError:
            raise _unknown(1) from None
    for number, each in enumerate(listed, start=1):
        with _silent():
            is_known = apprise.Apprise.instantiate(each, suppress_exceptions=True) is not None
        if not is_known:
            raise _unknown(number)
    return listed


def look_and_tell(home: Path, found: Sequence[str], urls: Sequence[str]) -> Sent:
    """Send what began and what is over; what nobody took is sent again at the next look.

    Args:
        home: the home, which remembers what was sent.
        found: names of the rules that hold now.
        urls: the addresses.

    Raises:
        OSError: the home cannot be written.
    """
    with _alone(home):
        before = read_note(home, AlertNote) or AlertNote()
        told = decide(found, before, datetime.now(UTC))
        lines = [rule.begins for rule in told.begin] + [f"Hết: {rule.over}" for rule in told.end]
        if not lines:
            write_note(home, told.note)
            return Sent((), (), ())
        failed = send(urls, lines)
        if len(failed) == len(urls):  # nobody knows: begin anew next time
            note = AlertNote(before.open, told.note.began)
            write_note(home, note)
            return Sent((), (), failed)
        write_note(home, told.note)
        return Sent(told.begin, told.end, failed)


def send(urls: Sequence[str], lines: Sequence[str]) -> tuple[str, ...]:
    """Send lines to all channels; return those that did not take them, without their addresses.

    Args:
        urls: the addresses of the channels.
        lines: Vietnamese, without anything of people.
    """
    results = [(_channel(number, url), _sent(url, lines)) for number, url in enumerate(urls, 1)]
    return tuple(name for name, is_sent in results if not is_sent)


def _sent(url: str, lines: Sequence[str]) -> bool:
    with _silent():
        channel = apprise.Apprise()
        channel.add(url)
        return bool(channel.notify(title=TITLE, body="\n".join(lines)))


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Apprise from logging: its lines quote addresses and what servers answer."""
    logger = logging.getLogger("apprise")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Let one process at a time decide, so that nothing is sent twice."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _channel(number: int, url: str) -> str:
    kind = url.partition("://")[0]
    return f"kênh {number} ({kind})" if kind.isalnum() else f"kênh {number}"


def _unknown(number: int) -> MisconfiguredError:
    return MisconfiguredError(
        f"SOHOA_ALERTS__URLS: địa chỉ thứ {number} không phải của Apprise.",
        "Viết như mailto://…, tgram://…, json://máy/đường-dẫn; xem docs/operating.md, «Alerts».",
    )

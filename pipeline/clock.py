"""The office's clock: one time zone for receipts, pages, tables and the names of runs.

A machine may run in any zone (containers run in UTC). Moments are kept in UTC; people read them by
this clock, which the setting ``timezone`` names.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT = "Asia/Ho_Chi_Minh"

_zone = ZoneInfo(DEFAULT)


def set_zone(name: str) -> None:
    """Set the office's time zone for this process; called when the settings are read.

    Args:
        name: a name of the IANA data base, such as ``Asia/Ho_Chi_Minh``.
    """
    global _zone
    _zone = ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Tell whether a name is that of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # also what is a folder of zones, or none
        return False
    return bool(name)


def local(moment: datetime) -> datetime:
    """Return a moment, which carries its zone, by the office's clock."""
    return moment.astimezone(_zone)


def now() -> datetime:
    """Return the present moment by the office's clock."""
    return datetime.now(_zone)


def today() -> date:
    """Return the office's present day."""
    return now().date()

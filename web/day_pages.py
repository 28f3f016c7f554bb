"""Leads from a page that shows one day to the days before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class DayView:
    """What a page that shows one day knows of it."""

    day: date
    today: date

    @property
    def previous_day(self) -> date:
        """The day before."""
        return self.day - timedelta(days=1)

    @property
    def next_day(self) -> date | None:
        """The day after; None when the page shows today."""
        return self.day + timedelta(days=1) if self.day < self.today else None

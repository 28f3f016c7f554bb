"""Makes the day numbers by which an index filters and sorts dossiers: 2024-03-05 is 20240305.

``received`` is the day of scanning in Vietnam, ``reception`` the day on which a counter took the
papers, as the dossier's receipt says, and ``issued`` the days of its papers.
"""

from __future__ import annotations

from pipeline import clock
from pipeline.model import Dossier, Publication
from search.text.field_lines import ISO_DATE


def day_number(day: str) -> int:
    """Return an ISO day as a number that sorts as days do."""
    return int(day.replace("-", ""))


def day_numbers(publication: Publication) -> dict[str, tuple[int, ...]]:
    """Return the days of a dossier by column, ascending; without those that it does not have."""
    dates = (ISO_DATE.match(one.findings.get("issued_on", "")) for one in publication.entries)
    days = {
        "received": (day_number(clock.local(publication.dossier.received).date().isoformat()),),
        "reception": reception_day(publication.dossier),
        "issued": tuple(sorted({day_number(date[0]) for date in dates if date})),
    }
    return {column: numbers for column, numbers in days.items() if numbers}


def reception_day(dossier: Dossier) -> tuple[int, ...]:
    """Return the day of reception that the receipt names for certain; nothing without one."""
    day = dossier.find_day("received_on") or ""
    return (day_number(day),) if ISO_DATE.fullmatch(day) else ()

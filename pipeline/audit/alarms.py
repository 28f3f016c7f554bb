"""Finds what the auditor should look at in entries of the audit log, by three rules. Pure.

Many papers handed out to one account within an hour, papers of a unit that is not the account's
own, and many failed sign-ins of one account or from one address within an hour.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from pipeline.audit.entries import AuditResult, KeptEntry, Verb

_HOUR = timedelta(hours=1)
HANDED_OUT = frozenset({Verb.ORIGINAL, Verb.DOWNLOAD, Verb.EXPORT, Verb.UNMASK})
SHOWN = HANDED_OUT | {Verb.VIEW, Verb.HISTORY}


class Alarm(NamedTuple):
    """A rule that was broken; once for each time that the limit was reached anew."""

    rule: str  # handed_out, foreign_unit, failed_sign_ins
    subject: str  # the account, or the address
    at: datetime  # when the limit was reached
    times: int  # within the hour before


def find_alarms(
    entries: Iterable[KeptEntry], *, handed_out: int, foreign_unit: int, failed_sign_ins: int
) -> Iterator[Alarm]:
    """Yield the alarms in the order in which they were raised.

    A subject that stays over its limit raises one alarm, until an hour falls below the limit.

    Args:
        entries: the entries, oldest first.
        handed_out: how many papers handed out to one account within an hour raise an alarm.
        foreign_unit: how many views of a foreign unit's papers by one account within an hour do.
        failed_sign_ins: how many of one account, or from one address, within an hour do.
    """
    limits = {
        "handed_out": handed_out,
        "foreign_unit": foreign_unit,
        "failed_sign_ins": failed_sign_ins,
    }
    windows: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)
    raised = set[tuple[str, str]]()
    for entry in entries:
        for rule, subject in _counted(entry):
            window = windows[rule, subject]
            window.append(entry.at)
            while window and entry.at - window[0] > _HOUR:
                window.popleft()
            limit = limits[rule]
            if len(window) < limit:
                raised.discard((rule, subject))
            elif (rule, subject) not in raised:
                raised.add((rule, subject))
                yield Alarm(rule, subject, entry.at, len(window))


def _counted(entry: KeptEntry) -> Iterator[tuple[str, str]]:
    """Yield the rules for which an entry counts, each with the one it counts against."""
    verb, account = entry.text("verb"), entry.text("account")
    is_done = entry.text("result") == AuditResult.DONE
    if verb in HANDED_OUT and is_done:
        yield "handed_out", account
    if verb in SHOWN and is_foreign(entry):
        yield "foreign_unit", account
    if verb == Verb.SIGN_IN and not is_done:
        for subject in {account, entry.text("address")} - {""}:
            yield "failed_sign_ins", subject


def own_units(units: Iterable[str]) -> str:
    """Return the detail ``own_units`` of an account that is limited to units."""
    return "".join(f"{unit}\n" for unit in sorted(units))  # names have commas


def is_foreign(entry: KeptEntry) -> bool:
    """Tell whether an entry is about a dossier outside of the units of its account.

    Details ``unit`` and ``own_units`` say so (a line each; in older entries separated by commas);
    an account without ``own_units`` works for all units.
    """
    own, unit = entry.detail("own_units"), entry.detail("unit")
    units = own.splitlines() if own.endswith("\n") else own.split(",")
    return bool(own) and bool(unit) and unit not in units

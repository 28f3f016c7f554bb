"""Alarms are raised when a limit is reached within an hour, once, and by what counts alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.audit import Alarm, AuditResult, KeptEntry, Verb, find_alarms
from pipeline.audit.alarms import own_units

BEGAN = datetime(2026, 11, 28, 1, tzinfo=UTC)


def kept(minute: float, verb: Verb = Verb.ORIGINAL, **more: Any) -> KeptEntry:
    body = {"verb": str(verb), "account": "an", "result": "done"} | more
    return KeptEntry("0a", 1, BEGAN + timedelta(minutes=minute), body)


def raised(entries: list[KeptEntry], **limits: int) -> list[Alarm]:
    usual = {"handed_out": 3, "foreign_unit": 1, "failed_sign_ins": 3}
    return list(find_alarms(entries, **(usual | limits)))


@pytest.mark.parametrize("verb", [Verb.ORIGINAL, Verb.DOWNLOAD, Verb.EXPORT, Verb.UNMASK])
def test_many_papers_within_an_hour_raise_one_alarm(verb: Verb) -> None:
    (alarm,) = raised([kept(minute, verb) for minute in range(0, 50, 5)])
    assert (alarm.rule, alarm.subject, alarm.times) == ("handed_out", "an", 3)
    assert alarm.at == BEGAN + timedelta(minutes=10)


def test_the_same_over_more_than_an_hour_raises_none() -> None:
    assert raised([kept(minute) for minute in range(0, 600, 31)]) == []


def test_the_limit_reached_anew_is_another_alarm() -> None:
    assert len(raised([kept(minute) for minute in (0, 1, 2, 300, 301, 302)])) == 2


def test_each_account_has_an_hour_of_its_own() -> None:
    assert raised([kept(0), kept(1), kept(2, account="ba"), kept(3, account="ba")]) == []


def test_views_and_refusals_hand_nothing_out() -> None:
    views = [kept(minute, Verb.VIEW) for minute in range(9)]
    assert raised([*views, *(kept(9, result="refused") for _ in range(9))]) == []


@pytest.mark.parametrize(
    ("detail", "alarms"),
    [
        ({"unit": "H26.1", "own_units": "H26.2,H26.3"}, 1),
        ({"unit": "H26.2", "own_units": "H26.2,H26.3"}, 0),
        ({"unit": "Sở A, Hà Nội", "own_units": own_units({"Sở A, Hà Nội", "H26"})}, 0),
        ({"unit": "Sở A", "own_units": own_units({"Sở A, Hà Nội"})}, 1),
        ({"unit": "H26.1"}, 0),
        ({"own_units": "H26.2"}, 0),
        ({}, 0),
    ],
)
def test_a_foreign_units_paper(detail: dict[str, str], alarms: int) -> None:
    assert len(raised([kept(0, Verb.VIEW, detail=detail)])) == alarms


def test_failed_sign_ins_count_for_account_and_address() -> None:
    """One stranger tries many accounts, many strangers try one."""
    refused = {"result": str(AuditResult.REFUSED)}
    tries = [kept(n, Verb.SIGN_IN, account=f"a{n}", address="10.0.0.1", **refused)
             for n in range(3)]  # fmt: skip
    tries += [kept(9 + n, Verb.SIGN_IN, account="ba", address=f"10.0.1.{n}", **refused)
              for n in range(3)]  # fmt: skip
    assert [alarm.subject for alarm in raised(tries)] == ["10.0.0.1", "ba"]
    assert raised([kept(n, Verb.SIGN_IN) for n in range(9)]) == []

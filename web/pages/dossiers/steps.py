"""Names the four steps of digitising and how far a dossier is (TT 01/2023/TT-VPCP, Article 7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pipeline import clock
from pipeline.model import Dossier, Finding, Outcome

_GOOD, _WARN, _BAD, _QUIET = "good", "warn", "bad", "quiet"


class DigitisingStep(NamedTuple):
    """A step of digitising."""

    name: str
    state: str  # Vietnamese, for people
    tone: str  # good, warn, bad or quiet: a CSS class


def steps_of(dossier: Dossier) -> tuple[DigitisingStep, ...]:
    """Return how far a dossier is: copied, fields read, code given, stored.

    Args:
        dossier: the dossier as it is shown.
    """
    copied = DigitisingStep("Sao chụp", f"quét {clock.local(dossier.received):%d/%m/%Y}", _GOOD)
    read = DigitisingStep("Bóc tách", *_reading(dossier))
    return (
        copied,
        read,
        DigitisingStep("Cấp mã", *_code(dossier)),
        DigitisingStep("Lưu kho", *_stored(dossier)),
    )


def count_doubtful(dossier: Dossier) -> int:
    """Return the number of fields that somebody must check."""
    return sum(not finding.is_certain for finding in _findings(dossier))


def _reading(dossier: Dossier) -> tuple[str, str]:
    if dossier.outcome is Outcome.FAILED:
        return "không đọc được", _BAD
    if dossier.outcome is None:
        return "chưa đọc xong", _QUIET
    doubtful = count_doubtful(dossier)
    return (f"{doubtful} trường cần kiểm tra", _WARN) if doubtful else ("xong", _GOOD)


def _code(dossier: Dossier) -> tuple[str, str]:
    if not dossier.code:
        return "chưa có mã", _QUIET if dossier.outcome is None else _WARN
    if dossier.proposed_join:
        return "trùng mã, chờ quyết định", _WARN
    known = [finding for finding in _findings(dossier, "dossier_code")]
    if known and not any(finding.is_certain for finding in known):
        return "mã cần kiểm tra", _WARN
    return "đã có mã", _GOOD


def _stored(dossier: Dossier) -> tuple[str, str]:
    if dossier.outcome is Outcome.COMPLETE:
        return "đã lưu", _GOOD
    if dossier.outcome is Outcome.PARTIAL:
        return "đã lưu, chưa trọn vẹn", _WARN
    if dossier.outcome is Outcome.FAILED:
        return "mới lưu bản gốc", _BAD
    return "đã lưu bản gốc", _QUIET


def _findings(dossier: Dossier, name: str = "") -> Iterable[Finding]:
    for paper in dossier.documents:
        yield from (found for each, found in paper.findings.items() if name in ("", each))

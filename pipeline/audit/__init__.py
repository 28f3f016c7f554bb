"""Defines the audit log: entries of who did what, their hash chain, checks of it, and alarms."""

from __future__ import annotations

from pipeline.audit.alarms import Alarm, find_alarms
from pipeline.audit.chain import Chain, SegmentPlace
from pipeline.audit.checking import AuditFault, AuditReport, Flaw
from pipeline.audit.entries import AuditEntry, AuditResult, KeptEntry, Verb

__all__ = [
    "Alarm",
    "AuditEntry",
    "AuditFault",
    "AuditReport",
    "AuditResult",
    "Chain",
    "Flaw",
    "KeptEntry",
    "SegmentPlace",
    "Verb",
    "find_alarms",
]

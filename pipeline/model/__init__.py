"""Defines the domain model: the immutable values that all packages exchange."""

from __future__ import annotations

from pipeline.model.dossier import (
    CERTAIN,
    Document,
    Dossier,
    Finding,
    Outcome,
    PageNote,
    Record,
    Scan,
)
from pipeline.model.page import (
    Box,
    Line,
    Page,
    PageMeasures,
    PageRef,
    PageState,
    PageText,
    Source,
    View,
    Word,
    mean_confidence,
)
from pipeline.model.search import (
    MARK_CLOSE,
    MARK_OPEN,
    Hit,
    IndexEntry,
    Publication,
    Query,
    Results,
)
from pipeline.model.work import Check, DropReceipts, Lease, QueueEntry, Receipt, ReceiptStatus

__all__ = [
    "CERTAIN",
    "MARK_CLOSE",
    "MARK_OPEN",
    "Box",
    "Check",
    "Document",
    "Dossier",
    "DropReceipts",
    "Finding",
    "Hit",
    "IndexEntry",
    "Lease",
    "Line",
    "Outcome",
    "Page",
    "PageMeasures",
    "PageNote",
    "PageRef",
    "PageState",
    "PageText",
    "Publication",
    "Query",
    "QueueEntry",
    "Receipt",
    "ReceiptStatus",
    "Record",
    "Results",
    "Scan",
    "Source",
    "View",
    "Word",
    "mean_confidence",
]

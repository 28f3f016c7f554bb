"""Vietnamese text: one form to keep, one to compare, one to find; what its words look like."""

from __future__ import annotations

from pipeline.vietnamese.joined import parted
from pipeline.vietnamese.plausible import plausibility
from pipeline.vietnamese.repairing import Reading, repair
from pipeline.vietnamese.statistics import MODEL
from pipeline.vietnamese.text import canonical, fold, has_mark, nfc, syllables, tones_placed

__all__ = [
    "MODEL",
    "Reading",
    "canonical",
    "fold",
    "has_mark",
    "nfc",
    "parted",
    "plausibility",
    "repair",
    "syllables",
    "tones_placed",
]

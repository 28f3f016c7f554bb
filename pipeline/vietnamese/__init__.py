"""Vietnamese text: one form to keep, one to compare, one to find; what its words look like."""

from __future__ import annotations

from pipeline.vietnamese.correction import WordReading, repair
from pipeline.vietnamese.language_model import MODEL
from pipeline.vietnamese.text import canonical, fold, has_mark, nfc, syllables, tones_placed
from pipeline.vietnamese.word_split import parted

__all__ = [
    "MODEL",
    "WordReading",
    "canonical",
    "fold",
    "has_mark",
    "nfc",
    "parted",
    "repair",
    "syllables",
    "tones_placed",
]

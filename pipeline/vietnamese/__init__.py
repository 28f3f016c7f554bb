"""Normalises Vietnamese text and corrects OCR errors in it with a syllable language model."""

from __future__ import annotations

from pipeline.vietnamese.correction import WordReading, repair
from pipeline.vietnamese.language_model import MODEL
from pipeline.vietnamese.text import canonical, fold, has_mark, nfc, syllables, tones_placed
from pipeline.vietnamese.word_split import split_syllables

__all__ = [
    "MODEL",
    "WordReading",
    "canonical",
    "fold",
    "has_mark",
    "nfc",
    "repair",
    "split_syllables",
    "syllables",
    "tones_placed",
]

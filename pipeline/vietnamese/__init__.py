"""Normalises Vietnamese text and corrects OCR errors in it with a syllable language model."""

from __future__ import annotations

from pipeline.vietnamese.correction import repair
from pipeline.vietnamese.figures import repaired_figures
from pipeline.vietnamese.impossible import impossible_lines
from pipeline.vietnamese.language_model import MODEL, can_be_spelled, is_attested, is_legal
from pipeline.vietnamese.legacy_fonts import converted
from pipeline.vietnamese.letter_frames import repaired_frames
from pipeline.vietnamese.letter_spacing import SpacedWord, joined_letters
from pipeline.vietnamese.numbers import LOOKALIKES
from pipeline.vietnamese.page_words import WordReading
from pipeline.vietnamese.roman import repaired_numerals
from pipeline.vietnamese.second_readings import Doubt, Reading, doubtful_words, voted
from pipeline.vietnamese.spelling import ParsedWord, TokenKind, parse_word
from pipeline.vietnamese.text import (
    LETTERS,
    canonical,
    fold,
    has_mark,
    marks_in_order,
    nfc,
    syllables,
    tones_placed,
)
from pipeline.vietnamese.word_split import split_syllables

__all__ = [
    "LETTERS",
    "LOOKALIKES",
    "MODEL",
    "Doubt",
    "ParsedWord",
    "Reading",
    "SpacedWord",
    "TokenKind",
    "WordReading",
    "can_be_spelled",
    "canonical",
    "converted",
    "doubtful_words",
    "fold",
    "has_mark",
    "impossible_lines",
    "is_attested",
    "is_legal",
    "joined_letters",
    "marks_in_order",
    "nfc",
    "parse_word",
    "repair",
    "repaired_figures",
    "repaired_frames",
    "repaired_numerals",
    "split_syllables",
    "syllables",
    "tones_placed",
    "voted",
]

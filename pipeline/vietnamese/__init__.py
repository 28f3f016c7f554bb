"""Vietnamese text: one form to keep, one to compare, one to find."""

from __future__ import annotations

from pipeline.vietnamese.plausible import plausibility
from pipeline.vietnamese.text import canonical, fold, has_mark, nfc, syllables, tones_placed

__all__ = ["canonical", "fold", "has_mark", "nfc", "plausibility", "syllables", "tones_placed"]

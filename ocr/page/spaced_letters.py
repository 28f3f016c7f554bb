"""Joins the letters of a line that were printed apart into words, in layers and after OCR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.model import Word
from pipeline.vietnamese import SpacedWord, joined_letters

AnyWord = TypeVar("AnyWord", bound=Word)


def join_letters(words: Sequence[AnyWord]) -> list[AnyWord]:
    """Return the words of a line, left to right, those of single letters joined.

    A joined word keeps what was read as its raw text, and the least confidence of its letters.
    """
    places = [SpacedWord(word.text, word.box.left, word.box.right) for word in words]
    return [
        _join(words[group.start : group.stop]) if len(group) > 1 else words[group.start]
        for group in joined_letters(places)
    ]


def _join(letters: Sequence[AnyWord]) -> AnyWord:
    box = letters[0].box
    for letter in letters[1:]:
        box = box.union(letter.box)
    return replace(
        letters[0],
        text="".join(letter.text for letter in letters),
        confidence=min(letter.confidence for letter in letters),
        box=box,
        raw=" ".join(letter.text for letter in letters),
    )

"""Tells which figures of a letterhead stand as print does, and which of them nobody read surely.

What people write differs from print in height and base line (``digit_trust``). Print that the
engine was not sure of needs a second reading of these figures only. Pure: words, no pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.documents.digit_trust import CLEAN_DAY, stand_as_print, without_tail
from pipeline.documents.extract.header import Head
from pipeline.documents.extract.numbering import dating, numbering
from pipeline.documents.rows import Token
from pipeline.model import Box
from pipeline.vietnamese.numbers import real_date

_AROUND = re.compile(r"[Nn]g\wy"), re.compile(r"th\wng"), re.compile(r"n\wm")
_FIGURES = re.compile(r"\d{1,2}"), re.compile(r"\d{1,2}"), re.compile(r"(?:19|20)\d{2}")
_BEHIND = 0.5  # row heights behind the last figures that are looked at as well


class PrintedFigures(NamedTuple):
    """Figures that stand as print does, as the page's reading has them; upright pixels."""

    box: Box
    text: str
    left: int  # where the word before ends: a figure that the page's reading lost may stand there
    right: int  # where the word behind begins; of a number behind its slash
    is_doubtful: bool = False  # the engine was not sure of them


class PrintedValue(NamedTuple):
    """What is printed in a slot, as the page's reading has it."""

    value: str  # of the finding
    parts: tuple[PrintedFigures, ...]  # never none


def printed_number(head: Head, tokens: Sequence[Token], begin: int | None) -> PrintedValue | None:
    """Return the printed number of a letterhead; None where it may have been written.

    Args:
        head: the letterhead, which has a row with a number.
        tokens: the words of that row, from its label on.
        begin: where the label ends; None: not known.
    """
    found = numbering(head, None).get("number")
    if found is None:
        return None
    figures = list(_before_slash(tokens))
    if found.is_certain:
        parts = [
            PrintedFigures(
                box, text, begin if begin is not None and at == 0 else box.left, box.right
            )
            for at, (_, box, text) in enumerate(figures)
        ]
        return PrintedValue(found.value, tuple(parts)) if parts else None
    if len(figures) != 1 or begin is None:
        return None
    token, box, text = figures[0]
    token = without_tail(token)
    box = box._replace(height=token.box.height)
    if found.value != text or not stand_as_print([token], head.tokens):
        return None
    right = box.right + round(_BEHIND * box.height)
    left = min(begin, box.left)
    return PrintedValue(text, (PrintedFigures(box, text, left, right, is_doubtful=True),))


def printed_day(head: Head, tokens: Sequence[Token]) -> PrintedValue | None:
    """Return the printed day of a letterhead; None where it may have been written.

    Args:
        head: the letterhead.
        tokens: the words of the date's row, from ngày on.
    """
    found = dating(head).get("issued_on")
    if found is None:
        return None
    if found.is_certain:
        return _sure_day(found.value, tokens)
    words, figures = tokens[:6:2], tokens[1:6:2]
    texts = [token.text for token in figures]
    is_whole = all(map(re.Pattern.fullmatch, _AROUND, (token.text for token in words)))
    if len(figures) < 3 or not (is_whole and all(map(re.Pattern.fullmatch, _FIGURES, texts))):
        return None
    day = real_date(int(texts[2]), int(texts[1]), int(texts[0]))
    if day is None or day.isoformat() != found.value or not stand_as_print(figures, head.tokens):
        return None
    ends = [word.box.left for word in words[1:]]
    ends.append(figures[2].box.right + round(_BEHIND * figures[2].box.height))
    parts = [
        PrintedFigures(
            one.box, one.text, word.box.right, end, is_doubtful=one.confidence < CLEAN_DAY
        )
        for word, one, end in zip(words, figures, ends, strict=True)
    ]
    kept = tuple(part for part in parts if part.is_doubtful or len(part.text) < 3)
    return PrintedValue(found.value, kept) if any(part.is_doubtful for part in kept) else None


def _sure_day(value: str, tokens: Sequence[Token]) -> PrintedValue | None:
    ends = [*(token.box.left for token in tokens[1:]), tokens[-1].box.right]
    parts = tuple(
        PrintedFigures(token.box, token.text, before.box.right, end)
        for before, token, end in zip(tokens, tokens[1:], ends[1:], strict=False)
        if token.text.isdigit() and len(token.text) < 3
    )
    return PrintedValue(value, parts) if parts else None


def _before_slash(tokens: Sequence[Token]) -> Iterator[tuple[Token, Box, str]]:
    """Yield where the figures of a number stand; of ``12/QĐ-UBND`` its share of the letters."""
    for token in tokens:
        figures, slash, _ = token.text.partition("/")
        if figures[:1].isdigit():
            width = round(token.box.width * len(figures) / len(token.text))
            yield token, token.box._replace(width=max(width, 1)), figures
        if slash:
            return

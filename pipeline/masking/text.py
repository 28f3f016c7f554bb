"""Masks personal data in a text: numbers of people, dates of birth, addresses.

What is masked keeps its length, so that places in the text stay what they were.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.masking.addresses import find_addresses
from pipeline.masking.births import find_births
from pipeline.masking.numbers import find_numbers
from pipeline.masking.plain import HIDDEN, Hidden, composed, plain, unmarked

_HAS_NUMBER = re.compile(r"\d[^\d]{0,40}\d[^\d]{0,40}\d|[<«‹]")  # no number has fewer digits
_ISO = re.compile(r"(\d{4})-\d\d-\d\d")


class MaskedText(NamedTuple):
    """A text with its personal data hidden."""

    text: str  # as long as the text it was made of, in NFC
    hidden: tuple[Hidden, ...]  # by place


def masked(text: str) -> MaskedText:
    """Hide the personal data of a text.

    Args:
        text: the text; where it is not NFC it is made so first.
    """
    text = composed(text)
    digits = plain(text)
    letters = unmarked(digits)
    found = [
        *find_numbers(digits, letters),
        *find_births(digits, letters),
        *find_addresses(digits, letters),
    ]
    if not found:
        return MaskedText(text, ())
    shown = list(text)
    for hidden in found:
        for at, char in enumerate(hidden.shown, hidden.start):
            if char == HIDDEN:
                shown[at] = HIDDEN
    return MaskedText("".join(shown), tuple(sorted(found)))


def mask_text(text: str) -> str:
    """Return a text with its personal data hidden."""
    return masked(text).text


def mask_birth(date: str) -> str:
    """Return a date of birth, ISO or as read, day first with day and month hidden."""
    if match := _ISO.fullmatch(date):
        return f"{HIDDEN * 2}/{HIDDEN * 2}/{match[1]}"
    return _behind("sinh ngày: ", date)


def mask_address(address: str) -> str:
    """Return an address with house and street hidden."""
    return _behind("địa chỉ: ", address)


def _behind(label: str, value: str) -> str:
    shown = mask_text(label + value)[len(label) :]
    return shown if HIDDEN in shown or not any(map(str.isdecimal, value)) else mask_digits(shown)


def personal_numbers(text: str) -> tuple[Hidden, ...]:
    """Return the numbers of people in a text; they may overlap.

    Args:
        text: the text, NFC.
    """
    if not _HAS_NUMBER.search(text):
        return ()
    digits = plain(text)
    return tuple(find_numbers(digits, unmarked(digits)))


def mask_digits(text: str) -> str:
    """Return a text of unknown surroundings with all of its digits hidden."""
    return "".join(HIDDEN if char.isdecimal() else char for char in text)

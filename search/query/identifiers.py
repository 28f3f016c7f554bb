"""Finds numbers and codes in a query, in the forms that the index compares them in.

A document number may be typed without slash and dashes (``29snvcchc``), a dossier code without
dots and dashes or only its end, any other number with or without gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.documents import find_document_number, find_dossier_code
from pipeline.documents.symbols import KNOWN_ABBREVIATIONS
from pipeline.vietnamese import fold
from search.query.spelled import Spelled
from search.text.keywords import (
    code_end_key,
    code_key,
    number_key,
    said_code,
    said_number,
    value_key,
)
from search.text.numbers import SHORTEST, find_numbers, is_otherwise, is_phone, normal_number

_CODE_START = re.compile(
    r"(?:[a-z]\d{2}|[0-9a-z]{3}\.[0-9a-z]{2})(?:\.[0-9a-z]{1,5})*[.-][0-9a-z-]*"
)
_CODE_SQUEEZED = re.compile(
    r"(?:\d[0-9a-z]{2}[0-9a-z]{4}[a-z]\d\d|[a-z]\d\d[0-9a-z]{0,14})\d{10,13}"
)
_CODE_END = re.compile(r"(?:[0-9a-z]{1,6}[.-])*[0-9a-z]{0,5}?\d{4,7}|\d{6}[ -]\d{4,7}|\d{10,13}")
# Personal, tax and telephone numbers with gaps; serials of land titles (docs/domain.md §4).
_VALUE = re.compile(r"(?:\(?\+?\d(?:[ .()-]{0,2}\d){7,15})|[a-z]{2} ?\d{6,8}")
_NUMBER_SQUEEZED = re.compile(r"(\d{1,5}(?:(?:19|20)\d\d)?)([^\W\d_]{2}(?:-?[^\W_]){0,20})")
_NUMBER_SPACED = re.compile(r"(\d{1,5})((?:[ /-]{1,2}[^\W\d_][^\W_]{0,11}){1,5})")
_ABBREVIATED = re.compile(r"([^\W\d_]{2,4})\s*(\d{1,5})")  # qd 1811: short for 1811/qd
_NUMBER_ALONE = re.compile(r"0{0,2}[1-9]\d{0,4}")
_YEAR = re.compile(r"(?:19|20)\d\d")

_NO_SERIAL = {"số", "so"}
_ABBREVIATIONS = {fold(name) for name in KNOWN_ABBREVIATIONS}


class Identifiers(NamedTuple):
    """The keywords that a whole query names, and the beginnings of keywords it may stand for."""

    keys: tuple[str, ...]
    prefixes: tuple[str, ...]


def may_stand_for_whole(part: str) -> bool:
    """Tell whether a part of a word or number may find the whole.

    Numbers of people, phones and firms are found only by all of their digits: who may look for a
    part of them is decided here, once there are rights (issue "People").

    Args:
        part: the part as typed, a beginning or an end.
    """
    return len(part) >= 2 and part.isalpha()


def identifiers(text: str) -> Identifiers:
    """Return what a whole query names.

    Args:
        text: the text as typed, with normalised punctuation; words that are left out are not in it.
    """
    text = text.strip(' "“”„«»*')
    lowered = text.lower()
    found = [_dossier_code(text, lowered), _document_number(text, lowered), _value(lowered)]
    keys, prefixes = ([key for part in parts for key in part] for parts in zip(*found, strict=True))
    return Identifiers(tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(prefixes)))


def typed_numbers(text: str) -> Iterator[Spelled]:
    """Yield the numbers of a query that papers may print with other gaps, in order.

    Args:
        text: a stretch of what was typed, without dates and quotes, with normalised punctuation.
    """
    for found in find_numbers(text):
        normal, is_year = found.normal, len(found.normal) == 4 and _YEAR.fullmatch(found.normal)
        if found.is_sure and not is_year:
            typed = text[found.start : found.end]
            yield _spelled(found.start, found.end, typed, normal)


def whole_number(text: str) -> Spelled | None:
    """Return the number or serial that a whole query is; None when it is none.

    Args:
        text: the text as typed, with normalised punctuation.
    """
    typed = text.strip()
    if (
        not _VALUE.fullmatch(typed.lower())
        or is_otherwise(typed)
        or typed[:2].lower() in _NO_SERIAL
    ):
        return None
    if typed[:1].isalpha():
        joined = typed.replace(" ", "")
        spellings = dict.fromkeys([typed, joined, f"{joined[:2]} {joined[2:]}"])
        return Spelled(0, len(text), tuple(spellings), value_key(joined), (said_code(joined),))
    return _spelled(0, len(text), typed, normal_number(typed))


def quoted_spellings(phrase: str) -> tuple[str, ...]:
    """Return a phrase as typed, with its numbers joined, and with their thousands apart.

    Args:
        phrase: the words typed in quotes, with normalised punctuation.
    """
    joined, apart, end = "", "", 0
    for found in find_numbers(phrase):
        between = phrase[end : found.start]
        is_sum = found.is_sure and len(found.normal) > 4 and not found.normal.startswith("0")
        joined += between + (found.normal if found.is_sure else phrase[found.start : found.end])
        apart += between + (f"{int(found.normal):,}" if is_sum else phrase[found.start : found.end])
        end = found.end
    rest = phrase[end:]
    return tuple(dict.fromkeys([phrase, joined + rest, apart + rest]))


def squeezed_identifier(word: str) -> tuple[str, str] | None:
    """Return both keywords of a code or document number typed as one word; None if it is none.

    Returns:
        The keyword of the page whose own it is, and of one that mentions it.
    """
    if _CODE_SQUEEZED.fullmatch(word):
        return code_key(word), said_code(word)
    match = _NUMBER_SQUEEZED.fullmatch(word)
    if not match:
        return None
    return number_key(match[1], match[2]), said_code(match[1].lstrip("0") + match[2])


def _spelled(start: int, end: int, typed: str, normal: str) -> Spelled:
    spellings = [typed, normal, *(["84" + normal[1:]] if is_phone(normal) else [])]
    key = value_key(normal) if len(normal) >= SHORTEST else ""
    mentions = (said_number(normal),)
    return Spelled(start, end, tuple(dict.fromkeys(spellings)), key, mentions, normal)


def _dossier_code(text: str, lowered: str) -> tuple[list[str], list[str]]:
    if code := find_dossier_code(text):
        return [code_key(code)], []
    squeezed = "".join(lowered.split())
    joined = re.sub(r"[ .-]", "", lowered)
    keys = [code_key(joined)] if _CODE_SQUEEZED.fullmatch(joined) else []
    prefixes = [code_key(squeezed)] if _CODE_START.fullmatch(squeezed) else []
    if _CODE_END.fullmatch(lowered) and not _YEAR.fullmatch(lowered):
        prefixes.append(code_end_key(lowered))
    return keys, prefixes


def _document_number(text: str, lowered: str) -> tuple[list[str], list[str]]:
    keys, prefixes = [], []
    if number := find_document_number(text):
        keys.append(number_key(*number))
        prefixes.append(number_key(*number))
    elif _NUMBER_SQUEEZED.fullmatch(lowered) and (squeezed := squeezed_identifier(lowered)):
        keys.append(squeezed[0])
        prefixes.append(squeezed[0])
    elif spaced := _NUMBER_SPACED.fullmatch(lowered):
        keys.append(number_key(spaced[1], spaced[2]))
        if fold(spaced[2].strip(" /-").split(" ")[0].split("-")[0]) in _ABBREVIATIONS:
            prefixes.append(keys[0])
    elif _NUMBER_ALONE.fullmatch(lowered) and not _YEAR.fullmatch(lowered):
        keys.append(number_key(lowered, ""))
    if (short := _ABBREVIATED.fullmatch(lowered)) and (
        " " in lowered or fold(short[1]) in _ABBREVIATIONS
    ):
        prefixes.append(number_key(short[2], short[1]))
    return keys, prefixes


def _value(lowered: str) -> tuple[list[str], list[str]]:
    number = whole_number(lowered)
    return ([number.key] if number and number.key else []), []

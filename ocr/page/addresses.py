"""Mends e-mail and web addresses: what was torn apart is joined, signs no address has go.

Addresses have no Vietnamese marks and no gaps, and after their ``@`` only letters, digits, dots and
hyphens (RFC 5321, RFC 1123). A mended address keeps what was read as its raw text and makes no
finding certain: a letter read wrongly inside it cannot be known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from ocr.engines.port import OcrWord
from pipeline.model import CERTAIN

_HINTS = ("@", "®", "©", "http", "www", ".gov", ".edu", ".com")
_CAP = CERTAIN - 0.05  # a mended address makes no finding certain
_GAP = 0.9  # heights of a word between two pieces of an address, at most
_AT = re.compile(r"[®©(]*@[®©)(]+|[®©(]+@|(?<=\w)[®©](?=[\w-]+\.\w)")
_SLASHES = re.compile(r"\b(https?)[:;]/+(?=\w)", re.IGNORECASE)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,6}")
_WEB = re.compile(r"(?:https?://|www\.)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/\S*)?", re.IGNORECASE)
_LABEL = re.compile(r"(?:[^\W\d_]|-)+:(?!/)")  # glued to an address: Email:…
_ENDS = {"vn", "gov.vn", "com.vn", "edu.vn", "org.vn", "net.vn", "com", "org", "net"}
_AROUND = ".,;:()<>“”\"'"
_PIECES = 4  # that an address is torn into, at most


def with_addresses(words: Sequence[OcrWord]) -> list[OcrWord]:
    """Return the words of a line with its addresses mended.

    Args:
        words: the words of one line from left to right, boxes in pixels of one image.
    """
    mended: list[OcrWord] = []
    at = 0
    while at < len(words):
        count, word = _address(words[at : at + _PIECES])
        mended.append(word)
        at += count
    return mended


def _address(words: Sequence[OcrWord]) -> tuple[int, OcrWord]:
    """Return how many of the words are one address, and that; else the first word as it is."""
    reach = _reach(words)
    if not _has_hint("".join(word.text for word in words[:reach])):
        return 1, words[0]
    for count in range(reach, 0, -1):
        pieces = words[:count]
        read = "".join(word.text for word in pieces)
        if not _has_hint(read):
            continue
        text = _mended(read)
        if _is_address(text) and (count == 1 or _needs(pieces)):
            return count, _joined(pieces, text)
    return 1, words[0]


def _has_hint(read: str) -> bool:
    """Tell whether a text may be an address, which hardly any line has."""
    lower = read.lower()
    return any(hint in lower for hint in _HINTS)


def _reach(words: Sequence[OcrWord]) -> int:
    """Return how many words follow one another so closely that they may be one."""
    for place in range(1, len(words)):
        gap = words[place].box.left - words[place - 1].box.right
        if gap > _GAP * words[place - 1].box.height:
            return place
    return len(words)


def _needs(pieces: Sequence[OcrWord]) -> bool:
    """Tell whether each piece but the first is a part of an address and no word after one."""
    whole = _mended(pieces[0].text)
    for piece in pieces[1:]:
        text = piece.text
        is_torn_at = whole.endswith("@") or text.startswith("@")
        is_torn_dot = whole.endswith(".") and text.strip(_AROUND) in _ENDS
        is_torn_slash = whole.endswith("://") or text.startswith("/")
        if not (is_torn_at or is_torn_dot or is_torn_slash or text.startswith(".")):
            return False
        whole = _mended(whole + text)
    return True


def _mended(read: str) -> str:
    text = _SLASHES.sub(r"\1://", _AT.sub("@", read))
    if "@" not in text and "://" not in text and "www." not in text:
        return text
    label = match[0] if (match := _LABEL.match(text)) else ""
    bare = unicodedata.normalize("NFD", text[len(label) :].replace("đ", "d").replace("Đ", "D"))
    return label + "".join(char for char in bare if not unicodedata.combining(char))


def _is_address(text: str) -> bool:
    bare = text.strip(_AROUND)
    bare = _LABEL.sub("", bare)
    return bool(_MAIL.fullmatch(bare) or _WEB.fullmatch(bare))


def _joined(pieces: Sequence[OcrWord], text: str) -> OcrWord:
    read = " ".join(word.text for word in pieces)
    if text == read:
        return pieces[0]
    box = pieces[0].box
    for piece in pieces[1:]:
        box = box.union(piece.box)
    confidence = min(_CAP, *(piece.confidence for piece in pieces))
    return replace(pieces[0], text=text, box=box, confidence=confidence, choices=(), raw=read)

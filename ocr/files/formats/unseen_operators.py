"""Reads a PDF page's content where all its operators place pictures or text that may be invisible.

Each operator must have just the operands that ISO 32000-1 gives it, by number and kind: about
others poppler complains, and what it then paints is its own choice.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Name

_MOST_STREAMS = 50
_KEYS = {"/Length", "/Filter"}
_END = "End"  # put after the content, it shows whether operands are left over
_KINDS: dict[str, Callable[[Any], bool]] = {
    "integer": lambda operand: type(operand) is int,
    "number": lambda operand: type(operand) in {int, Decimal},
    "name": lambda operand: isinstance(operand, Name),
    "string": lambda operand: isinstance(operand, pikepdf.String),
    "strings": lambda operand: (
        isinstance(operand, pikepdf.Array)
        and all(
            type(part) in {int, Decimal} or isinstance(part, pikepdf.String) for part in operand
        )
    ),
    "properties": lambda operand: isinstance(operand, Name | pikepdf.Dictionary),
}
_OPERANDS: dict[str, str] = {
    **dict.fromkeys(("q", "Q", "BT", "ET", "T*", "EMC"), ""),
    **dict.fromkeys(("TL", "Tc", "Tw", "Tz", "Ts"), "number"),
    **dict.fromkeys(("Td", "TD"), "number number"),
    **dict.fromkeys(("cm", "Tm"), "number number number number number number"),
    **dict.fromkeys(("Do", "BMC", "MP"), "name"),
    **dict.fromkeys(("BDC", "DP"), "name properties"),
    **dict.fromkeys(("Tj", "'"), "string"),
    "Tf": "name number",
    "Tr": "integer",
    '"': "number number string",
    "TJ": "strings",
}


class UnfitContentError(ValueError):
    """A page's content does something else, is not well formed, or is too long to be looked at."""


class UnseenOperator(NamedTuple):
    """An operator with its operands, which are of the right kinds."""

    name: str
    operands: list[Any]


def operators_of(pdf: pikepdf.Pdf, page: pikepdf.Page, most: int) -> Iterator[UnseenOperator]:
    """Yield the operators of a page.

    Args:
        pdf: the open file.
        page: one of its pages.
        most: the bytes of content that are looked at, unpacked; the parser makes an object of
            every one or two.

    Raises:
        UnfitContentError: there is more of it, or something else in it.
        pikepdf.PdfError: it cannot be parsed.
        zlib.error: it cannot be unpacked.
    """
    content = pikepdf.Stream(pdf, _content(page, most) + f"\n{_END}".encode())
    *instructions, end = pikepdf.parse_content_stream(content)
    if str(end.operator) != _END or len(end.operands):
        raise UnfitContentError
    for instruction in instructions:
        name, operands = str(instruction.operator), list(instruction.operands)
        kinds = _OPERANDS[name].split() if name in _OPERANDS else None
        if kinds is None or len(kinds) != len(operands):
            raise UnfitContentError
        if not all(_KINDS[kind](each) for kind, each in zip(kinds, operands, strict=True)):
            raise UnfitContentError
        yield UnseenOperator(name, operands)


def _content(page: pikepdf.Page, most: int) -> bytes:
    """Return the unpacked content of a page; no more than one byte too many is unpacked."""
    content = page.obj.Contents
    streams = list(content) if isinstance(content, pikepdf.Array) else [content]
    if len(streams) > _MOST_STREAMS:
        raise UnfitContentError
    data = b""
    for stream in streams:
        if not isinstance(stream, pikepdf.Stream) or not set(stream.keys()) <= _KEYS:
            raise UnfitContentError
        data += _unpacked(stream, most - len(data)) + b"\n"
        if len(data) > most:
            raise UnfitContentError
    return data


def _unpacked(stream: pikepdf.Stream, most: int) -> bytes:
    packed = stream.read_raw_bytes()
    named: Any = stream.get("/Filter")
    if named is None:
        return packed
    if isinstance(named, pikepdf.Array) and len(named) == 1:
        named = named[0]
    if named != Name.FlateDecode:
        raise UnfitContentError
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(packed, most + 1)
    if not unpacking.eof:
        raise UnfitContentError
    return data

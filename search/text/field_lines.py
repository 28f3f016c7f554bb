"""Makes the lines of fields that are indexed of a document, without numbers of people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.vietnamese import nfc
from search.text.hidden_numbers import NumberHash, Taken, take_numbers

# Fields that are one number of a person or firm.
OF_PEOPLE = ("personal_id", "phone", "tax_code", "owner_id")
ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def clean(text: str) -> str:
    """Return a text as it is stored: in NFC, without lone surrogates, which UTF-8 cannot encode."""
    return nfc(text.encode("utf-8", "replace").decode())


def field_lines(
    heading: str, values: Mapping[str, str], name: str, code: str | None, hashing: NumberHash
) -> Iterator[Taken]:
    """Yield the lines: heading, values, code and name.

    Args:
        heading: the document's type and number; empty where neither is known.
        values: name -> value of the fields that have a line of their own.
        name: the dossier's name.
        code: the dossier's code.
        hashing: hashes the numbers of people.
    """
    yield from _line(heading, hashing)
    for field in sorted(values):
        is_number = field in OF_PEOPLE
        yield from _line(_readable(values[field]), hashing, is_number=is_number)
    if code:
        yield Taken(" ".join(clean(code).split()), "", (), ())
    yield from _line(name, hashing)


def _line(text: str, hashing: NumberHash, *, is_number: bool = False) -> Iterator[Taken]:
    if line := " ".join(clean(text).split()):
        yield take_numbers(line, hashing, is_number=is_number)


def _readable(value: str) -> str:
    """Return an ISO date as people write it, anything else as it is."""
    match = ISO_DATE.fullmatch(value)
    return f"{match[3]}/{match[2]}/{match[1]}" if match else value

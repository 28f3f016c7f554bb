"""Reads the texts of QR codes that offices print: on identity cards and on receipts.

A chip card's QR is ``number|old number|name|ddmmyyyy|sex|address|ddmmyyyy``; cards from 1/7/2024
may carry more parts (docs/domain.md §4.2). What papers of the one-stop system carry is known, how
it is written is not (§1.5): codes are told by their grammar, days by the names of their parts.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pipeline.documents.extract.identifiers import find_dossier_codes, find_procedure_codes
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.machine_readable.cover_sheets import PREFIX
from pipeline.vietnamese import nfc
from pipeline.vietnamese.numbers import real_date

LONGEST = 1_500  # letters of a text that is understood; a card's has some 200
_CARD_PARTS, _MOST_PARTS = 7, 16
_NUMBER, _OLD_NUMBER, _DAY = (
    re.compile(pattern, re.ASCII) for pattern in (r"\d{12}", r"\d{9}|", r"\d{8}")
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.\-])*")
_LONGEST_NAME, _LONGEST_ADDRESS = 80, 250
_SEXES = frozenset({"Nam", "Nữ"})
_DUE = re.compile(
    r"(?:ngay\W?hen|hen\W?tra|due)\D{0,24}?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII
)
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>]")


class CardText(NamedTuple):
    """What the QR of a chip card says of its holder."""

    personal_id: str  # 12 digits
    full_name: str  # with its marks
    born_on: date
    sex: str
    address: str
    issued_on: date | None


class PaperText(NamedTuple):
    """What the QR of a paper of the one-stop system says; empty where it does not say it."""

    dossier_code: str = ""
    procedure_code: str = ""
    due_on: date | None = None


def card_text(text: str) -> CardText | None:
    """Return what a card's QR says; None for any other text, or one that is not wholly right."""
    if len(text) > LONGEST or _UNPRINTED.search(text):
        return None
    parts = [nfc(part).strip() for part in text.split("|")]
    if not _CARD_PARTS <= len(parts) <= _MOST_PARTS:
        return None
    number, old, name, born, sex, address, issued = parts[:_CARD_PARTS]
    born_on, issued_on = _day(born), _day(issued)
    is_card = (
        _NUMBER.fullmatch(number)
        and _OLD_NUMBER.fullmatch(old)
        and _NAME.fullmatch(name)
        and len(name) <= _LONGEST_NAME
        and sex in _SEXES
        and len(address) <= _LONGEST_ADDRESS
    )
    if not is_card or born_on is None or (issued and issued_on is None):
        return None
    return CardText(number, " ".join(name.split()), born_on, sex, address, issued_on)


def paper_text(text: str) -> PaperText | None:
    """Return what a paper's QR says of its dossier; None where it names none, or several.

    A sheet of ours that is damaged, or of another version, says nothing.
    """
    if len(text) > LONGEST or f"{PREFIX}|" in text.upper():
        return None
    codes = {code.text for code in find_dossier_codes(text) if code.received}
    if len(codes) != 1:
        return None
    named = set(find_procedure_codes(text))
    due = {match.groups() for match in _DUE.finditer(folded_digits(text))}
    (code,) = codes
    return PaperText(
        code,
        named.pop() if len(named) == 1 else "",
        real_date(*(int(part) for part in reversed(due.pop()))) if len(due) == 1 else None,
    )


def folded_digits(text: str) -> str:
    """Return a text folded word by word, its digits and signs kept."""
    return re.sub(r"[^\W\d_]+", lambda word: folded_text(word[0]), nfc(text))


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    return real_date(int(text[4:]), int(text[2:4]), int(text[:2]))

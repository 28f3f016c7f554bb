"""Writes and reads the text of cover sheets' QR codes, and tells which pages are such sheets.

    SOHOA|1|C|<dossier code>|<procedure code>|<component>|<check digits>
    SOHOA|1|S||||<check digits>

The check digits are those of ISO/IEC 7064, MOD 97-10, over the UTF-8 bytes before the last bar read
as one number. Text of another version, or with wrong digits, is a foreign code: it changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.documents.extract.identifiers import find_dossier_code, find_procedure_codes
from pipeline.model import Page, PageCode, PageSign, PageText
from pipeline.model.page import SignKind
from pipeline.vietnamese import nfc

PREFIX, VERSION = "SOHOA", "1"
MOST_LETTERS = 200  # of a component's name
_KINDS = {"C": SignKind.COVER, "S": SignKind.SEPARATOR}
_LETTER = {kind: letter for letter, kind in _KINDS.items()}
_PARTS = 7
# Whoever copies our code onto a paper must not take that paper out of its dossier: a sheet of ours
# has a large code and few words.
_LEAST_SIDE = 0.15  # of the code, as a share of the page's shorter side
_MOST_WORDS = 120
_MODULUS = 97


class CoverSheet(NamedTuple):
    """What a cover sheet says of the papers behind it; empty where it says nothing."""

    kind: SignKind
    code: str = ""  # of the dossier
    procedure: str = ""  # its code
    component: str = ""  # the name of the paper that follows


def encoded(sheet: CoverSheet) -> str:
    """Return the text of a sheet's QR code.

    Raises:
        ValueError: a part is not what it should be; the text names the part.
    """
    sheet = sheet._replace(component=nfc(sheet.component).strip())
    for name, is_right in _checks(sheet).items():
        if not is_right:
            raise ValueError(name)
    body = "|".join((PREFIX, VERSION, _LETTER[sheet.kind], *sheet[1:]))
    return f"{body}|{_check_digits(body)}"


def decoded(text: str) -> CoverSheet | None:
    """Return what a sheet of ours says; None for the text of any other code."""
    parts = text.split("|")
    if len(parts) != _PARTS or parts[:2] != [PREFIX, VERSION] or parts[2] not in _KINDS:
        return None
    if parts[-1] != _check_digits(text.rpartition("|")[0]):
        return None
    sheet = CoverSheet(_KINDS[parts[2]], *parts[3:6])
    return sheet if all(_checks(sheet).values()) else None


def _checks(sheet: CoverSheet) -> dict[str, bool]:
    """Return for each part whether it is what it should be."""
    says = bool(sheet.code or sheet.procedure or sheet.component)
    return {
        "code": sheet.code in ("", find_dossier_code(sheet.code)),
        "procedure": not sheet.procedure or find_procedure_codes(sheet.procedure) == [sheet[2]],
        "component": _is_printable(sheet.component),
        "kind": says if sheet.kind is SignKind.COVER else not says,
    }


def _is_printable(name: str) -> bool:
    has_control = any(unicodedata.category(char)[0] in "CZ" and char != " " for char in name)
    return len(name) <= MOST_LETTERS and "|" not in name and not has_control


def _check_digits(body: str) -> str:
    rest = int.from_bytes(body.encode(errors="surrogatepass")) * 100 % _MODULUS
    return f"{_MODULUS + 1 - rest:02d}"


def signs_of(
    codes: Sequence[PageCode], text: PageText, size: tuple[int, int]
) -> tuple[PageSign, ...]:
    """Return what kind of sheet of ours a page is: one sign, or none.

    Two sheets' codes on one page contradict each other, so it is none.

    Args:
        codes: the codes on the page.
        text: its words.
        size: its width and height in pixels.
    """
    least = _LEAST_SIDE * min(size)
    said = {
        code.text: sheet
        for code in codes
        if code.box.width >= least and (sheet := decoded(code.text))
    }
    if len(said) != 1 or len(text.words) > _MOST_WORDS:
        return ()
    ((value, sheet),) = said.items()
    return (PageSign(sheet.kind, "qr", value),)


def sheet_of(page: Page) -> CoverSheet | None:
    """Return what a page says as a cover sheet or separator of ours; None where it is neither."""
    values = {code.text for code in page.codes}
    said = (decoded(sign.value) for sign in page.signs if sign.value in values)
    return next(filter(None, said), None)

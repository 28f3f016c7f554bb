"""Normalises what a person types as the value of a field, or says why it is none."""

from __future__ import annotations

import re
import unicodedata

from pipeline.documents import find_dossier_code
from pipeline.documents.document_types import DOCUMENT_TYPES
from pipeline.documents.extract.dates import find_dates_in_digits
from pipeline.documents.fields import BY_NAME, FieldKind
from pipeline.documents.fuzzy import folded_text
from pipeline.errors import CorrectionRefusedError
from pipeline.plain_text import one_line, remove_unseen
from pipeline.vietnamese.numbers import real_date

LONGEST = 500  # characters; a summary takes a few lines of a page

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_LABELS = {folded_text(one.label): one.label for one in DOCUMENT_TYPES}


def typed_value(name: str, text: str) -> str:
    """Return the value of a field as records hold it, from what a person typed.

    Args:
        name: the field's name in ``pipeline.documents.fields``.
        text: the typed words; a date as d/m/yyyy, d-m-yyyy, d.m.yyyy, yyyy-mm-dd or a year alone.

    Raises:
        CorrectionRefusedError: there is no such field, or this is no value of it.
    """
    if name not in BY_NAME:
        raise CorrectionRefusedError(
            f"Không có trường «{one_line(name)}».", f"Các trường: {', '.join(BY_NAME)}."
        )
    label = BY_NAME[name].label
    value = " ".join(unicodedata.normalize("NFC", remove_unseen(text)).split())
    if not value:
        raise CorrectionRefusedError(
            f"«{label}» chưa có giá trị.", "Nếu giấy không có trường này thì bỏ trường đi."
        )
    if len(value) > LONGEST:
        raise CorrectionRefusedError(
            f"«{label}» dài quá {LONGEST} ký tự.", "Rút gọn theo đúng phần in trên giấy."
        )
    if BY_NAME[name].kind is FieldKind.DATE:
        return _date(label, value)
    if name == "dossier_code":
        return _code(value)
    return _LABELS.get(folded_text(value), value) if name == "document_type" else value


def _date(label: str, value: str) -> str:
    if _YEAR.fullmatch(value):
        return value
    if match := _ISO.fullmatch(value):
        day = real_date(*map(int, match.groups()))
    else:
        found = find_dates_in_digits(value)
        whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(value))
        day = found[0].day if whole else None
    if day is None:
        raise CorrectionRefusedError(
            f"«{label}» không phải một ngày có thật.", "Viết ngày/tháng/năm, ví dụ 05/01/2026."
        )
    return day.isoformat()


def _code(value: str) -> str:
    code = find_dossier_code(value)
    if code is None:
        raise CorrectionRefusedError(
            "Đây không phải một mã hồ sơ.", "Mã có dạng H26.19.25-260105-0007."
        )
    return code

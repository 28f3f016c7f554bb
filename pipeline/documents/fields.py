"""The table of fields: each name once, with its Vietnamese label and how it is indexed and shown.

Extraction, index, JSON and the reading room read this table. To add a field: a row here, an
extractor in ``pipeline/documents/extract/`` and its line in ``EXTRACTORS``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class FieldKind(StrEnum):
    """What a field's value is."""

    TEXT = "text"  # as printed, NFC
    DATE = "date"  # ISO, or a year alone: year-only births are lawful
    IDENTIFIER = "identifier"  # compared without gaps, dots and dashes


class Field(NamedTuple):
    """What is known of a field before any paper is read."""

    name: str  # in records, index, JSON and filters
    label: str  # Vietnamese, as people read it
    kind: FieldKind = FieldKind.TEXT
    is_keyword: bool = False  # its whole value is a keyword of the index
    has_own_line: bool = True  # False: told in one line with others, Quyết định 12/QĐ-UBND


_DATE, _IDENTIFIER = FieldKind.DATE, FieldKind.IDENTIFIER

FIELDS = (  # in the order in which a letterhead is read, which is the order they are shown in
    Field("document_type", "Loại giấy tờ", has_own_line=False),
    Field("number", "Số", has_own_line=False),
    Field("symbol", "Ký hiệu", has_own_line=False),
    Field("issued_on", "Ngày ban hành", _DATE),
    Field("summary", "Trích yếu"),
    Field("issuer", "Cơ quan ban hành"),
    Field("parent_issuer", "Cơ quan chủ quản"),
    Field("place", "Địa danh"),
    Field("signer", "Người ký"),
    Field("signer_title", "Chức vụ người ký"),
    Field("authority", "Thẩm quyền ký"),
    Field("recipients", "Nơi nhận"),
    Field("dossier_code", "Mã hồ sơ", _IDENTIFIER),
    Field("procedure_code", "Mã thủ tục", _IDENTIFIER),
    Field("procedure_name", "Tên thủ tục"),
    Field("received_on", "Ngày tiếp nhận", _DATE),
    Field("due_on", "Ngày hẹn trả", _DATE),
    Field("receiving_unit", "Đơn vị tiếp nhận"),
    Field("component", "Thành phần hồ sơ"),  # as a cover sheet names the paper behind it
    # The paper's own person: the applicant on a receipt or form, else whom it is about.
    Field("full_name", "Họ và tên"),
    Field("applicant", "Người nộp"),
    Field("subject", "Người được khai"),
    Field("organisation", "Tổ chức"),
    Field("born_on", "Ngày sinh", _DATE),
    Field("address", "Địa chỉ"),
    Field("personal_id", "Số định danh cá nhân", _IDENTIFIER, is_keyword=True),
    Field("tax_code", "Mã số thuế", _IDENTIFIER, is_keyword=True),
    Field("land_title_serial", "Số phát hành giấy chứng nhận", _IDENTIFIER, is_keyword=True),
    Field("phone", "Điện thoại", _IDENTIFIER, is_keyword=True),
    # Whose a paper without a number is: as a person said who compared name and day of birth.
    Field("owner_id", "Chủ giấy tờ", _IDENTIFIER),
)

BY_NAME = {field.name: field for field in FIELDS}
_RANK = {field.name: rank for rank, field in enumerate(FIELDS)}


def rank_of(name: str) -> int:
    """Return where a field stands among others; names that are not in the table come last."""
    return _RANK.get(name, len(FIELDS))


def label_of(name: str) -> str:
    """Return the Vietnamese label of a field, its own name when it has none."""
    return BY_NAME[name].label if name in BY_NAME else name

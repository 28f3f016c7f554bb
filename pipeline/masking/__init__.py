"""Masking: hides numbers, birth dates and addresses of people in words, records and pictures."""

from __future__ import annotations

from pipeline.masking.dossiers import (
    PERSONAL_FIELDS,
    check_kinds,
    is_whole,
    mask_dossier,
    mask_record,
    personal_boxes,
    whole_pages,
)
from pipeline.masking.pages import (
    RULES,
    MaskedNumber,
    MaskedPage,
    PictureMask,
    join_masks,
    mask_page,
    may_picture,
)
from pipeline.masking.plain import HIDDEN, Hidden
from pipeline.masking.text import mask_digits, mask_text, masked, personal_numbers

__all__ = [
    "HIDDEN",
    "PERSONAL_FIELDS",
    "RULES",
    "Hidden",
    "MaskedNumber",
    "MaskedPage",
    "PictureMask",
    "check_kinds",
    "is_whole",
    "join_masks",
    "mask_digits",
    "mask_dossier",
    "mask_page",
    "mask_record",
    "mask_text",
    "masked",
    "may_picture",
    "personal_boxes",
    "personal_numbers",
    "whole_pages",
]

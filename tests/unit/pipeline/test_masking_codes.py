"""What codes say of people is neither shown nor left in the picture where data is masked."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from pipeline.documents.machine_readable.cover_sheets import CoverSheet, encoded
from pipeline.masking import PictureMask, mask_page
from pipeline.model import Box, PageCode
from pipeline.model.page import SignKind
from pipeline.records import Codec, PageLabel, StoredPage
from tests.support import typeset
from tests.support.coded_paper import CARD, NUMBER

BOX = Box(100, 200, 300, 300)
PAGE = typeset.page(("GIẤY TỜ CÓ MÃ", "một dòng chữ không nói về ai")).page


def inside(outer: Box, inner: Box) -> bool:
    across = outer.left <= inner.left and inner.right <= outer.right
    return across and outer.top <= inner.top and inner.bottom <= outer.bottom


@pytest.mark.parametrize(
    "text", [CARD, "", "https://example.invalid", "SOHOA|2|C|||x|12", "8934567890123"]
)
def test_a_code_is_painted_over_and_its_text_left_out(text: str) -> None:
    coded = replace(PAGE, codes=(PageCode("QRCode", text, BOX),))
    shown = mask_page(coded)
    assert shown.picture is PictureMask.PAINTED
    assert any(inside(box, BOX) for box in shown.boxes)
    assert shown.page.codes == () and NUMBER not in repr(shown)


def test_the_code_of_a_sheet_of_ours_is_no_secret() -> None:
    text = encoded(CoverSheet(SignKind.COVER, "H26.12.23-260701-0001"))
    assert mask_page(replace(PAGE, codes=(PageCode("QRCode", text, BOX),))).boxes == ()


def test_a_paper_that_is_masked_as_a_whole_keeps_no_code() -> None:
    shown = mask_page(replace(PAGE, codes=(PageCode("QRCode", CARD, BOX),)), is_whole=True)
    assert shown.picture is PictureMask.WHOLE and NUMBER not in repr(shown)


def test_a_reading_from_before_codes_is_one_without() -> None:
    codec = Codec(StoredPage)
    label = PageLabel("0" * 64, "c7-tess5-5-0-vie-vn3", 1, "0" * 64)
    stored = StoredPage(label.scan, label.recipe, label.number, label.picture, PAGE)
    coded = replace(stored, page=replace(PAGE, codes=(PageCode("QRCode", CARD, BOX),)))
    assert codec.load(codec.dump(coded)) == coded
    old = codec.dump(stored).replace(b'"codes": [], ', b"").replace(b', "signs": []', b"")
    assert b"codes" not in old and b"signs" not in old
    body = old[old.index(b", ") + 2 :]
    again = b'{"sha256": "' + hashlib.sha256(body).hexdigest().encode() + b'", ' + body
    assert codec.load(again) == stored

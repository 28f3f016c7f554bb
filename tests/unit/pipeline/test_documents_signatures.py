"""The signer of a document: name, post, and on whose behalf."""

from __future__ import annotations

from pipeline.documents import assemble
from pipeline.model import Finding
from tests.support.typeset import page, with_word
from tests.unit.pipeline.test_documents_heads import DECISION

NAME = "Trần Văn Giả"


def foot(rows: list[str], confidence: float = 0.96) -> dict[str, Finding]:
    body = ["Điều 1. Phê duyệt kế hoạch kèm theo Quyết định này.", ""]
    (document,) = assemble([page(DECISION), page([*body, *rows], number=2, confidence=confidence)])
    assert document.pages == (1, 2)
    return document.findings


def test_a_deputy_signs_for_the_chairman_on_behalf_of_the_committee() -> None:
    found = foot(
        [
            "Nơi nhận: || TM. ỦY BAN NHÂN DÂN",
            "- Như Điều 3; || KT. CHỦ TỊCH",
            "- Lưu: VT. || PHÓ CHỦ TỊCH",
            "",
            "",
            f" || {NAME}",
        ]
    )
    assert found["authority"].value == "TM+KT"
    assert found["signer_title"].value == "PHÓ CHỦ TỊCH"
    assert found["signer"].value == NAME
    assert found["signer"].is_certain
    assert found["signer"].page == 2


def test_columns_joined_and_dashes_misread() -> None:
    found = foot(
        ["Nơi nhận: || GIÁM ĐỐC", "- Như Điều 3; ||", "~ Lưu: VT, TCHC. ||", "", f" || {NAME}"]
    )
    assert found["recipients"].value == "Như Điều 3; Lưu: VT, TCHC"
    assert found["signer_title"].value == "GIÁM ĐỐC"
    assert found["signer"].value == NAME
    assert "authority" not in found


def test_a_post_that_was_not_read_is_not_replaced_by_the_one_above_it() -> None:
    found = foot(["Nơi nhận: || KT. CHỦ TỊCH", "- Lưu: VT. || ", "", f" || {NAME}"])
    assert not found["signer_title"].is_certain
    assert not found["authority"].is_certain


def test_a_name_under_a_seal_is_doubtful() -> None:
    rows = ["Nơi nhận: || GIÁM ĐỐC", "- Lưu: VT. || ", "", f" || {NAME}"]
    pages = [page(DECISION), with_word(page(rows, number=2), "Giả", confidence=0.5)]
    (document,) = assemble(pages)
    assert document.findings["signer"].value == NAME
    assert not document.findings["signer"].is_certain


def test_no_signature_on_a_page_without_one() -> None:
    found = foot(["Nguyễn Văn Thử là người nhận hồ sơ của Trung tâm trong quý I."])
    assert not {"signer", "signer_title", "authority", "recipients"} & set(found)

"""The table of fields: names, labels, dates and keywords, in the order people see them."""

from __future__ import annotations

from collections import Counter

from pipeline.documents import assemble
from pipeline.documents.fields import BY_NAME, FIELDS, FieldKind, label_of, rank_of
from tests.paper import draw_page
from tests.support.typeset import page
from tests.unit.pipeline.test_documents_assemble import HEADING

LAYOUTS = "ABCFG"
KEYWORDS = {"personal_id", "tax_code", "phone"}
TITLE = [*HEADING, "^GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT", "Thửa đất số: 12, tờ bản đồ số: 7",
         "Số phát hành: BC 123456"]  # fmt: skip


def extracted() -> set[str]:
    """Return the names of all fields that synthetic papers of every layout give."""
    names = set(assemble([page(TITLE)])[0].findings)
    for layout in LAYOUTS:
        for seed in range(4):
            rows = draw_page(layout, seed, 60).truth.text.split("\n")
            for document in assemble([page(rows)]):
                names |= document.findings.keys()
    return names


def test_every_name_stands_once_and_has_a_label_of_its_own() -> None:
    names = Counter(field.name for field in FIELDS)
    labels = Counter(field.label for field in FIELDS)
    assert max(names.values()) == max(labels.values()) == 1
    assert all(field.label for field in FIELDS)


def test_what_extractors_find_stands_in_the_table() -> None:
    assert extracted() <= BY_NAME.keys()


def test_numbers_of_people_are_keywords_of_the_index() -> None:
    assert all(BY_NAME[name].is_keyword for name in KEYWORDS)


def test_an_unknown_name_is_shown_as_it_is_and_comes_last() -> None:
    assert label_of("shoe_size") == "shoe_size"
    assert rank_of("shoe_size") > max(map(rank_of, BY_NAME))
    assert rank_of("document_type") < rank_of("number") < rank_of("issued_on")


def test_dates_are_dates_and_keywords_are_identifiers() -> None:
    assert BY_NAME["issued_on"].kind is FieldKind.DATE
    assert all(field.kind is FieldKind.IDENTIFIER for field in FIELDS if field.is_keyword)


def test_a_land_title_gives_its_serial_with_doubt() -> None:
    (document,) = assemble([page(TITLE)])
    assert document.type == "Giấy chứng nhận quyền sử dụng đất"
    assert document.findings["land_title_serial"].value == "BC 123456"
    assert not document.findings["land_title_serial"].is_certain


def test_a_serial_on_another_paper_is_no_land_title_serial() -> None:
    rows = [*HEADING, "^GIẤY KHAI SINH", "^Số: 69/2026", "Quyển số: BC 123456"]
    (document,) = assemble([page(rows)])
    assert "land_title_serial" not in document.findings

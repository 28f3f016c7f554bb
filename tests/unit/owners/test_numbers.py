"""Whose a paper is: by a certain number on it alone; when a paper ends: by its type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipeline.errors import QueryError
from pipeline.model import Document, Dossier, Finding, Source, ValidityState, Withheld
from pipeline.owners import owner_number, owner_papers, owners_of, validity_on
from pipeline.owners.numbers import keys_of, makes_owner, name_keys, phone_key

NUMBER = "031090001562"  # made up
DAY = date(2026, 3, 5)


def paper(kind: str, **values: str) -> Document:
    found = {name: Finding(value, value, 0.95, Source.OCR) for name, value in values.items()}
    return Document(kind, (1,), found)


def dossier(*documents: Document) -> Dossier:
    return Dossier("0a01", "giấy.pdf", datetime(2026, 3, 1, tzinfo=UTC), documents=documents)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("031090001562", "person:031090001562"),
        (" 0310 9000 1562\n", "person:031090001562"),
        ("012345678", "person:012345678"),
        ("0101234567", "tax:0101234567"),
        ("0101234567-001", "tax:0101234567001"),
    ],
)
def test_a_number_has_one_form(typed: str, number: str) -> None:
    assert owner_number(typed) == number


@pytest.mark.parametrize("typed", ["", "Nguyễn Văn Mẫu", "12345", "03109000156x", "٠٣١٠٩٠٠٠١٥٦٢"])
def test_a_name_or_another_number_finds_nobody(typed: str) -> None:
    with pytest.raises(QueryError):
        owner_number(typed)


def test_a_persons_tax_code_is_their_identity_number() -> None:
    one, other = paper("Đơn", personal_id=NUMBER), paper("Tờ khai thuế", tax_code=NUMBER)
    found = owner_papers(dossier(one, replace(other, pages=(2,))), 3)
    assert found.numbers == ((f"person:{NUMBER}", 1), (f"person:{NUMBER}", 2))


def test_a_doubtful_number_is_nobodys_until_a_person_confirms_it() -> None:
    doubtful = Finding(NUMBER, NUMBER, 0.6, Source.OCR)
    state = dossier(Document("Đơn", (1,), {"personal_id": doubtful}))
    assert owner_papers(state, 1).numbers == ((f"unsure:person:{NUMBER}", 1),)
    assert not makes_owner(f"unsure:person:{NUMBER}")
    sure = replace(doubtful, confirmed_by="lan")
    state = dossier(Document("Đơn", (1,), {"personal_id": sure}))
    assert owner_papers(state, 2).numbers == ((f"person:{NUMBER}", 1),)


def test_a_name_alone_makes_no_owner() -> None:
    document = paper("Đơn", full_name="NGUYỄN  VĂN MẪU", born_on="1990-01-02")
    assert owners_of(document) == ()
    ((key, page),) = owner_papers(dossier(document), 1).numbers
    assert (key, page) == (name_keys("nguyen van mau", date(1990, 1, 2))[0], 1)
    assert not makes_owner(key)


@pytest.mark.parametrize("typed", ["0900 000 663", "+84900000663", "84.900.000.663", "0900000663"])
def test_a_phone_has_one_form(typed: str) -> None:
    document = paper("Đơn", phone="0900 000 663")
    assert phone_key(typed) in keys_of(document)
    for wrong in ("900000663", "0900", "phone", ""):
        with pytest.raises(QueryError):
            phone_key(wrong)


def test_what_is_withheld_or_joined_is_nobodys() -> None:
    state = dossier(paper("Đơn", personal_id=NUMBER))
    secret = Withheld(datetime(2026, 3, 1, tzinfo=UTC), "sohoa", "Tài liệu mật")
    assert owner_papers(replace(state, withheld=secret), 2).numbers == ()
    assert owner_papers(replace(state, joined_into="0a02"), 2).numbers == ()


MARITAL = "Giấy xác nhận tình trạng hôn nhân"
CARD = "Thẻ căn cước"


@pytest.mark.parametrize(
    ("document", "state", "until"),
    [
        (paper(MARITAL, issued_on="2025-09-05"), "valid", date(2026, 3, 5)),
        (paper(MARITAL, issued_on="2025-09-04"), "expired", date(2026, 3, 4)),
        (paper(MARITAL, issued_on="2025-08-31"), "expired", date(2026, 2, 28)),
        (paper(MARITAL), "unknown", None),
        (paper(CARD, born_on="1990-05-06", issued_on="2021-01-01"), "valid", date(2030, 5, 6)),
        (paper(CARD, born_on="2001-02-03", issued_on="2020-01-01"), "expired", date(2026, 2, 3)),
        (paper(CARD, born_on="2001-02-03", issued_on="2024-02-03"), "valid", date(2041, 2, 3)),
        (paper(CARD, born_on="1960-02-03", issued_on="2021-02-03"), "lasting", None),
        (paper(CARD, born_on="1990", issued_on="2021-01-01"), "unknown", None),
        (paper("Giấy chứng minh nhân dân"), "expired", date(2024, 12, 31)),
        (paper("Giấy khai sinh", issued_on="1990-01-01"), "lasting", None),
        (paper("Phiếu lý lịch tư pháp", issued_on="2026-03-01"), "unknown", None),
        (paper("Quyết định", issued_on="2026-03-01"), "unknown", None),
        (paper(""), "unknown", None),
    ],
)
def test_what_holds_on_a_day(document: Document, state: str, until: date | None) -> None:
    found = validity_on(document, DAY)
    assert (found.state, found.until) == (ValidityState(state), until)


def test_a_doubtful_day_proves_nothing() -> None:
    doubtful = Finding("2026-03-01", "01/03/2026", 0.6, Source.OCR)
    found = validity_on(Document(MARITAL, (1,), {"issued_on": doubtful}), DAY)
    assert found.state is ValidityState.UNKNOWN


def test_every_type_of_a_rule_is_a_type_that_papers_have() -> None:
    from pipeline.documents.document_types import DOCUMENT_TYPES  # noqa: PLC0415
    from pipeline.owners import validity  # noqa: PLC0415

    ruled = {*validity._TERMS, *validity._BY_RECEIVER, *validity._CARDS, *validity._LASTING}
    assert ruled <= {kind.label for kind in DOCUMENT_TYPES}

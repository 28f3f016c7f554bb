"""What a sender states of a paper is joined with what was read: agreed, alone, or doubted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.documents.extract.stated_facts import with_stated_facts
from pipeline.model import (
    Document,
    Dossier,
    Finding,
    PageNote,
    PageState,
    Scan,
    Source,
)
from pipeline.understanding import understood


def read(value: str, confidence: float = 0.6) -> Finding:
    return Finding(value, value, confidence, Source.OCR, 1, reasons=("chữ mờ",))


def test_a_field_that_nobody_read_comes_from_the_sender() -> None:
    (document,) = with_stated_facts([Document("", (1, 2))], {1: (("symbol", "QĐ-UBND"),)})
    found = document.findings["symbol"]
    assert (found.value, found.source, found.page) == ("QĐ-UBND", Source.SYSTEM, 1)
    assert found.is_certain


@pytest.mark.parametrize(
    ("name", "on_paper", "stated"),
    [
        ("number", "012", "12"),
        ("symbol", "QĐ - UBND", "QĐ-UBND"),
        ("issuer", "UBND PHƯỜNG MẪU", "UBND phường Mẫu"),
        ("personal_id", "031 099 001 562", "031099001562"),
    ],
)
def test_a_field_that_paper_and_sender_agree_on_is_certain_where_it_was_read(
    name: str, on_paper: str, stated: str
) -> None:
    before = Document("", (1,), {name: read(on_paper)})
    (document,) = with_stated_facts([before], {1: ((name, stated),)})
    found = document.findings[name]
    assert (found.value, found.raw, found.source) == (stated, on_paper, Source.OCR)
    assert (found.is_certain, found.reasons) == (True, ())


@pytest.mark.parametrize("confidence", [0.1, 0.99])
def test_a_field_they_differ_on_waits_for_a_person(confidence: float) -> None:
    before = Document("", (1,), {"number": read("13", confidence)})
    (document,) = with_stated_facts([before], {1: (("number", "12"),)})
    found = document.findings["number"]
    assert (found.value, found.source, found.is_certain) == ("12", Source.SYSTEM, False)
    assert not any("1" in reason for reason in found.reasons), "a reason holds no value"


def test_only_the_first_paper_of_the_scan_is_meant() -> None:
    documents = [Document("", (1, 2)), Document("", (3,))]
    first, second = with_stated_facts(documents, {1: (("document_type", "Công văn"),)})
    assert (first.type, second.type, second.findings) == ("Công văn", "", {})


def test_what_is_no_field_is_left_out() -> None:
    (document,) = with_stated_facts([Document("", (1,))], {1: (("boss", "ai đó"),)})
    assert document == Document("", (1,))


def test_what_a_person_confirmed_stays() -> None:
    scans = (
        Scan("a" * 64, "một.pdf", 1, "application/pdf", 1),
        Scan("b" * 64, "hai.pdf", 1, "application/pdf", 1, facts=(("number", "12"),)),
    )
    notes = tuple(PageNote(scan.sha256, 1, "r", PageState.READ, 0.9, 1.0) for scan in scans)
    dossier = Dossier("0a", "x", datetime.now(UTC), scans=scans, pages=notes)
    confirmed = Finding("13", "13", 0.5, Source.OCR, 2, confirmed_by="người mẫu")
    before = [Document("", (2,), {"number": confirmed})]
    (kept,) = understood(dossier, [], before).documents
    assert kept.findings["number"] == confirmed

"""What people recognise a dossier by."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.model import Document, Dossier, Finding, Source


def finding(value: str, confidence: float = 0.95) -> Finding:
    return Finding(value, value, confidence, Source.OCR)


@pytest.mark.parametrize(
    ("confidence", "title"),
    [
        (0.95, "Quyết định 37/QĐ-UBND Về việc thu hồi đất"),
        (0.4, "Quyết định …/QĐ-UBND Về việc thu hồi đất"),
    ],
)
def test_a_title_never_shows_a_doubtful_number_as_certain(confidence: float, title: str) -> None:
    findings = {
        "number": finding("37", confidence),
        "symbol": finding("QĐ-UBND"),
        "summary": finding("Về việc thu hồi đất"),
    }
    dossier = Dossier(
        "0a", "scan.pdf", datetime.now(UTC), documents=(Document("Quyết định", (1,), findings),)
    )
    assert dossier.title == title


def test_a_dossier_without_documents_is_known_by_its_file() -> None:
    assert Dossier("0a", "scan.pdf", datetime.now(UTC)).title == "scan.pdf"

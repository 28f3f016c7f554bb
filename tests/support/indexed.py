"""Papers for the index to hold, and what a search for them answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.model import (
    MARK_CLOSE,
    MARK_OPEN,
    Dossier,
    Hit,
    IndexEntry,
    Outcome,
    PageState,
    Publication,
    Query,
)
from pipeline.ports import SearchIndex

UnicodeForm = Literal["NFC", "NFD"]
RECEIVED = datetime(2024, 5, 1, 9, 0, tzinfo=UTC)
CODE = "H26.19.25-260105-0007"
DECISION = {
    "number": "1811",
    "symbol": "QĐ-TTPVHCC",
    "issued_on": "2024-03-05",
    "summary": "Về việc ban hành quy chế tiếp công dân",
    "issuer": "Trung tâm Phục vụ hành chính công",
    "signer": "Đặng Thị Mẫu",
}


def publication(dossier: str, *texts: str, **about: object) -> Publication:
    """A digitised dossier with a page for each text; ``about`` replaces fields of the dossier."""
    entries = tuple(IndexEntry(page, text, PageState.READ) for page, text in enumerate(texts, 1))
    outcome = Outcome.COMPLETE
    held = Dossier(dossier, f"{dossier}.pdf", RECEIVED, outcome=outcome)
    return Publication(replace(held, **about), 2, entries)  # type: ignore[arg-type]


def with_findings(base: Publication, kind: str = "Quyết định", **findings: str) -> Publication:
    """The same dossier, all pages of one document with these findings."""
    entries = [replace(entry, document_type=kind, findings=findings) for entry in base.entries]
    return replace(base, entries=tuple(entries))


def found(index: SearchIndex, text: str, **filters: str) -> list[str]:
    """Ids of the dossiers found, best first."""
    results = index.find(Query(text, filters, limit=1000))
    assert results.total == len(results.hits)
    return [hit.dossier for hit in results.hits]


def only_hit(index: SearchIndex, text: str) -> Hit:
    (hit,) = index.find(Query(text)).hits
    return hit


def marked(snippet: str) -> list[str]:
    return [part.split(MARK_CLOSE)[0] for part in snippet.split(MARK_OPEN)[1:]]


def generation_of(home: Path) -> Path:
    """The folder of the index that serves in a home."""
    return home / "index" / (home / "index" / "serving").read_text()


def damage_index(home: Path) -> None:
    """Overwrite the list of files of the index that serves."""
    (generation_of(home) / "meta.json").write_bytes(b"no index " * 999)

"""The forms a search index may have; each joins the contract by a line in FORMS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from indexed import CODE, DECISION, publication, with_findings

from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index

OpenIndex = Callable[[], SearchIndex]

FORMS: dict[str, Callable[[Path], SearchIndex]] = {
    "sqlite": lambda folder: open_index(SearchSettings(kind="sqlite"), folder),
}


@pytest.fixture(params=list(FORMS))
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> OpenIndex:
    """Opens the same index, as another process would."""
    return lambda: FORMS[request.param](tmp_path)


@pytest.fixture
def index(open_again: OpenIndex) -> SearchIndex:
    """A fresh index."""
    fresh = open_again()
    fresh.clear()
    return fresh


@pytest.fixture
def decision(index: SearchIndex) -> SearchIndex:
    """An old dossier with all identifiers in its fields, and newer ones that mention them."""
    dossier = publication("d0", "trang không đọc được", "trang hai", code=CODE, name="scan7.pdf")
    mentions = f"Căn cứ 1811/QĐ-TTPVHCC ngày 05/03/2024, hồ sơ {CODE}, năm 2024"
    index.publish(
        [
            with_findings(dossier, **DECISION),
            publication("d1", mentions),
            publication("d2", "Căn cứ Quyết định khác, ngày 06/03/2024"),
        ]
    )
    return index

"""What code and documents name is there, and nothing they name lies outside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import ROOT
from tests.support.references import (
    DOCUMENTS,
    TEXTS,
    headings_of,
    links_of,
    lost,
    name_of,
    outside,
)


def test_what_a_text_names_is_there() -> None:
    leads_nowhere = [f"{name_of(path)}: {name}" for path in TEXTS for name in lost(path)]
    assert not leads_nowhere, "\n".join(leads_nowhere)


def test_nothing_leads_out_of_the_repository() -> None:
    assert not [f"{name_of(path)}: {name}" for path in TEXTS for name in outside(path)]


def test_links_and_pictures_of_documents_are_there() -> None:
    linked = [
        (path, link, (path.parent / link).resolve())
        for path in DOCUMENTS
        for link in links_of(path)
    ]
    assert not [
        f"{name_of(path)}: {link}"
        for path, link, place in linked
        if not (place.exists() and place.is_relative_to(ROOT))
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_number_heads_one_section(path: Path) -> None:
    numbers = headings_of(path)
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    "text",
    [
        "docs/nowhere.md", "docs/domain.md §99.1", "docs/domain.md §4.1 and §98", "§4.1",
        "docs/domain.md, Annex Z", "docs/domain.md and its Annex Y", "TIFF 6.0 §2; words.md §1",
        "pipeline/nowhere.py", "nowhere.py", "search/nowhere/", "tests/nowhere/test_rules.py",
        "`pipeline.nowhere`", "`bench.soak.no`", "python -m bench.nowhere",
        "test_that_nobody_wrote", "`seals.no_such_function`",
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_found(text: str, tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_text(f"See ({text}).", encoding="utf-8")
    assert lost(path)


@pytest.mark.parametrize(
    "text",
    [
        "docs/domain.md §4.1, §4 and Annex", "docs/domain.md and its Annex A", "operating.md",
        "TIFF 6.0 §2 and §3", "RFC 9110 §5.3", "ISO 32000-2:2020, §7.3", "§éc lËp",
        "`pipeline/stages.py`", "stages.py", "vietnamese/text.py", "pipeline/", "search/text",
        "`pipeline.settings.Settings`", "python -m bench.soak", "test_references",
        "`sys.path`", "`accounts.sqlite3`", "search.max_buckets", "store/pages/",
        "docs/images/search.png", "0.1 had `search.census` and search/schema.py",
    ],
)  # fmt: skip
def test_what_exists_and_what_is_not_ours_is_spared(text: str, tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_text(f"See ({text}).", encoding="utf-8")
    assert not lost(path)


@pytest.mark.parametrize(
    "text", ["DESIGN §4", "reference/x.md", "../shared", "shared/eval", "/work/x"]
)
def test_what_lies_outside_is_found(text: str, tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_text(f"See {text}.", encoding="utf-8")
    assert list(outside(path))

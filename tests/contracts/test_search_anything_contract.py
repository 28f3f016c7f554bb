"""The search contract for odd input: whatever is typed or printed, no index raises an error."""

from __future__ import annotations

import pytest

from pipeline.model import Query
from pipeline.ports import SearchIndex
from tests.contracts.conftest import Holding
from tests.support.indexed import found, publication, with_findings

WEIRD = [
    '"', '""', '"""', "*", "a*", "AND", "OR", "NOT", "NEAR(", "NEAR(a b, 2)", "(", ")",
    "()", "^a", "{exact}: a", "folded:quyet", "a + b", "a - b", "-a", "'", "';--",
    "' OR 1=1 --", "\\", "\x00", "a\x00b", "%", "_", "…", "😀", "😀 đơn 👨‍👩‍👧", "\u0301",
    "q\u0323\u0301", "\ufeff", "\u202e", "½", "ﬁ", "ß", "İ", "ı", "漢字", "١٢٣", "//",
    "1811/", "/qd", "12/", "H26.", "32/13/2024", "ngày tháng năm",
    "ngày … tháng … năm …", "\ud800", "đơn " * 2500, "a" * 10_000, '"' * 10_000,
    "(" * 10_000, " ".join(f"chữ{n}" for n in range(2_000)), "AND OR NOT NEAR " * 600,
    "H26.19.25-" * 900,
]  # fmt: skip


@pytest.mark.parametrize("text", WEIRD, ids=range(len(WEIRD)))
def test_nothing_typed_is_an_error(holding: Holding, text: str) -> None:
    index = holding([publication("d1", "đơn đề nghị cấp giấy phép")])
    results = index.find(Query(text))
    assert results.total == len(results.hits) <= 1


@pytest.mark.parametrize("text", ["...", '"', "*", "😀", "-- ;"])
def test_without_a_letter_or_digit_nothing_is_found(holding: Holding, text: str) -> None:
    index = holding([publication("d1", "đơn … * 😀")])
    assert found(index, text) == []


@pytest.mark.parametrize("text", WEIRD, ids=range(len(WEIRD)))
def test_anything_may_be_printed(index: SearchIndex, text: str) -> None:
    weird = with_findings(
        publication("d1", f"{text} đơn", name=text[:200]), text[:50], summary=text
    )
    index.publish([weird, weird])
    assert found(index, "đơn") == ["d1"]
    index.withdraw("d1")
    assert found(index, "") == []

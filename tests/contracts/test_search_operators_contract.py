"""The search contract for a minus before a word and a star behind it."""

from __future__ import annotations

import pytest

from pipeline.ports import SearchIndex
from tests.support.indexed import found, publication


@pytest.fixture
def papers(index: SearchIndex) -> SearchIndex:
    index.publish(
        [
            publication("d1", "Quyết định giao đất ngày 05/03/2024, ông Nguyễn Văn Mẫu"),
            publication("d2", "Quyết định thu hồi đất", "Giao cho xã, 0911.222.333"),
            publication("d3", "Nguyện vọng thu mua, QĐ-UBND"),
        ]
    )
    return index


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("đất -thu", ["d1"]),
        ('đất -"thu hồi"', ["d1"]),
        ('thu -"giao cho"', ["d3"]),  # on any page of the dossier
        ("quyết định -5/3/2024", ["d2"]),
        ("thu -0911222333", ["d3"]),
        ("thu -qđ-ubnd", ["d2"]),
        ("QĐ-UBND", ["d3"]),
        ("thu -ngu*", ["d2"]),
        ("nguy*", ["d3", "d1"]),
        ("nguyễ*", ["d3", "d1"]),
        ("quy* giao", ["d2", "d1"]),
        ("09112*", ["d2"]),  # a part of a number, for whoever may unmask
        ("đất -đất", []),
    ],
)
def test_operators(papers: SearchIndex, typed: str, expected: list[str]) -> None:
    assert sorted(found(papers, typed)) == sorted(expected)

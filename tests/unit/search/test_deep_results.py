"""Pages of results far down the list: none is empty, none repeats, whatever is better or newer."""

from __future__ import annotations

import pytest

from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import open_index
from search.query.plan import plan_of
from search.query.weights import LARGEST
from tests.support.indexed import publication
from tests.unit.search.understood import HASHING

BETTER, WORSE = 1_300, 1_000  # dossiers; more than the first block that is looked through
TOGETHER, APART = "quyết định giao đất", "định mức giao khoán đất theo quyết toán"


def ident(number: int) -> str:
    return f"{1_700_000_000_000 + number:012x}{number:010x}"


@pytest.mark.slow
@pytest.mark.parametrize("is_mixed", [False, True], ids=["the newest are better", "every second"])
def test_every_page_of_results_is_full(
    tmp_path_factory: pytest.TempPathFactory, is_mixed: bool
) -> None:
    index = open_index(SearchSettings(), tmp_path_factory.mktemp("home"))
    total = BETTER + WORSE
    better = set(range(0, total, 2)) if is_mixed else set(range(WORSE, total))
    index.publish([publication(ident(n), TOGETHER if n in better else APART) for n in range(total)])
    newest = sorted(range(total), key=lambda n: (n in better, n), reverse=True)
    for offset in range(0, total, 100):
        hits = index.find(Query("quyết định", limit=20, offset=offset)).hits
        assert [hit.dossier for hit in hits] == [ident(n) for n in newest[offset : offset + 20]]


def test_no_row_of_numbers_years_and_words_weighs_too_much() -> None:
    """Pasted rows of document numbers and years once passed what 32-bit floats add exactly."""
    for words in (0, 1, 2, 16, 32):
        for years in (0, 1, 5, 11, 32):
            for numbers in (0, 1, 5, 11, 32):
                typed = [f"từ{n}" for n in range(words)]
                typed += [
                    part for n in range(max(years, numbers)) for part in _row(n, years, numbers)
                ]
                weights = plan_of(Query(" ".join(typed)), HASHING).weights
                assert sum(one.weight for one in weights) < LARGEST


def _row(number: int, years: int, numbers: int) -> list[str]:
    row = [f"{number + 1}snv"] if number < numbers else []
    return [*row, f"{1991 + number}"] if number < years else row

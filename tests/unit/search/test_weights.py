"""The weights of a search: each step above the sum of the lower ones, however long the query."""

from __future__ import annotations

from random import Random

import pytest

from pipeline.model import Query
from search.query.expressions import Expression
from search.query.parser import parse
from search.query.plan import plan_of
from search.query.weights import LARGEST, steps_of, weigh
from tests.unit.search.understood import HASHING

TYPED = [
    "đất", "dat", "giao đất", "giao dat", "quyền sử dụng đất", "H26.19.25-260105-0007",
    "1811/QĐ-TTPVHCC", "ngày 5 tháng 3 năm 2024", "kế hoạch thu 2019", '"giao đất" cho hộ',
    "qd 1811", "0011 9901 2345", "a a a a", "đất đất đất", "x" * 3_600,
    " ".join(f"chữ{number}" for number in range(200)),
    " ".join(f"chu{number}" for number in range(200)),
    " ".join(["giao đất 2019 05/03/2024"] * 60),
    f'"{" ".join(f"từ{number}" for number in range(60))}"',
]  # fmt: skip


def made_up() -> list[str]:
    random = Random("weights")
    words = [
        "đất",
        "dat",
        "giao",
        "2019",
        "05/03/2024",
        "1811/QĐ-UBND",
        "H26.19",
        '"a b"',
        "hộ",
        "số",
    ]
    return [" ".join(random.choices(words, k=random.randint(1, 200))) for _ in range(200)]


@pytest.mark.parametrize("typed", [*TYPED, *made_up()], ids=lambda typed: typed[:24])
def test_each_step_is_above_the_sum_of_all_lower_ones(typed: str) -> None:
    steps = steps_of(parse(typed))
    weight: dict[Expression, int] = {one.expression: one.weight for one in weigh(steps)}
    last = {part: number for number, step in enumerate(steps) for part, _ in step}
    lower = 0
    for number, step in enumerate(steps):
        mine = {weight[part]: None for part, _ in step if last[part] == number}
        if mine:
            assert min(mine) > lower
            lower += sum(weight[part] for part in dict(step) if last[part] == number)
    assert lower == sum(weight.values()) < LARGEST, "32-bit floats add them exactly"


@pytest.mark.parametrize("typed", TYPED, ids=lambda typed: typed[:24])
def test_weights_are_whole_numbers_of_different_expressions(typed: str) -> None:
    weights = plan_of(Query(typed), HASHING).weights
    assert all(isinstance(one.weight, int) and one.weight > 0 for one in weights)
    assert len({one.expression for one in weights}) == len(weights)


def test_too_many_steps_are_an_error_and_no_wrong_order() -> None:
    expressions = [one.expression for one in plan_of(Query(TYPED[15]), HASHING).weights]
    with pytest.raises(OverflowError):
        weigh([[(expression, 1)] for expression in expressions])

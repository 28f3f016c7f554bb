"""The distance of two texts is the one that the textbook's table gives, whatever they are."""

from __future__ import annotations

import random

import pytest

from pipeline.documents.fuzzy import similarity


def by_table(one: str, other: str) -> int:
    previous = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        current = [row]
        for column, right in enumerate(other):
            change = previous[column] + (left != right)
            current.append(min(change, previous[column + 1] + 1, current[column] + 1))
        previous = current
    return previous[-1]


@pytest.mark.parametrize("letters", ["ab", "cong hoa xa", "nguyen thi mau 0123456789"])
def test_the_distance_is_that_of_the_table(letters: str) -> None:
    """Texts to beyond 64 letters, where processors' words end."""
    chance = random.Random(7)
    for _ in range(400):
        one, other = ("".join(chance.choices(letters, k=chance.randrange(90))) for _ in "12")
        if chance.random() < 0.5 and one:  # near to each other, as labels and their misreadings are
            other = one.replace(chance.choice(one), chance.choice(letters), 2)
        longest = max(len(one), len(other))
        expected = 1 - by_table(one, other) / longest if longest else 1.0
        assert similarity(one, other) == expected, (one, other)

"""Decoding of what a line recogniser says: letters with their places, and numbers as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.engines.ctc import digits, greedy
from ocr.engines.port import Probabilities

ALPHABET = "0123456789A"
COLUMNS = list(range(1, 11))


def line(*steps: dict[str, float]) -> Probabilities:
    """Return the probabilities of some steps; the empty text stands for no letter."""
    made = np.zeros((len(steps), len(ALPHABET) + 1), np.float32)
    for at, step in enumerate(steps):
        for letter, sure in step.items():
            made[at, ALPHABET.index(letter) + 1 if letter else 0] = sure
    return made


def test_a_letter_on_several_steps_is_one_and_a_blank_parts_two() -> None:
    read = greedy(line({"1": 0.6}, {"1": 0.9}, {"": 1}, {"1": 0.8}, {"A": 0.7}), ALPHABET)
    assert [(one.text, one.first, one.last) for one in read] == [
        ("1", 0, 1),
        ("1", 3, 3),
        ("A", 4, 4),
    ]
    assert read[0].confidence == pytest.approx(0.9)


def test_a_number_is_as_sure_as_its_weakest_figure() -> None:
    read = digits(line({"5": 0.99}, {"": 1}, {"7": 0.72, "1": 0.2}, {"5": 0.97}), COLUMNS)
    assert read.text == "575"
    assert read.confidence == pytest.approx(0.72)


def test_where_another_letter_is_likelier_no_figure_is_sure() -> None:
    """A 1 with a roof is a 4 to the digits alone; the letter that it also may be holds it back."""
    read = digits(line({"1": 0.98}, {"": 1}, {"A": 0.8, "4": 0.15}, {"": 0.9}), COLUMNS)
    assert read.confidence < 0.2


def test_one_figure_spelled_twice_needs_two_places() -> None:
    assert digits(line({"4": 0.9}, {"4": 0.9}), COLUMNS).text == "4"
    assert digits(line({"4": 0.9}, {"": 0.9}, {"4": 0.9}), COLUMNS).text == "44"


def test_no_figure_gives_no_number() -> None:
    read = digits(line({"": 1}, {"A": 0.9, "": 0.1}), COLUMNS)
    assert (read.text, read.confidence) == ("", 0.0)
    assert digits(line(), COLUMNS).text == ""

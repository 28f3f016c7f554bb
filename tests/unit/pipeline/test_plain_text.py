"""Characters that nobody sees are replaced; whatever people write stays."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from pipeline.plain_text import lines, one_line, remove_unseen, replace_unseen
from tests.support.hostile_names import NAMES, SEEDS, hostile_text, unseen_in

PLAIN = "Hồ sơ «số 7» — đ/c: Trần Thị Ả, ½ m², 日本 😀 e\u0301 a\u00a0b"


def test_every_unseen_character_of_unicode_is_replaced() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert unseen_in(replace_unseen(every), keep="") == []
    assert unseen_in(remove_unseen(every), keep="") == []
    replaced = {each for each in every if replace_unseen(each) != each}
    letters = {each for each in replaced if unicodedata.category(each)[0] in "LNPSZM"}
    assert letters <= {*"\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u3164\uffa0"} | {
        each for each in letters if "VARIATION SELECTOR" in unicodedata.name(each)
    }


def test_what_people_write_stays() -> None:
    assert one_line(PLAIN) == lines(PLAIN) == replace_unseen(PLAIN) == remove_unseen(PLAIN) == PLAIN


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("hai\r\ndòng\tcách", "hai dòng cách"),
        ("\x1b]0;PWNED\x07", "\ufffd]0;PWNED\ufffd"),
        ("gnp\u202e.exe", "gnp\ufffd.exe"),
        ("\ud800", "\ufffd"),
        ("", ""),
    ],
)
def test_a_text_is_put_on_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_lines_stay_lines() -> None:
    assert lines("một\nhai\r\n\x1bba\u2028bốn") == "một\nhai \n\ufffdba bốn"


@pytest.mark.parametrize("text", [*NAMES, *map(hostile_text, SEEDS)], ids=repr)
def test_no_text_breaks_a_line_or_steers_a_terminal(text: str) -> None:
    assert unseen_in(one_line(text), keep="") == []
    assert unseen_in(lines(text)) == []
    assert lines(text).count("\n") == text.count("\n")
    assert one_line(one_line(text)) == one_line(text)

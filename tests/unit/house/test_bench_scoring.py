"""Errors of a reading are counted fairly, whatever the order of its columns."""

from __future__ import annotations

from bench.scoring import distance, errors

TRUTH = "ỦY BAN NHÂN DÂN\nCỘNG HÒA XÃ HỘI\nquyết định số 12/QĐ-UBND"


def test_another_order_of_columns_is_no_error() -> None:
    told = errors(TRUTH, "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI quyết định số 12/QĐ-UBND")
    assert told.wrong == 0
    assert told.right == told.words == told.read == 12


def test_a_lost_mark_is_one_letter_and_a_word_wrong_in_marks_only() -> None:
    told = errors(TRUTH, TRUTH.replace("quyết", "quyêt"))
    assert (told.wrong, told.marks, told.right) == (1, 1, told.words - 1)


def test_lost_and_invented_words_cost_all_their_letters() -> None:
    assert errors(TRUTH, TRUTH.replace("NHÂN", "")).wrong == 4
    assert errors(TRUTH, TRUTH + " Zzzxw").wrong == 5
    assert errors(TRUTH, "").rate == 1


def test_stamps_and_leader_dots_may_be_read_or_not() -> None:
    for read in (TRUTH, TRUTH + " ĐẾN", TRUTH + " ĐÊN ......... …"):
        assert errors(TRUTH, read, "ĐẾN").wrong == 0
    assert errors(TRUTH, TRUTH + " ĐẾN ĐẾN", "ĐẾN").wrong == 3


def test_distance() -> None:
    assert distance("quyết", "quyêt") == 1
    assert distance("", "ba") == 2
    assert distance("định", "đình") == 1

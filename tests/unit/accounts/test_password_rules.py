"""Which passwords are refused: short ones, and those that guessers try first; no composition."""

from __future__ import annotations

import unicodedata

import pytest

from accounts import first_password
from accounts.password_rules import SHORTEST, check_password, pieces
from pipeline.people.errors import WeakPasswordError
from tests.support.processor_time import least_time


@pytest.mark.parametrize(
    "password",
    [
        "", "ngắn", "mườimộtkýtự", "123456789012", "password1234", "P@ssw0rd2024!", "qwertyuiop123",
        "1q2w3e4r5t6y", "aaaaaaaaaaaa", "abcxabcxabcx", "Admin@123456", "iloveyou2024",
        "matkhau@2024", "Mật khẩu của tôi", "mậtkhẩu123456", "maatjkhaaur123", "anhyeuemanhyeuem",
        "Hanoi@2024!!", "Sohoa@2025!!", "ubndquancaugiay", "nguyenvana1990", "001090123456",
        "Việt Nam vô địch", "............", "mat.khau.cua.toi",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError) as caught:
        check_password(password, "nguyen.van.a")
    assert caught.value.remedy


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple", "con trâu ăn cỏ trên đồi", "thửa đất gió mưa bàn ghế",
        "không ai ngờ đến câu này", "xkqvjzwpmrtb", "chiếc cầu tre lắc lẻo",
        "#$%^&!x@{}[]", "🏛🌾🐃🛶🎋🥁🏮🪷🍚🍵🧧🎏",
    ],
)  # fmt: skip
def test_no_kind_of_letter_is_demanded(password: str) -> None:
    assert check_password(password, "nguyen.van.a") == unicodedata.normalize("NFC", password)


def test_length_is_counted_in_composed_letters() -> None:
    eleven = "xkqvjzwpmrờ"
    assert len(unicodedata.normalize("NFD", eleven)) > SHORTEST
    with pytest.raises(WeakPasswordError):
        check_password(unicodedata.normalize("NFD", eleven), "an")


def test_ones_own_name_is_no_password() -> None:
    assert pieces("le.thi.bich.ngoc.92", "le.thi.bich.ngoc") < pieces("le.thi.bich.ngoc.92", "an")


def test_first_passwords_differ_and_are_good() -> None:
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        assert check_password(password, "an")


@pytest.mark.parametrize("letter", ["a", "ab", "1", "é", " "])
def test_judging_takes_no_long_time(letter: str) -> None:
    pieces("warm")
    assert least_time(lambda: pieces((letter * 256)[:256], "x" * 64), 0.5) < 0.5

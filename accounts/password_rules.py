"""Refuses passwords that are short or easily guessed; there are no rules of composition.

At least 12 letters, as NIST SP 800-63B-4 and OWASP ASVS 5.0 (V6.2) ask: any letters, blanks and
marks of Vietnamese included. What the commonest passwords are made of counts as one letter however
long it is: a word of the lists, a sequence of keys or digits, something repeated, the own name. So
«matkhau@2024», «qwertyuiop123» and «anhyeuemanhyeuem» are refused, and four words are not.
"""

from __future__ import annotations

import re
import secrets
from functools import cache
from importlib.resources import files

from pipeline.people.errors import WeakPasswordError
from pipeline.vietnamese.text import fold, nfc

SHORTEST, LONGEST = 12, 256  # letters, Unicode code points after NFC
_LEAST_PIECES = 4  # a password that falls into fewer pieces is one of the first that are tried
_LONGEST_WORD = 32
_MOST_JUDGED = 64  # letters: judging takes time that grows with their square
_LISTS = ("common.txt", "vietnamese.txt")
_KEYS = (
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_SEQUENCES = tuple(keys * 2 for keys in _KEYS) + tuple(keys[::-1] * 2 for keys in _KEYS)
_SHORTEST_SEQUENCE = 3
_DIGITS = re.compile(r"\d{2,4}")  # a year, a day and a month, the end of a telephone number
_LEET = str.maketrans("013457@$!", "oieastasi")
_SIGN = re.compile(r"[\W_]")
_FREE_SIGNS = 3  # between and behind words; everybody adds so many
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
_GROUPS, _GROUP = 4, 4  # of a first password: 79 bits


def check_password(password: str, name: str) -> str:
    """Return a new password in the form that is hashed.

    Args:
        password: the password as typed.
        name: the name of the account that it is for.

    Raises:
        WeakPasswordError: it is too short, too long, or one of the first that are tried.
    """
    composed = nfc(password)
    if len(composed) < SHORTEST:
        raise WeakPasswordError(
            f"Mật khẩu phải có ít nhất {SHORTEST} ký tự.",
            "Một câu dễ nhớ gồm bốn từ trở lên là tốt nhất; không bắt buộc chữ hoa, số, dấu.",
        )
    if len(composed) > LONGEST:
        raise WeakPasswordError(f"Mật khẩu dài quá {LONGEST} ký tự.", "Chọn câu ngắn hơn.")
    if pieces(composed, name) < _LEAST_PIECES:
        raise WeakPasswordError(
            "Mật khẩu này quá dễ đoán: gồm từ hay gặp, dãy phím, ngày tháng hoặc tên của bạn.",
            "Chọn bốn từ không liên quan với nhau, hoặc để trình quản lý mật khẩu tạo.",
        )
    return composed


def first_password() -> str:
    """Return a password at random that can be read aloud and typed, such as k7mp-2xqa-…."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def pieces(password: str, name: str = "") -> int:
    """Return how many pieces a guesser puts a password together from, at least.

    Args:
        password: the password.
        name: the name of its account, whose parts are known to whoever guesses.
    """
    plain = fold(password[:_MOST_JUDGED])
    bare, signs = _SIGN.subn("", "".join(plain.split()))
    own = frozenset(part for part in (fold(name), _SIGN.sub("", fold(name))) if len(part) > 2)
    readings = (plain, plain.translate(_LEET))
    fewest = [_fewest(reading, own) for reading in readings]
    return min(*fewest, _fewest(bare, own) + max(0, signs - _FREE_SIGNS))


def _fewest(text: str, own: frozenset[str]) -> int:
    """Return the least number of pieces, by dynamic programming over the places of a text."""
    fewest = [0] + [len(text) + 1] * len(text)
    for start in range(len(text)):
        for end in {start + 1, *_ends(text, start, own)}:
            fewest[end] = min(fewest[end], fewest[start] + 1)
    return fewest[-1]


def _ends(text: str, start: int, own: frozenset[str]) -> set[int]:
    """Return where the pieces may end that begin at a place."""
    known = _words()
    found = {
        end
        for end in range(start + 2, min(len(text), start + _LONGEST_WORD) + 1)
        if text[start:end] in known or text[start:end] in own
    }
    if digits := _DIGITS.match(text, start):
        found |= set(range(start + 2, digits.end() + 1))
    found.add(max(start + _repeated(text, start), start + _sequence(text, start)))
    return {end for end in found if end > start}


def _repeated(text: str, start: int) -> int:
    """Return how many letters from a place on were there before, in this order (as in LZ77)."""
    longest = 0
    for before in range(start):
        length = 0
        while start + length < len(text) and text[before + length] == text[start + length]:
            length += 1
        longest = max(longest, length)
    return longest


def _sequence(text: str, start: int) -> int:
    """Return how many letters from a place on follow each other on the keyboard or in counting."""
    length = 0
    for sequence in _SEQUENCES:
        while start + length < len(text) and text[start : start + length + 1] in sequence:
            length += 1
    return length if length >= _SHORTEST_SEQUENCE else 0


@cache
def _words() -> frozenset[str]:
    folder = files("accounts") / "guessable"
    lines = (line for name in _LISTS for line in (folder / name).read_text("utf-8").splitlines())
    return frozenset(fold(line) for line in lines if not line.startswith("# ") and line.strip("# "))

"""What a PDF may say of the Vietnamese letters that it draws: old fonts, other scripts, nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from pipeline.vietnamese.legacy_fonts import TCVN3, VNI_LETTERS, VNI_MARKS
from pipeline.vietnamese.text import nfc

Says = Callable[[str], str]  # what a file says of a letter that it draws

_TO_CODE = {letter: code for code, letter in TCVN3.items() if code not in "Đđμ"}


def tcvn3(letter: str) -> str:
    """Say a letter as fonts of TCVN 5712:1993 do."""
    return _TO_CODE.get(letter) or _TO_CODE.get(letter.lower(), letter)


def vni(letter: str) -> str:
    """Say a letter as VNI-Windows does: a mark behind its vowel."""
    small = letter.lower()
    said = next((code for code, single in VNI_LETTERS.items() if single == small), "")
    for vowel in "aeouyơư":
        for code, marks in VNI_MARKS.items():
            if nfc(vowel + marks) == small:
                base = {"ơ": "ô", "ư": "ö"}.get(vowel, vowel)
                said = said or base + code
    return (said.upper() if letter.isupper() else said) or letter


def private_use(letter: str) -> str:
    """Say a sign that no script has."""
    return letter if letter == " " else chr(0xF000 + ord(letter) % 256)


def chinese(letter: str) -> str:
    """Say a Chinese sign."""
    return letter if letter == " " else chr(0x4E00 + ord(letter) % 4096)


def without_marks(letter: str) -> str:
    """Say the letter without marks, as copiers do that read English only."""
    return letter.translate(_BARE)


def tone_first(letter: str) -> str:
    """Say a letter in parts, its tone before the mark of its vowel, as some typesetters do."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    return base + "".join(reversed(marks))


def tone_apart(letter: str) -> str:
    """Say a letter with its tone behind it, as a sign of its own where there is one."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    tones = [mark for mark in marks if mark in _TONE_SIGNS]
    vowel = nfc(base + "".join(mark for mark in marks if mark not in _TONE_SIGNS))
    return vowel + "".join(_TONE_SIGNS[tone] for tone in tones)


def some_private(letter: str) -> str:
    """Say single letters by signs that no script has, as subsets of fonts with gaps do."""
    return {"ế": "\uf0e9", "ệ": "\uf0ea"}.get(letter, letter)


def other_figures(letter: str) -> str:
    """Say each figure as another one."""
    return str((int(letter) + 3) % 10) if letter.isdigit() else letter


def other_tones(letter: str) -> str:
    """Say some letters with another tone than they have."""
    return letter.translate(str.maketrans("ếềệấịủ", "ềếểầỉù"))


def tied(letter: str) -> str:
    """Say a letter with signs beside it that draw nothing."""
    return letter + "\u200b" if letter in "nhg" else letter


def parted(letter: str) -> str:
    """Say a letter with a place behind it where its word may be parted."""
    return letter + "\u00ad" if letter in "oê" else letter


_TONE_SIGNS = {"\u0301": "´", "\u0300": "`", "\u0303": "~", "\u0309": "\u0309", "\u0323": "\u0323"}
_VOWELS = "a a\u0306 a\u0302 e e\u0302 i o o\u0302 o\u031b u u\u031b y".split()
_BARE = {
    ord(nfc(vowel + tone)): vowel[0]
    for vowel in _VOWELS
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
}
_BARE |= {ord(chr(key).upper()): value.upper() for key, value in _BARE.items()}
_BARE |= {ord("đ"): "d", ord("Đ"): "D"}

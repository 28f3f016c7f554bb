"""Converts text typed in fonts of the time before Unicode (TCVN3, VNI) to Unicode.

A line may change its font: each of its words is taken as the file has it, or converted.
Such fonts draw Vietnamese letters at the places of Western European ones, so a file says «Sè: 417»
where «Số: 417» is seen. TCVN 5712:1993 (VN3) has a letter at one place; VNI-Windows writes marks
behind their vowel. Faulty conversions give ƣ (U+01A3) where ư was meant, and tones as signs of
their own: Quyê´t.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from pipeline.vietnamese.language_model import language_model
from pipeline.vietnamese.spelling import TokenKind, parse_word
from pipeline.vietnamese.text import LETTERS, has_mark, nfc

TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĂÂÊÔƠƯĐ",
        strict=True,
    )
) | {"Đ": "é", "đ": "ð", "μ": "à"}  # as other programs give Ð, ð and µ
VNI_MARKS = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_TONE_SIGNS = {"´": "\u0301", "`": "\u0300", "~": "\u0303", "\u02dc": "\u0303"}
_VNI_VOWELS = frozenset("aeouyôö")
_FAULTY = str.maketrans({"ƣ": "ư", "Ƣ": "Ư"})
_SYMBOL, _ODD = -12.0, -8.0  # natural logs: of a code or number, of each letter that none has
_SWITCH = 6.0  # natural log: what it costs that a line changes its font between two words
_LEAST_GAIN = 6.0  # natural log by which a line must be likelier in Unicode
_HEADING = 4  # letters of a line, from which their case tells the line's
_FEW = 2  # changed words that are Vietnamese, from which a line alone is proof enough
_CODE = re.compile(r"/[^\W\d_]*Đ|Đ[^\W\d_]*-")
_USUAL = frozenset("-/.,:;()&+%'\"“”‘’–…@_=*#[]<>°²³$€")  # signs that papers print


def converted(words: Sequence[str], *, known: bool = False) -> list[str] | None:
    """Return the words of a line in Unicode; None when they are not in an old font.

    Args:
        words: the words of the line as the file has them.
        known: whether another line of the page is in an old font; then less proof is asked.
    """
    plain = [word.translate(_FAULTY) for word in words]
    best, best_gain = plain, 0.0 if known else _LEAST_GAIN
    capitals = _is_capital_line(plain)
    for convert in (_from_tcvn3, _from_vni, _from_tone_signs):
        new = [_cased(word, convert(word), capitals=capitals) for word in plain]
        new = _likeliest(plain, new)
        pairs = [each for each in zip(plain, new, strict=True) if each[0] != each[1]]
        proven = sum(_is_marked_word(after) for _, after in pairs)
        if known:
            proven += sum(_is_code(after) and _is_odd(before) for before, after in pairs)
        if not any(_is_wrong(before) for before, _ in pairs):  # hôn is no hơn, whatever is near
            continue
        gain = sum(map(_score, new)) - sum(map(_score, plain))
        if proven >= (1 if known else _FEW) and 2 * proven >= len(pairs) and gain > best_gain:
            best, best_gain = new, gain
    return best if best != list(words) else None


def _likeliest(plain: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return each word as it is or converted, whatever is likelier where fonts seldom change."""
    kept: tuple[float, tuple[str, ...]] = (0.0, ())
    changed: tuple[float, tuple[str, ...]] = (0.0, ())
    for before, after in zip(plain, new, strict=True):
        scores = _score(before), _score(after)
        switched = kept[0] - _SWITCH, kept[1]
        from_kept, from_changed = (changed[0] - _SWITCH, changed[1]), switched
        kept, changed = max(kept, from_kept), max(changed, from_changed)
        kept = kept[0] + scores[0], (*kept[1], before)
        changed = changed[0] + scores[1], (*changed[1], after)
    return list((kept if kept[0] > changed[0] else changed)[1])


def _from_tone_signs(word: str) -> str:
    """Put each tone that is a sign of its own on the letter before it."""
    letters: list[str] = []
    for letter in word:
        mark = _TONE_SIGNS.get(letter)
        composed = nfc(letters[-1] + mark) if mark and letters else ""
        if len(composed) == 1:
            letters[-1] = composed
        else:
            letters.append(letter)
    return "".join(letters)


def _from_tcvn3(word: str) -> str:
    return "".join(TCVN3.get(letter, letter) for letter in word)


def _from_vni(word: str) -> str:
    """Put the marks behind a vowel on it, and exchange the letters that stand alone."""
    letters: list[str] = []
    vowel = ""  # as it was, while a mark may follow
    for letter in word:
        mark = VNI_MARKS.get(letter.lower())
        if mark and vowel:
            letters[-1], vowel = nfc(letters[-1] + mark), ""
        else:
            new = VNI_LETTERS.get(letter.lower(), letter)
            letters.append(new.upper() if letter.isupper() else new)
            vowel = letter if letter.lower() in _VNI_VOWELS else ""
    return "".join(letters)


def _is_capital_line(words: Sequence[str]) -> bool:
    """Tell whether all letters of a line that no old font moved are capitals, as in a heading."""
    lettered = [word for word in words if not any(char.isdigit() for char in word)]
    plain = [char for word in lettered for char in word if char.isascii() and char.isalpha()]
    return len(plain) >= _HEADING and all(map(str.isupper, plain))


def _cased(before: str, after: str, *, capitals: bool) -> str:
    """Return a converted word in capitals where its unchanged letters are.

    Fonts of capitals (.VnTimeH) draw small letters as capitals, so Õ stands for Ế among capitals.
    """
    plain = [at for at, letter in enumerate(before) if letter.isascii() and letter.isalpha()]
    all_capitals = plain and all(before[at].isupper() for at in plain)
    if after == before or not all_capitals:
        return after.upper() if capitals and after != before else after
    return after.upper() if capitals or len(plain) > 1 or plain != [0] else after


def _is_marked_word(word: str) -> bool:
    parsed = parse_word(word)
    is_syllable = parsed.kind is TokenKind.SYLLABLE and len(parsed.core) > 1
    return is_syllable and has_mark(parsed.core) and language_model().is_attested(parsed.syllable)


def _is_wrong(word: str) -> bool:
    """Tell whether a word is none of the language, with a mark, or has signs that none has."""
    parsed = parse_word(word)
    is_syllable = parsed.kind is TokenKind.SYLLABLE and len(parsed.core) > 1
    return _is_odd(word) or (is_syllable and not language_model().is_attested(parsed.syllable))


def _is_code(word: str) -> bool:
    """Tell whether a word is like the number of a document: 236/QĐ-UBND."""
    return not _is_odd(word) and _CODE.search(word) is not None


def _is_odd(word: str) -> bool:
    return not all(map(_is_usual, word))


def _score(word: str) -> float:
    """Return how likely a word is on a Vietnamese paper, natural log."""
    parsed = parse_word(word)
    odd = sum(not _is_usual(char) for char in word)
    if parsed.kind is TokenKind.SYLLABLE:
        return math.log(language_model().unigram(parsed.syllable)) + _ODD * odd
    return _SYMBOL + _ODD * odd


def _is_usual(char: str) -> bool:
    return char.isdigit() or char in _USUAL or char.casefold() in LETTERS

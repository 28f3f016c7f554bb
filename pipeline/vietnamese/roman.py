"""Repairs Roman numerals of headings: III. is read TI. or lII., because its strokes are alike.

A numeral counts as one only at the beginning of a line before a word in capitals, or after Chương
and Phần (NĐ 30/2020/NĐ-CP, Annex I: parts and chapters have Roman numerals). Among several
readings the one that continues the page's numerals is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from pipeline.vietnamese.text import canonical

Lines = Sequence[Sequence[str]]
Repaired = dict[tuple[int, int], str]  # by index of the line, and of the word in it

_NUMERALS = (
    *"I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split(),
    *"XXI XXII XXIII XXIV XXV".split(),
)
_VALUES = {numeral: value for value, numeral in enumerate(_NUMERALS, start=1)}
# What strokes are read as; the likeliest first.
_STROKES = dict.fromkeys("Il1|!ỊÌÍ", ("I",)) | {
    "T": ("II", "I"),
    "H": ("II",),
    "M": ("III",),
    "N": ("IV",),
    "V": ("V",),
    "Y": ("V",),
    "X": ("X",),
}
_SURE = frozenset("IVXTl1|!ỊÌÍ")  # letters of a numeral that its neighbours need not prove
_ONE = frozenset({"l.", "|."})  # the first numeral or figure, before a heading in capitals
_ONE_BELOW = frozenset("Il1|")  # the first of the headings within a part
_HEADING = re.compile(r"(\S{1,5})([.,:)])")
# None of its letters is a figure; a stroke that ends it may be a mark or a rule: khóa XV!
_NUMERAL = re.compile(r"([IVXl|!]{0,4}[IVXl])((?:/\d{4})?[.,:;)!]*)")
_LONGEST = 5  # letters that a numeral is read as
_NAMED = frozenset({"chương", "phần"})
_BEFORE = frozenset({"khóa", "quý", "lục"})  # within a line, before a numeral: Phụ lục II
_UNNUMBERED = frozenset("chìa ổ mã cửa tủ két ông bà anh chị em cô".split())  # chìa khóa, ông Quý
_QUARTERS = frozenset({"l", "ll", "lll"})  # no word; after quý they are its number


def repaired_numerals(lines: Lines) -> Repaired:
    """Return the Roman numerals that were misread, mended; of a stroke before 2., the figure 1.

    Args:
        lines: the page's words as read, in reading order, line by line.
    """
    found: Repaired = {}
    reached = 0  # value of the page's last numeral
    above = ""  # the last heading's numeral, letter or figure
    for line, texts in enumerate(lines):
        found |= {(line, at): text for at, text in _within(texts)}
        if len(texts) > 1 and canonical(texts[0]) in _NAMED:
            core = texts[1].rstrip(".,:")
            mended = next(_readings(core), None) if _SURE.issuperset(core) else None
            if mended and mended != core and not core.isdigit():
                found[line, 1] = mended + texts[1][len(core) :]
        elif match := _heading(texts):
            is_first = _is_capital_one(texts) and not reached and above != "k"
            following = lines[line + 1 :]
            mended = _first(following) if is_first else _continued(match[1], reached)
            above = match[1]
            reached = _VALUES.get(mended or match[1], reached)
            if mended:
                found[line, 0] = mended + match[2].replace(",", ".")
    return found


def _within(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the place and the mended text of numerals behind khóa, quý and phụ lục."""
    for at in range(1, len(texts)):
        before = canonical(texts[at - 1])
        match = _NUMERAL.fullmatch(texts[at]) if _is_numbered(texts[:at]) else None
        if match is None or match[1] in _VALUES:
            continue
        is_strokes = before == "quý" and match[1] in _QUARTERS
        if (is_strokes or set(match[1]) & set("IVX")) and (read := next(_readings(match[1]), "")):
            yield at, read + match[2]


def _is_numbered(texts: Sequence[str]) -> bool:
    """Tell whether words end with what has a numeral: no lock, no name (Trần Quý), no mục lục."""
    name = canonical(texts[-1])
    earlier = (texts[-2] if len(texts) > 1 else "").lstrip("([“\"'")
    if name == "lục":
        return canonical(earlier) == "phụ"
    is_person = name == "quý" and texts[-1][:1].isupper() and earlier[:1].isupper()
    return name in _BEFORE and not is_person and canonical(earlier) not in _UNNUMBERED


def _heading(texts: Sequence[str]) -> re.Match[str] | None:
    """Return the first word of a line where it may be the numeral of a heading."""
    if len(texts) < 2 or not texts[1][:1].isupper():
        return None
    return _HEADING.fullmatch(texts[0])


def _is_capital_one(texts: Sequence[str]) -> bool:
    """Tell whether a heading is in capitals and has one stroke for its numeral or figure."""
    return texts[0] in _ONE and all(map(str.isupper, texts[1:]))


def _first(following: Lines) -> str | None:
    """Return I or 1 by the next heading that goes on from it; None where none does."""
    has_below = False  # whether figures number what stands within it
    for texts in following:
        match = _heading(texts)
        if match is None:
            continue
        is_letters = len(match[1]) > 1 and not match[1].isdigit()
        if is_letters and next(_readings(match[1]), "") == "II":
            return "I"
        if texts[0] == "2." and not has_below:
            return "1" if all(map(str.isupper, texts[1:])) else None
        if match[1] in _ONE_BELOW:
            has_below = True
        elif not (has_below and match[1].isdigit()):
            return None
    return None


def _continued(read: str, reached: int) -> str | None:
    """Return the numeral that was read as something else; None when there is none to mend."""
    if read in _VALUES or read.isdigit():
        return None
    readings = list(_readings(read))
    for each in readings:
        if _VALUES[each] == reached + 1 and len(read) > 1:
            return each
    is_sure = len(read) > 1 and _SURE.issuperset(read) and read[0] in _SURE and _has_stroke(read)
    return readings[0] if is_sure and readings else None


def _has_stroke(read: str) -> bool:
    """Tell whether a reading begins like III read as TI, or is strokes with a capital I."""
    if "T" in read or "H" in read:
        return "I" in read and not read.endswith("T")
    return not read.isdigit() and not read.islower() and (read[-1] != "1" or "I" in read)


def _readings(read: str) -> Iterator[str]:
    """Yield the numerals that may have been read so, the likeliest first."""
    if len(read) > _LONGEST or not all(letter in _STROKES for letter in read):
        return
    for strokes in product(*(_STROKES[letter] for letter in read)):
        if "".join(strokes) in _VALUES:
            yield "".join(strokes)

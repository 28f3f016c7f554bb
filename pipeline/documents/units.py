"""Names the unit of the state that a text means: one unit, one name, whatever a paper calls it.

A ward's committee, its one-stop centre and its reception desk are one unit in lists: «Phường Cầu
Giấy». Units end and begin with a date (docs/domain.md §4.4, Annex A): districts ended on 1/7/2025,
and are still right on older papers.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.documents.gazetteer import HANOI_UNITS, PROVINCES, restore_marks
from pipeline.vietnamese import canonical, syllables, tones_placed

TWO_TIERS = date(2025, 7, 1)  # no districts since; wards and communes in their present borders
_CODE = re.compile(
    r"[A-Z]\d{2}(?:\.[0-9A-Z]{1,5}){0,7}|[0-9A-Z]{3}(?:\.[0-9A-Z]{2}){2}\.[A-Z]\d{2}"
)
_WARD = ("Phường", "Xã")
_DISTRICT = ("Quận", "Huyện", "Thị xã", "Thị trấn")
_CITY = ("Thành phố", "Tỉnh")
_LEVELS = {folded_text(level): level for level in (*_WARD, *_DISTRICT, *_CITY)}
_LEVEL = re.compile(r"\b(phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|tinh)\b(?= \w)")
_LAST_LEVEL = re.compile(  # and what stands behind it to the end
    r".*\b(phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|tinh) ((?:\w+ ?)*)$"
)
_OFFICE = re.compile(
    r"\b(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|trung tam phuc vu hanh chinh cong|"
    r"ttpvhcc|bo phan (?:mot cua|tiep nhan va tra ket qua)|diem phuc vu hanh chinh cong)\b"
)
_COUNCIL = re.compile(  # with its level and a name, as nothing else stands behind it
    r"(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd)\b"
    r"(?! (?:và (?:ủy ban nhân dân|ubnd) )?"
    r"(?:phường|xã|thị trấn|quận|huyện|thị xã|thành phố|tỉnh|đặc khu|tp|tx|tt) \w)"
)
_CENTRE = re.compile(r"\btrung tam phuc vu hanh chinh cong\b")
_BRANCH = re.compile(r"\bchi nhanh (?:so )?(\d{1,2})\b")
_NEARLY = 0.8  # least similarity of a listed name and itself, misread by a letter
_LONGEST = 6  # words of a unit's name: Văn Miếu - Quốc Tử Giám has five


class Unit(NamedTuple):
    """A unit under its one name."""

    name: str  # as lists show it: Phường Cầu Giấy
    is_known: bool = False  # it is on the list, and existed on the day that was asked for
    has_ended: bool = False  # its level of the state had ended on that day


def is_unit_code(text: str) -> bool:
    """Tell whether a text is the code of a unit (H26.19.25, 000.25.19.H26) and not its name."""
    return bool(_CODE.fullmatch(text))


def unit_named(text: str, on: date | None = None) -> Unit:
    """Return the unit that a text names; a body that belongs to no ward keeps its own name.

    Args:
        text: an issuer or a receiving unit, as printed, in capitals or not.
        on: the day of the paper; tells whether districts still existed.
    """
    folded = folded_text(text)
    branch = _BRANCH.search(folded)
    if branch and _CENTRE.search(folded):
        return Unit(f"Chi nhánh số {int(branch[1])}", is_known=True)
    place = _LEVEL.search(folded)  # the narrowest stands first: phường Láng, thành phố Hà Nội
    if place is None or not _OFFICE.search(folded[: place.start()]):
        return Unit(_in_normal_case(text))
    level = _LEVELS[place[1]]
    listed, words = _name_after(level, folded[place.end() :])
    name = f"{level} {listed or _printed(text, folded[: place.end()], words)}"
    if level in _CITY and _CENTRE.search(folded):
        name = f"Trung tâm Phục vụ hành chính công {name[0].lower()}{name[1:]}"
    if level in _DISTRICT and on is not None and on >= TWO_TIERS:
        return Unit(name, has_ended=True)
    return Unit(name, is_known=bool(listed))


def is_cut_name(text: str) -> bool:
    """Tell whether a text ends within a listed name: «phường Hai», whose other words it lacks."""
    place = _LAST_LEVEL.search(folded_text(text))
    if place is None:
        return False
    names = _CITIES if _LEVELS[place[1]] in _CITY else _HANOI
    return place[2] not in names and any(name.startswith(f"{place[2]} ") for name in names)


def is_nearly_listed(text: str) -> bool:
    """Tell whether a text names a ward that is not listed, a letter away from one that is."""
    place = _LEVEL.search(folded_text(text))
    if place is None or _LEVELS[place[1]] not in _WARD or unit_named(text).is_known:
        return False
    words = folded_text(text)[place.end() :].split()
    printed = {" ".join(words[:size]) for size in range(2, _LONGEST)}
    return any(
        similarity(one, name, _NEARLY) >= _NEARLY
        for one in printed
        for name in _HANOI
        if abs(len(one) - len(name)) <= 1
    )


def lacks_level(text: str) -> bool:
    """Tell whether a text begins as a people's council or committee without level and name."""
    return bool(_COUNCIL.match(" ".join(syllables(canonical(text)))))


def is_name_parted(above: str, below: str) -> bool:
    """Tell whether a row begins with what a listed name lacks at the end of the row above.

    Args:
        above: the row that may end within a name.
        below: the row that may go on with it.
    """
    place = _LAST_LEVEL.search(f"{folded_text(above)} ")
    if place is None or len(place[2].split()) >= _LONGEST:
        return False
    begun, rest = place[2].split(), folded_text(below).split()
    names = _CITIES if _LEVELS[place[1]] in _CITY else _HANOI
    return " ".join(begun) not in names and any(
        " ".join([*begun, *rest[:size]]) in names for size in range(1, _LONGEST)
    )


def _name_after(level: str, folded: str) -> tuple[str, int]:
    """Return the listed name that begins a text, and how many words the name takes."""
    words, names = folded.split(), _CITIES if level in _CITY else _HANOI
    for size in range(min(len(words), _LONGEST), 0, -1):
        if name := names.get(" ".join(words[:size])):
            return name, size
    following = _LEVEL.search(folded)
    rest = folded[: following.start()].split() if following else words
    return "", min(len(rest), _LONGEST)


def _printed(text: str, before: str, count: int) -> str:
    """Return the words after the level's own, as printed, each with a capital."""
    start = len(before.split())
    return " ".join(word.capitalize() for word in syllables(tones_placed(text))[start:][:count])


def _in_normal_case(text: str) -> str:
    """Return a name in capitals as a sentence has it; other names only with their tones placed."""
    placed = tones_placed(" ".join(text.split()))
    if not placed.isupper():
        return placed
    found = restore_marks(placed.lower().split(), as_listed=True).text
    return found[:1].upper() + found[1:]


_HANOI = {folded_text(name): name for name in (*HANOI_UNITS, "Láng")}
_CITIES = {folded_text(name): name for name in PROVINCES}

"""Finds addresses behind their labels; what leads to a house is hidden, the commune is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.documents.gazetteer import PROVINCES
from pipeline.masking.plain import HIDDEN, Hidden, unmarked

_MOST_LINES = 3
_LONGEST = 400  # characters of an address; the longest names of places come to 150
_LABEL = re.compile(  # in letters without marks
    r"(?:dia chi(?: (?:thuong tru|tam tru|lien he|lien lac|nha rieng|tru so(?: chinh)?|thua dat))?"
    r"|(?:noi |cho |ho khau |dang ky )*(?:thuong tru|tam tru|cu tru)(?: hien (?:nay|tai))?"
    r"|(?:noi|cho) o(?: (?:hien (?:nay|tai)|cu|moi))?|que quan|nguyen quan|noi sinh|\btru tai"
    r"|\bngu tai|\btru quan|\bhktt|\bd/c|\bdc(?= ?:)"
    r"|place of residence|place of origin|address)"
)
_GOES_ON = re.compile(  # what tells a value from the same words in a sentence
    r"(?: ?\([^)\n]{0,60}\))? ?(?:/ ?[a-z ]{3,40})?"
    r"(?:[:;]\s*|\s*\.{2,}\s*| ?\n| (?:tai|o|la)\b ?:?"
    r"| ?(?=[0-9]|(?:so|thon|ap|xom|khom|to|khu|ngo|hem|duong|pho|ban) ))"
)
_HOUSE = re.compile(r"\bso nha ?:? ?|\bnha so ?:? ?")
_STREET = re.compile(  # a house in a street, without a label before
    r"\bso [0-9]{1,4}[a-z]?(?:[/-][0-9]{1,4}[a-z]?)*,? (?:ngo|ngach|hem|kiet|pho|duong|xom|thon)\b"
)
_STOP = re.compile(
    r"[;]|\b(?:dien thoai|so dien thoai|s?dt\b|di dong|email|fax|website|ma so|cccd|cmnd|can cuoc"
    r"|ho chieu|so dinh danh|sinh ngay|ngay sinh|nam sinh|gioi tinh|quoc tich|dan toc|nghe nghiep"
    r"|chuc vu|nguoi dai dien|dai dien|ngay cap|noi cap|ho ten|ho va ten|la chu|duoc|yeu cau"
    r"|de nghi|lam don|noi o|noi thuong tru|noi cu tru|noi tam tru|co gia tri)\b"
)
_LINE_LABEL = re.compile(r"[^:\n]{1,45}:")
_UNITS = r"xã|phường|thị trấn|đặc khu|quận|huyện|thị xã|thành phố|tỉnh|tp\.?|t\.p\.?|tx\.?|tt\.?"
_UNIT = re.compile(rf"(?:{_UNITS})(?![^\W_])", re.IGNORECASE)
_INNER_UNIT = re.compile(rf"(?<= )(?=(?:{_UNITS.split('|tp')[0]}|TP\.?) )")
_HIGHEST = re.compile(r"\b(?:tinh|thanh pho|tp\.?|t\.p\.?) ")
_PROVINCES = frozenset(map(unmarked, PROVINCES))


def find_addresses(text: str, letters: str) -> Iterator[Hidden]:
    """Yield the parts of addresses that lead to a house.

    Args:
        text: the text as ``plain`` maps it.
        letters: the same without marks, as ``unmarked`` maps it.
    """
    for label in _LABEL.finditer(letters):
        goes_on = _GOES_ON.match(letters, label.end())
        if goes_on:
            yield from _parts(text, letters, goes_on.end())
    for house in _HOUSE.finditer(letters):
        yield from _parts(text, letters, house.end())
    for street in _STREET.finditer(letters):
        yield from _parts(text, letters, street.start())


def _parts(text: str, letters: str, start: int) -> Iterator[Hidden]:
    for first, last in _segments(text, start, _end(letters, start)):
        segment = text[first:last]
        if segment.strip() and not _is_kept(segment):
            shown = "".join(HIDDEN if char.isalnum() else char for char in segment)
            yield Hidden(first, last, shown)


def _end(letters: str, start: int) -> int:
    """Return where an address ends: with its province, before another label, after three lines."""
    at, most = start, min(len(letters), start + _LONGEST)
    for _ in range(_MOST_LINES):
        line_end = letters.find("\n", at, most)
        line_end = most if line_end < 0 else line_end
        if stop := _STOP.search(letters, at, line_end):
            return stop.start()
        line = letters[at:line_end]
        is_ended = bool(_HIGHEST.search(line)) or any(name in line for name in _PROVINCES)
        follows = line_end + 1
        if is_ended or follows >= most or _LINE_LABEL.match(letters, follows):
            return line_end
        if not line.strip() and at != start:
            return line_end
        at = follows
    return min(most, at)


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts between commas, line ends and, where commas are lost, names of levels."""
    cuts = [match.start() for match in re.finditer(r"[,\n]", text[start:end])]
    cuts += [match.start() - 1 for match in _INNER_UNIT.finditer(text[start:end])]
    first = start
    for cut in sorted(cuts):
        yield first, start + cut
        first = start + cut
    yield first, end


def _is_kept(segment: str) -> bool:
    name = segment.strip(" ,.\n-")
    return bool(_UNIT.match(name)) or unmarked(name) in _PROVINCES

"""Puts words that people wrote in place of those that were read.

A mended line holds the boxes of the words it replaces, in pixels of the original page. So it holds
for any later reading too: words whose middle lies in one of them give way to it, and so does what
was read apart in a slot of that line: the person has seen and said what stands there. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from pipeline.model import Box, Line, MendedLine, Page, PageText, SlotReading, Word

SURE = 1.0  # the confidence of words that a person wrote
_SAME_ROW = 0.5  # share of the lower of two boxes that lies beside the other one


def with_mended(page: Page, lines: Sequence[MendedLine]) -> Page:
    """Return a page as it was read with lines that people wrote in place of words.

    A slot in or right beside such a line says nothing any more.
    """
    read: list[Line] = list(page.text.lines)
    for mended in lines:
        read = _with_line(read, mended)
    is_upright = page.measures.orientation in (0, 180)
    covers = [_with_gaps(each.covers, is_upright=is_upright) for each in lines]
    slots = tuple(
        slot
        for slot in page.slots
        if not any(_is_of(slot, boxes, is_upright=is_upright) for boxes in covers)
    )
    return replace(page, text=PageText(tuple(read)), slots=slots)


def mend(
    shown: PageText, lines: Sequence[MendedLine], typed: Mapping[int, str]
) -> tuple[MendedLine, ...]:
    """Return what holds of a page's words after a person wrote some of its lines anew.

    Args:
        shown: the page's words as the person saw them.
        lines: the lines that people mended before.
        typed: number of a line (from 1) -> all its words; empty: there is nothing to be read.
    """
    mended = list(lines)
    for number, text in typed.items():
        line = shown.lines[number - 1]
        if text == line.text:
            continue
        words = tuple(_placed(text.split(), line.words))
        before = next((at for at, each in enumerate(mended) if each.words == line.words), None)
        if before is None:
            mended.append(MendedLine(tuple(word.box for word in line.words), words))
        else:
            mended[before] = replace(mended[before], words=words)
    return tuple(mended)


def _with_line(read: Sequence[Line], mended: MendedLine) -> list[Line]:
    """Return lines with one that a person wrote, where the first word that it replaces stood."""
    written = [Line(mended.words)] if mended.words else []
    result: list[Line] = []
    for line in read:
        kept = tuple(word for word in line.words if not _is_covered(word.box, mended.covers))
        if len(kept) < len(line.words):
            result += written
            written = []
        if kept:
            result.append(line if len(kept) == len(line.words) else Line(kept))
    if written:  # this reading found nothing there
        top = written[0].box.top
        at = next((at for at, line in enumerate(result) if line.box.top > top), len(result))
        result[at:at] = written
    return result


def _is_covered(word: Box, boxes: Sequence[Box]) -> bool:
    across, down = word.left + word.width / 2, word.top + word.height / 2
    return any(box.left <= across <= box.right and box.top <= down <= box.bottom for box in boxes)


def _with_gaps(covers: Sequence[Box], *, is_upright: bool) -> list[Box]:
    """Return the boxes of a line and the room between them, as on a page that is not turned."""
    boxes = sorted(_levelled(box, is_upright=is_upright) for box in covers)
    return [*boxes, *(one.union(other) for one, other in pairwise(boxes))]


def _is_of(slot: SlotReading, line: Sequence[Box], *, is_upright: bool) -> bool:
    """Tell whether a slot or its label lies in a mended line, or a head's right beside its words.

    What was written may have no word at all: then the words around it tell whose line it is.
    """
    places = [_levelled(slot.box, is_upright=is_upright)]
    if slot.label is None:
        place, room = places[0], places[0].height
        places[0] = place._replace(left=place.left - room, width=place.width + 2 * room)
    else:
        places.append(_levelled(slot.label, is_upright=is_upright))
    return any(_is_beside(one, box) for one in places for box in line)


def _levelled(box: Box, *, is_upright: bool) -> Box:
    return box if is_upright else Box(box.top, box.left, box.height, box.width)


def _is_beside(one: Box, other: Box) -> bool:
    """Tell whether two boxes stand in one row and overlap there."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > _SAME_ROW * min(one.height, other.height)


def _placed(typed: Sequence[str], words: Sequence[Word]) -> Iterator[Word]:
    """Yield typed words in the boxes of those they stand for; a new one shares its neighbour's."""
    for texts, stood in _segments(typed, words):
        if len(texts) == len(stood) == 1:
            yield _written(texts[0], stood[0].box, stood[0])
        elif texts:
            yield from _shared(texts, stood)


def _segments(
    typed: Sequence[str], words: Sequence[Word]
) -> Sequence[tuple[list[str], list[Word]]]:
    """Return typed words beside those they stand for, one to one wherever that can be told."""
    found: list[tuple[list[str], list[Word]]] = []
    ahead: list[str] = []  # new words before the first one that was read
    matcher = SequenceMatcher(a=[word.text for word in words], b=typed, autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        if last - first == end - start:
            pairs = zip(typed[start:end], words[first:last], strict=True)
            found += [([text], [word]) for text, word in pairs]
        elif last > first:
            found.append(([*typed[start:end]], [*words[first:last]]))
        else:
            (found[-1][0] if found else ahead).extend(typed[start:end])
    if ahead:
        found[0][0][:0] = ahead
    return found


def _shared(texts: Sequence[str], words: Sequence[Word]) -> Iterator[Word]:
    """Yield words that share the box of several others, each by the number of its letters."""
    whole = Line(tuple(words)).box
    is_upright = whole.height > whole.width  # the scan lies on its side
    length, letters = max(whole.width, whole.height), sum(map(len, texts))
    done = 0
    for text in texts:
        begin = length * done // letters
        done += len(text)
        size = max(1, length * done // letters - begin)
        box = (
            Box(whole.left, whole.top + begin, whole.width, size)
            if is_upright
            else Box(whole.left + begin, whole.top, size, whole.height)
        )
        yield _written(text, box, words[0])


def _written(text: str, box: Box, word: Word) -> Word:
    return replace(word, text=text, confidence=SURE, box=box, raw="")

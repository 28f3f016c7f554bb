"""Masks a page: the words people read, and the boxes to paint over its picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.documents.machine_readable.cover_sheets import decoded
from pipeline.masking.plain import HIDDEN, composed, unmarked
from pipeline.masking.slots import darker, mask_slots
from pipeline.masking.text import mask_digits, mask_text, masked
from pipeline.model import Box, Line, Page, PageNote, PageState, PageText, Word

RULES = 3  # counts changes of what is hidden: pictures that browsers keep are then stale
_AROUND = 0.08  # share of a code's size that is painted around it: boxes of worn codes are rough
_READ = frozenset({PageState.READ, PageState.DOUBTFUL})
_MACHINE_READ = re.compile(r"<{3,}|\bID?VNM\d")
_CARD = re.compile(  # in letters without marks; both languages stand on cards alone
    r"(?:can cuoc|chung minh nhan dan)[\s\S]{0,80}(?:identity card|citizen identity)"
)


class PictureMask(StrEnum):
    """What of a page's picture may be shown to whoever sees it masked."""

    PAINTED = "painted"  # with ``boxes`` painted over
    NOT_READ = "not_read"  # nothing: what is not read cannot be masked
    WHOLE = "whole"  # nothing: the paper is of a kind that is masked as a whole


@dataclass(frozen=True, slots=True)
class MaskedNumber:
    """A number that was hidden; whoever types all of it may see where it stands."""

    digits: str
    words: tuple[int, ...]  # their positions among the words of the page


@dataclass(frozen=True, slots=True)
class MaskedPage:
    """A page as it is shown to somebody who may not see personal data."""

    page: Page  # its words masked
    picture: PictureMask
    boxes: tuple[Box, ...]  # pixels of the original page
    hidden_words: frozenset[int]  # positions among the words of the page
    numbers: tuple[MaskedNumber, ...]


def mask_page(page: Page, *, is_whole: bool = False, boxes: Sequence[Box] = ()) -> MaskedPage:
    """Return a page with its personal data hidden.

    Args:
        page: the page.
        is_whole: whether the paper is of a kind that is masked as a whole.
        boxes: where fields with personal data were read, in pixels of the original page.
    """
    text = page.text
    words, places = _words(text)
    if is_whole or (words and _is_card(places.text)):
        return _whole(page)
    found = masked(places.text)
    shown = [found.text[start:end] for start, end in places.spans]
    hidden = {at for at, word in enumerate(words) if shown[at] != composed(word.text)}
    for at in {at for at, word in enumerate(words) if _is_within(word.box, boxes)} - hidden:
        shown[at] = mask_digits(shown[at])
    slots = mask_slots(page)
    for at, word_shown in slots.words.items():
        shown[at] = darker(shown[at], word_shown)
        hidden |= {at} if HIDDEN in shown[at] else set()
    # A whole span is painted, the digits that stay readable in the text included.
    owners = [(one, places.words_at(one.start, one.end)) for one in found.hidden]
    painted = {at for one, owned in owners if HIDDEN in one.shown for at in owned} | hidden
    numbers = tuple(MaskedNumber(one.digits, tuple(at)) for one, at in owners if one.digits)
    is_read = page.state in _READ and bool(words)
    return MaskedPage(
        page=replace(
            page,
            text=_rebuilt(text, shown),
            reasons=tuple(map(mask_text, page.reasons)),
            codes=(),
            slots=(),
        ),
        picture=PictureMask.PAINTED if is_read else PictureMask.NOT_READ,
        boxes=(
            *(words[at].box for at in sorted(painted)),
            *boxes,
            *slots.boxes,
            *_code_boxes(page),
        ),
        hidden_words=frozenset(painted),
        numbers=numbers,
    )


def _code_boxes(page: Page) -> Iterator[Box]:
    """Yield where codes stand, but for our own sheets': a telephone reads what the text hides.

    One that could not be decoded is hidden as well: better decoders may come.
    """
    for code in page.codes:
        if decoded(code.text) is None:
            around = round(_AROUND * max(code.box.width, code.box.height))
            left, top = max(0, code.box.left - around), max(0, code.box.top - around)
            yield Box(left, top, code.box.width + 2 * around, code.box.height + 2 * around)


def join_masks(shown: MaskedPage, others: Sequence[MaskedPage]) -> MaskedPage:
    """Return a masked page whose picture is masked by every reading of it.

    Args:
        shown: the page with the words that hold.
        others: the same page as it was read before.
    """
    pictures = {shown.picture, *(one.picture for one in others)}
    if PictureMask.WHOLE in pictures:
        return shown if shown.picture is PictureMask.WHOLE else _whole(shown.page)
    boxes = dict.fromkeys(box for one in (shown, *others) for box in one.boxes)
    is_read = pictures == {PictureMask.PAINTED}
    picture = PictureMask.PAINTED if is_read else PictureMask.NOT_READ
    return replace(shown, picture=picture, boxes=tuple(boxes))


def may_picture(note: PageNote) -> bool:
    """Tell whether a page was read so that its picture can be masked, as far as its note says."""
    return note.state in _READ and note.confidence > 0


def _is_within(word: Box, boxes: Sequence[Box]) -> bool:
    across, down = word.left + word.width / 2, word.top + word.height / 2
    return any(box.left <= across < box.right and box.top <= down < box.bottom for box in boxes)


@dataclass(frozen=True, slots=True)
class _Places:
    """The text of a page, and where its words stand in it."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def words_at(self, start: int, end: int) -> list[int]:
        return [at for at, (first, last) in enumerate(self.spans) if first < end and start < last]


def _words(text: PageText) -> tuple[tuple[Word, ...], _Places]:
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.lines:
        for word in line.words:
            part = composed(word.text)
            spans.append((at, at + len(part)))
            parts.append(part)
            at += len(part) + 1
            parts.append(" ")
        parts[-1] = "\n"
    return text.words, _Places("".join(parts), tuple(spans))


def _is_card(text: str) -> bool:
    return bool(_MACHINE_READ.search(text) or _CARD.search(unmarked(text)))


def _whole(page: Page) -> MaskedPage:
    blank = replace(page, text=PageText(), reasons=(), codes=(), signs=(), slots=())
    everything = frozenset(range(len(page.text.words)))
    return MaskedPage(blank, PictureMask.WHOLE, (), everything, ())


def _rebuilt(text: PageText, shown: Iterable[str]) -> PageText:
    """Return the same lines with other words, without what was read before corrections."""
    following = iter(shown)
    return PageText(
        tuple(
            Line(tuple(_shown(word, next(following)) for word in line.words)) for line in text.lines
        )
    )


def _shown(word: Word, text: str) -> Word:
    is_same = word.text == text and not word.raw
    return word if is_same else replace(word, text=text, raw="")

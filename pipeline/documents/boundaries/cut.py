"""Cuts the pages of a dossier into runs, each one paper, and says why each begins where it does.

What a person decided of a page comes first. Then what parts papers for certain (separator, heading,
title, page 1), then what holds them together (page numbers, annexes, the rest of a sentence), then
what parts them where the paper before has ended. A page that shows nothing continues the paper
before; blank and unread pages always do, so that the backs of sheets end no paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.documents.boundaries.looks import PageLook

BY_PERSON = "Người dùng đã quyết định chia ở đây."
_BLANK_SHEET = 2  # silent sides one after the other: a blank sheet between papers


@dataclass(slots=True)
class PageRun:
    """Pages that are one paper, in the order of the scan until they are put in their own."""

    reason: str  # Vietnamese: why it begins
    looks: list[PageLook] = field(default_factory=list)
    is_firm: bool = True  # false: it begins only because its page number fits no paper before it
    is_decided: bool = False  # a person decided about one of its pages

    @property
    def last(self) -> PageLook:
        """Its last page that says something; its first page where none does."""
        spoken = (look for look in reversed(self.looks) if not look.is_silent)
        return next(spoken, self.looks[0])

    @property
    def numbered(self) -> list[PageLook]:
        """Its pages with a printed number."""
        return [look for look in self.looks if look.printed]

    @property
    def silent_at_end(self) -> int:
        """How many blank or unread sides it ends with."""
        count = 0
        while count < len(self.looks) and self.looks[-1 - count].is_silent:
            count += 1
        return count


class Cut(NamedTuple):
    """The papers of a dossier, and the pages that belong to none."""

    runs: list[PageRun]
    apart: dict[int, str]  # number of a page -> why it is in no paper, Vietnamese


def cut(looks: Iterable[PageLook], decided: Mapping[int, bool]) -> Cut:
    """Cut pages, in the order of the scans, into runs.

    Args:
        looks: the pages in order, with all that they show.
        decided: number of a page -> whether it begins a paper, where a person decided it.
    """
    runs: list[PageRun] = []
    apart: dict[int, str] = {}
    after_separator = False
    for look in looks:
        if look.is_behind:
            runs.append(PageRun(_on_sheet(look), [look]))
            after_separator = False
            continue
        if look.number not in decided and (why := _apart(look, after_separator=after_separator)):
            apart[look.number] = why
            after_separator = True
            continue
        begins = _decide(look, runs, decided, after_separator=after_separator)
        if begins is not None:
            runs.append(begins)
        runs[-1].looks.append(look)
        runs[-1].is_decided |= look.number in decided
        # A person may say that a separator is a page of a paper; that moves no other boundary.
        after_separator = bool(look.separates)
    return Cut(runs, apart)


def _on_sheet(look: PageLook) -> str:
    """Return why a later one of several papers on a sheet begins, Vietnamese."""
    told = str(look.rows.parts[0])
    return _with_own(f"{told[0].upper()}{told[1:]}.", look)


def _apart(look: PageLook, *, after_separator: bool) -> str:
    if look.separates:
        return look.separates
    return "Mặt sau của tờ phân cách." if after_separator and look.is_silent else ""


def _decide(
    look: PageLook, runs: Sequence[PageRun], decided: Mapping[int, bool], *, after_separator: bool
) -> PageRun | None:
    """Return a new run when a page begins a paper, None when it continues the last one."""
    if not runs:
        why = "Sau tờ phân cách." if after_separator else "Trang đầu của hồ sơ."
        return PageRun(_with_own(why, look), is_firm=after_separator or not _is_later(look))
    if look.number in decided:
        return PageRun(BY_PERSON) if decided[look.number] else None
    if after_separator:
        return PageRun(_with_own("Sau tờ phân cách.", look))
    if look.is_silent:
        return None
    return _decide_by_looks(look, runs)


def _decide_by_looks(look: PageLook, runs: Sequence[PageRun]) -> PageRun | None:
    run = runs[-1]
    if why := _parts(look, run):
        return PageRun(why)
    if why := _is_wanted(look, runs) or _fits_not(look, run):
        return PageRun(why, is_firm=False)
    if _holds(look, run):
        return None
    why = _begins_after_end(look, run)
    return PageRun(why, is_firm=not _is_later(look)) if why else None


def _parts(look: PageLook, run: PageRun) -> str:
    """Return what on a page begins a paper for certain; empty: nothing."""
    marks = (
        (look.is_marked, "Có vạch phân cách in trên trang."),
        (look.is_cover, "Tờ bìa."),
        (run.last.is_cover, "Sau tờ bìa."),
    )
    if why := next((why for holds, why in marks if holds), ""):
        return why
    if look.is_annex:
        return ""
    if look.headed:
        return _own(look)
    if look.title is not None and not _follows(look, run):
        return _own(look)
    if look.printed and look.printed.number == 1 and look.printed.total:
        return f"Trang in số {look.printed}."
    return ""


def _holds(look: PageLook, run: PageRun) -> bool:
    """Tell whether a page continues a paper for certain."""
    return _follows(look, run) or _is_of(look, run) or look.is_annex or look.goes_on


def _is_of(look: PageLook, run: PageRun) -> bool:
    """Tell whether a page is one that a paper lacks, whatever the order."""
    printed = look.printed
    if printed is None or printed.total is None:
        return False
    return printed.total in _totals(run) and printed.number not in _numbers(run)


def _is_wanted(look: PageLook, runs: Sequence[PageRun]) -> str:
    """Return why a page is one that an earlier paper lacks; empty: the last one may have it."""
    printed, last = look.printed, runs[-1]
    if printed is None or printed.total is None or last.numbered:
        return ""
    lacking = any(
        printed.total in _totals(run) and printed.number not in _numbers(run) for run in runs[:-1]
    )
    return f"Trang in số {printed}, một giấy trước đó thiếu trang này." if lacking else ""


def _fits_not(look: PageLook, run: PageRun) -> str:
    """Return why a page number says that a page belongs elsewhere; empty: it says nothing."""
    printed, before = look.printed, run.numbered[-1].printed if run.numbered else None
    if printed is None or printed.total is None:
        return ""
    if before is not None and before.total not in (None, printed.total):
        return f"Trang in số {printed}, giấy trước có {before.total} trang."
    if before is not None and before.total and printed.number in _numbers(run):
        return f"Trang in số {printed}, giấy trước đã có trang này."
    if before is None and printed.number > len(run.looks) + 1:
        return f"Trang in số {printed} không nối tiếp giấy trước."
    return ""


def _begins_after_end(look: PageLook, run: PageRun) -> str:
    """Return why a page begins a paper where the one before may have ended; empty: it does not."""
    last = run.last
    if last.printed and last.printed.number == last.printed.total:
        return f"Giấy trước đã hết: trang {last.printed}."
    if look.printed and look.printed.number > 1 and not look.has_letterhead:
        return ""
    first = look.printed is not None and look.printed.number == 1
    marks = (
        (run.silent_at_end >= _BLANK_SHEET, "Sau một tờ trắng."),
        (_has_head(look, run), "Có cơ quan ban hành và số, ký hiệu."),
        (last.closes and look.has_letterhead, "Giấy trước đã ký; trang này có số, ký hiệu riêng."),
        (last.closes and look.has_own_title, "Giấy trước đã ký; trang này có tên riêng."),
        (last.closes and first, "Giấy trước đã ký; số trang bắt đầu lại từ 1."),
    )
    return next((why for holds, why in marks if holds), "")


def _has_head(look: PageLook, run: PageRun) -> bool:
    return look.has_letterhead and look.has_own_title and not run.last.is_annex


def _follows(look: PageLook, run: PageRun) -> bool:
    """Tell whether the printed number of a page is the next one of a paper."""
    if look.printed is None or look.printed.number == 1:
        return False
    printed, before = look.printed, run.last.printed
    if before is None:  # no number on a first page, and silent sides are counted or not
        spoken = sum(not each.is_silent for each in run.looks)
        return not run.numbered and printed.number in (spoken + 1, len(run.looks) + 1)
    is_same = printed.total == before.total or None in (printed.total, before.total)
    step = printed.number - before.number
    return is_same and step in (1, run.silent_at_end + 1)


def _is_later(look: PageLook) -> bool:
    return look.printed is not None and look.printed.number > 1 and not look.headed


def _numbers(run: PageRun) -> set[int]:
    return {look.printed.number for look in run.looks if look.printed}


def _totals(run: PageRun) -> set[int]:
    return {look.printed.total for look in run.looks if look.printed and look.printed.total}


def _own(look: PageLook) -> str:
    label = f"tên giấy «{look.title.kind.label}»" if look.title else ""
    parts = ["Có Quốc hiệu" if look.headed else "", label]
    told = " và ".join(filter(None, parts))
    return f"{told if look.headed else 'Có ' + told}."


def _with_own(why: str, look: PageLook) -> str:
    return f"{why} {_own(look)}" if look.headed or look.title else why

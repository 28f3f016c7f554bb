"""Puts pages where their printed numbers say they belong: within a paper, and among papers.

A page moves only where the numbers leave one possibility. What a person decided about stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.documents.boundaries.cut import PageRun
from pipeline.documents.boundaries.looks import PageLook

_NEAR = 1  # runs away that a page without a printed total may belong


def reunited(runs: Sequence[PageRun]) -> list[PageRun]:
    """Return papers with the stray pages that their page numbers lack, each in reading order."""
    left = list(runs)
    for run in runs:
        if run.is_firm or run.is_decided:
            continue
        homes = [each for each in left if each is not run and _lacks(each, run, left)]
        homes = [each for each in homes if _says_as_many(each, run)] or homes
        if len(homes) == 1:
            (home,) = homes
            moved = ", ".join(str(look.number) for look in run.looks)
            home.looks = sorted([*home.looks, *run.looks], key=lambda look: look.number)
            home.reason += f" Trang {moved} của tệp thuộc giấy này theo số trang in."
            left = [each for each in left if each is not run]
    for run in left:
        _put_in_order(run)
    return left


def _says_as_many(home: PageRun, stray: PageRun) -> bool:
    """Tell whether a paper prints the same number of pages as a stray one."""
    stated = ({e.printed.total for e in run.looks if e.printed} for run in (home, stray))
    return next(stated) == next(stated)


def _lacks(home: PageRun, stray: PageRun, runs: Sequence[PageRun]) -> bool:
    """Tell whether the pages of a stray run are exactly some that another paper lacks."""
    if home.is_decided or not home.is_firm:
        return False
    wanted = {look.printed for look in stray.numbered if look.printed}
    stated = {printed.total for printed in wanted}
    numbers = {printed.number for printed in wanted}
    if len(stated) != 1 or len(numbers) != len(stray.numbered) or not numbers:
        return False
    has = _numbers(home)
    if has & numbers:
        return False
    total = next(iter(stated))
    if total is not None:
        known = {look.printed.total for look in home.looks if look.printed}
        spoken = sum(not look.is_silent for look in home.looks)
        is_beside = abs(runs.index(home) - runs.index(stray)) <= _NEAR
        is_same = known == {total} or (not known and home.looks[0].headed and is_beside)
        return is_same and spoken + len(numbers) <= total
    apart = abs(runs.index(home) - runs.index(stray))
    return apart <= _NEAR and bool(has) and numbers | has == set(range(1, max(numbers | has) + 1))


def _numbers(run: PageRun) -> set[int]:
    """Return the page numbers of a paper; a first page with a heading may not print its own."""
    found = {look.printed.number for look in run.looks if look.printed}
    first = next((look for look in run.looks if _is_first(look)), None)
    return found | {1} if first is not None and not first.printed else found


def _is_first(look: PageLook) -> bool:
    return look.headed or look.title is not None


def _put_in_order(run: PageRun) -> None:
    """Put the pages of a paper in the order of their numbers, each with the silent ones behind it.

    Not where a page between has no number: an annex counts its own pages or none.
    """
    if run.is_decided:
        return
    sheets: list[list[PageLook]] = []
    for look in run.looks:
        if look.is_silent and sheets:
            sheets[-1].append(look)
        else:
            sheets.append([look])
    keys = [_place(sheet[0]) for sheet in sheets]
    known = [key for key in keys if key is not None]
    if len(known) != len(keys) or len(set(known)) != len(known):
        return
    if all(one < other for one, other in pairwise(known)):
        return
    order = sorted(range(len(sheets)), key=lambda at: known[at])
    run.looks = [look for at in order for look in sheets[at]]
    listed = ", ".join(str(look.number) for look in run.looks if not look.is_silent)
    run.reason += f" Xếp theo số trang in: {listed}."


def _place(look: PageLook) -> int | None:
    if look.printed:
        return look.printed.number
    return 1 if _is_first(look) else None

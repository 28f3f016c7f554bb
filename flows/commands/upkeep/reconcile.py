"""`sohoa doctor reconcile`: compares folder, spool, store, queue and index; changes nothing."""

from __future__ import annotations

from collections import Counter

from flows.console import open_console
from flows.terminal import say, say_json
from flows.upkeep.reconcile import find_differences
from pipeline.reconcile import Difference

MOST_SHOWN = 20  # differences of one kind that are printed


def run(*, as_json: bool) -> int:
    """Print the differences and what to do about each; 1 when there are any."""
    console = open_console(stderr=True)
    with console.status("Đang đối chiếu …"):
        found = find_differences()
    if as_json:
        say_json([each._asdict() for each in found])
        return int(bool(found))
    _show(found)
    say(f"{len(found)} chỗ lệch." if found else "Thư mục, vùng đệm, kho, hàng đợi, chỉ mục khớp.")
    return int(bool(found))


def _show(found: tuple[Difference, ...]) -> None:
    """Print the first of each kind; a lost index differs in every dossier."""
    console = open_console()
    kinds = Counter(each.kind for each in found)
    shown = Counter[str]()
    for each in found:
        shown[each.kind] += 1
        if shown[each.kind] <= MOST_SHOWN:
            console.print("✗", f"{each.subject}: {each.detail}", markup=False)
            console.print("  →", each.remedy, markup=False)
        elif shown[each.kind] == kinds[each.kind]:
            say(f"… và {kinds[each.kind] - MOST_SHOWN} chỗ nữa cùng loại ({each.kind}); xem --json")

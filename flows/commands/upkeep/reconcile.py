"""`sohoa doctor reconcile`: compares folder, spool, store, queue and index; changes nothing."""

from __future__ import annotations

import json
import sys
from collections import Counter

from rich.console import Console

from flows.upkeep.reconcile import find_differences
from pipeline.reconcile import Difference

MOST_SHOWN = 20  # differences of one kind that are printed


def run(*, as_json: bool) -> int:
    """Print the differences and what to do about each; 1 when there are any."""
    console = Console(file=sys.stderr)
    with console.status("Đang đối chiếu …"):
        found = find_differences()
    if as_json:
        json.dump([each._asdict() for each in found], sys.stdout, ensure_ascii=False, indent=1)
        print()
        return int(bool(found))
    _show(found)
    print(f"{len(found)} chỗ lệch." if found else "Thư mục, vùng đệm, kho, hàng đợi, chỉ mục khớp.")
    return int(bool(found))


def _show(found: tuple[Difference, ...]) -> None:
    """Print the first of each kind; a lost index differs in every dossier."""
    console = Console(highlight=False)
    kinds = Counter(each.kind for each in found)
    shown = Counter[str]()
    for each in found:
        shown[each.kind] += 1
        if shown[each.kind] <= MOST_SHOWN:
            console.print("✗", f"{each.subject}: {each.detail}", soft_wrap=True, markup=False)
            console.print("  →", each.remedy, soft_wrap=True, markup=False)
        elif shown[each.kind] == kinds[each.kind]:
            print(
                f"… và {kinds[each.kind] - MOST_SHOWN} chỗ nữa cùng loại ({each.kind}); xem --json"
            )

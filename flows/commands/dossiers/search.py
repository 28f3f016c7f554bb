"""`sohoa search`: prints the dossiers that a query finds, a page and a snippet of each."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from flows.commands.audited import audited
from flows.commands.dossiers.clear_hits import clear_hit
from flows.terminal import say_json
from flows.wiring import archive, index_to_search
from pipeline import report
from pipeline.audit import Verb
from pipeline.errors import QueryError
from pipeline.model import MARK_CLOSE, MARK_OPEN, Query, Results
from pipeline.model.search import Sort
from pipeline.operation.waiting_work import WaitingWork
from search.query.filters import FILTERS
from search.query.receptions_typed import without_a_day

RECORDS = (Verb.SEARCH,)
_PATIENCE = 2.0  # seconds to wait for the number of queued dossiers


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("query", metavar="CÂU_HỎI", help="từ khóa, mã hồ sơ, số văn bản, ngày …")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="số kết quả (20)")
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="TÊN=GIÁ_TRỊ",
        help=f"lọc theo {', '.join(FILTERS)}; ngày viết như 2024-03-05; missing=1 là còn thiếu"
        " thành phần, duplicate=1 là có thể trùng, no_reception=1 là không rõ ngày tiếp nhận; dùng"
        " được nhiều lần",
    )
    parser.add_argument(
        "--sort",
        choices=get_args(Sort),
        default="relevance",
        help="thứ tự: liên quan (relevance), mới quét (received), mới tiếp nhận (reception),"
        " ngày ban hành (issued), mã hồ sơ (code)",
    )
    parser.add_argument(
        "--only-marked", action="store_true", help="chữ gõ có dấu chỉ tìm chữ có đúng dấu ấy"
    )
    parser.add_argument(
        "--after",
        default="",
        metavar="CHỖ_DỪNG",
        help="các kết quả tiếp theo, sau “next” của lần trước",
    )


def run(args: argparse.Namespace) -> int:
    """Print the hits.

    Raises:
        AuditUnavailableError: the search could not be recorded, so nothing is shown.
        QueryError: a filter is unknown, has no equals sign or no day, or ``--after`` is wrong.
    """
    filters = _filters(args.filter)
    query = Query(
        args.query,
        filters,
        limit=args.limit,
        only_marked=args.only_marked,
        sort=args.sort,
        after=args.after,
    )
    results = index_to_search().find(query)
    undated = _undated(query)
    results = replace(results, hits=tuple(clear_hit(hit, archive()) for hit in results.hits))
    names, shown = ",".join(sorted(filters)), len(results.hits)
    audited(Verb.SEARCH, words=args.query, filters=names, total=results.total, shown=shown)
    waiting = WaitingWork(archive()).number(_PATIENCE)
    if args.json:
        say_json({**report.results(results, waiting), "undated": undated})
    else:
        _show(args.query, results, waiting, undated)
    return 0


def _undated(query: Query) -> int | None:
    """Return how many dossiers a filter by reception leaves out for want of a day."""
    left_out = without_a_day(query)
    found = index_to_search().find(left_out) if left_out else None
    return None if found is None else 0 if found.approximate else found.total


def _filters(pairs: list[str]) -> dict[str, str]:
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise QueryError(f"Bộ lọc «{wrong[0]}» thiếu dấu bằng.", "Viết như --filter year=2024.")
    return dict(pair.split("=", 1) for pair in pairs)


def _show(text: str, results: Results, waiting: int | None, undated: int | None) -> None:
    from flows.console import marked_up, open_console  # noqa: PLC0415 — rich takes 0.04 s

    console = open_console()
    console.print(f"{results.total} hồ sơ ({results.took_ms:.0f} ms)")
    for note in _notes(text, results, waiting, undated):
        console.print(f"[yellow]{marked_up(note)}[/yellow]")
    for hit in results.hits:
        snippet = marked_up(hit.snippet).replace(MARK_OPEN, "[bold yellow]")
        title = marked_up(f"{hit.code} · {hit.title}" if hit.code else hit.title)
        console.print(f"[bold]{title}[/bold] · trang {hit.page} · [dim]{hit.dossier}[/dim]")
        console.print("   " + snippet.replace(MARK_CLOSE, "[/bold yellow]"))
    if results.next:
        after = marked_up(shlex.quote(results.next))
        console.print(f"[dim]Các kết quả tiếp theo: --after={after}[/dim]")


def _notes(text: str, results: Results, waiting: int | None, undated: int | None) -> Iterator[str]:
    """Yield what the answer lacks, in Vietnamese."""
    if results.approximate and results.total:
        spared = ", ".join(results.given_up)
        need_not = f" (không cần có: {spared})" if spared else ""
        yield f"Không có hồ sơ nào có đủ «{text}»; dưới đây là kết quả gần đúng{need_not}."
    if results.never_so_marked:
        yield f"Không hồ sơ nào có «{', '.join(results.never_so_marked)}» đúng dấu như vậy."
    if undated:
        yield (
            f"Ngoài ra {undated} hồ sơ khớp nhưng không rõ ngày tiếp nhận: xem bằng"
            " --filter no_reception=1."
        )
    if waiting:
        yield f"Còn {waiting} hồ sơ đang chờ đọc, có thể chưa tìm thấy."

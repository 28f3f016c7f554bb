"""`sohoa search`: prints the dossiers that a query finds, a page and a snippet of each."""

from __future__ import annotations

import argparse

from flows.commands.audited import audited
from flows.console import marked_up, open_console
from flows.terminal import say_json
from flows.wiring import index
from pipeline import report
from pipeline.audit import Verb
from pipeline.errors import QueryError
from pipeline.model import MARK_CLOSE, MARK_OPEN, Query, Results

RECORDS = (Verb.SEARCH,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("query", metavar="QUERY", help="từ khóa, mã hồ sơ, số văn bản, ngày …")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="số kết quả (20)")
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="K=V",
        help="lọc theo unit, document_type, year hoặc state; dùng được nhiều lần",
    )


def run(args: argparse.Namespace) -> int:
    """Print the hits.

    Raises:
        AuditUnavailableError: the search could not be recorded, so nothing is shown.
        QueryError: a filter is unknown or has no equals sign.
    """
    filters = _filters(args.filter)
    results = index().find(Query(args.query, filters, limit=args.limit))
    names, shown = ",".join(sorted(filters)), len(results.hits)
    audited(Verb.SEARCH, words=args.query, filters=names, total=results.total, shown=shown)
    if args.json:
        say_json(report.results(results))
    else:
        _show(results)
    return 0


def _filters(pairs: list[str]) -> dict[str, str]:
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise QueryError(f"Bộ lọc «{wrong[0]}» thiếu dấu bằng.", "Viết như --filter year=2024.")
    return dict(pair.split("=", 1) for pair in pairs)


def _show(results: Results) -> None:
    console = open_console()
    console.print(f"{results.total} hồ sơ ({results.took_ms:.0f} ms)")
    for hit in results.hits:
        snippet = marked_up(hit.snippet).replace(MARK_OPEN, "[bold yellow]")
        title = marked_up(f"{hit.code} · {hit.title}" if hit.code else hit.title)
        console.print(f"[bold]{title}[/bold] · trang {hit.page} · [dim]{hit.dossier}[/dim]")
        console.print("   " + snippet.replace(MARK_CLOSE, "[/bold yellow]"))

"""`sohoa reindex`: builds the search index anew from the store, while the old one serves."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from rich.progress import track

from flows.commands.audited import audited
from flows.console import open_console
from flows.terminal import say
from flows.upkeep.reindex import rebuild_index
from flows.wiring import archive, index
from pipeline.audit import Verb

RECORDS = (Verb.MANAGE,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--remove-old",
        action="store_true",
        help="xóa các chỉ mục cũ sau khi đã thay; không có: giữ lại",
    )


def run(args: argparse.Namespace) -> int:
    """Build, compare with the store, switch; 1 when a dossier could not be published.

    Raises:
        StorageUnavailableError: the store holds nothing and the index does.
        SearchUnavailableError: an index is away, or the new one is not complete.
    """
    audited(Verb.MANAGE, act="reindex", remove_old=int(args.remove_old))
    console = open_console(stderr=True)

    def with_progress(dossiers: list[str]) -> Iterable[str]:
        return track(dossiers, "Đang lập lại chỉ mục", console=console, transient=True)

    rebuilt = rebuild_index(archive(), index(), with_progress)
    say(f"{rebuilt.dossiers} hồ sơ trong chỉ mục.")
    for dossier in rebuilt.lost:
        say(f"✗ {dossier}: không đưa được vào chỉ mục. Chạy `sohoa verify` để biết vì sao.")
    if args.remove_old:
        say(f"Đã xóa {index().remove_old()} chỉ mục cũ.")
    return int(bool(rebuilt.lost))

"""`sohoa status`: what runs, waits, failed and was last upkept, on one screen."""

from __future__ import annotations

import argparse
import urllib.request
from contextlib import suppress

from flows.terminal import say, say_json
from flows.wiring import archive, index, settings
from pipeline.errors import SohoaError
from pipeline.model import Query
from pipeline.operation.alerts import RULES, troubles
from pipeline.operation.figures import FigureGatherer, Figures
from pipeline.operation.report import figures_row, status_lines
from pipeline.operation.services import Service, services_of

RECORDS = ()  # shows no paper
MOST_FAILURES = 5  # reasons that are printed; --json has them all
_PATIENCE = 2.0  # seconds for the reading room's answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Print the state of the installation; 1 when something should be looked at.

    Raises:
        StorageUnavailableError: the store is away.
    """
    figures = FigureGatherer(archive(), settings().home).gather()
    services = (*services_of(settings()), _web(), _index())
    found = list(troubles(figures, services, settings()))
    is_well = not found and all(one.is_well for one in services if one.name == "search")
    if args.json:
        say_json(figures_row(figures, services, found))
    else:
        _show(figures, services, found)
    return int(not is_well)


def _web() -> Service:
    """Ask the reading room of this machine whether it answers."""
    web = settings().web
    host = "127.0.0.1" if web.host in {"0.0.0.0", "::"} else web.host
    address = f"http://{host}:{web.port}/healthz"
    if web.tls_certificate:
        return Service("web", is_well=True, told="https: mở bằng trình duyệt để biết")
    with suppress(OSError, ValueError):  # an answer that is no 200 is an OSError as well
        urllib.request.urlopen(address, timeout=_PATIENCE).close()
        return Service("web", is_well=True, told=address.removesuffix("healthz"))
    return Service("web", is_well=False, told="không trả lời")


def _index() -> Service:
    try:
        total = index().find(Query("", limit=1)).total
    except SohoaError as error:
        return Service("search", is_well=False, told=error.message)
    return Service("search", is_well=True, told=f"{total} hồ sơ tìm được")


def _show(figures: Figures, services: tuple[Service, ...], found: list[str]) -> None:
    for is_well, name, told in status_lines(figures, services):
        say(f"{'✓' if is_well else '✗'} {name}:", told, sep=" ")
    if figures.failures:
        say("Lỗi theo lý do, 7 ngày:")
        for reason, count in figures.failures[:MOST_FAILURES]:
            say(f"  {count:>4}  {reason}")
    for name in found:
        say(f"! {RULES[name].begins}")
    if not found:
        say("Không có gì cần báo.")

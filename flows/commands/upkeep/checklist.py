"""A list of checks on the terminal, or as JSON for other programs."""

from __future__ import annotations

from collections.abc import Sequence

from flows.console import marked_up, open_console
from flows.terminal import say_json
from pipeline.model import Check


def print_checks(checks: Sequence[Check], *, as_json: bool) -> None:
    """Print how each part is, and the remedy of what is not well."""
    if as_json:
        rows = [{**check._asdict(), "is_well": check.is_well} for check in checks]
        say_json(rows)
        return
    console = open_console()
    for check in checks:
        mark = "[green]✓[/green]" if check.is_well else "[red]✗[/red]"
        console.print(mark, marked_up(f"{check.part}: {check.detail}"))
        if check.remedy:
            console.print("  →", check.remedy, markup=False)

"""Prints tables, colours and progress with rich; nothing that is printed steers the terminal.

Apart from ``flows.terminal``, which does the same for plain lines, because rich takes time to load.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook
from rich.markup import escape
from rich.segment import Segment

from pipeline.plain_text import lines, one_line

_WIDE = 100_000  # columns; a table takes no more than its cells need


def marked_up(value: object) -> str:
    """Return a value for a line or table cell with markup: it is text, whatever it says."""
    return escape(one_line(str(value)))


def open_console(*, stderr: bool = False) -> Console:
    """Return a console for tables, colours and progress; what it prints is made safe."""
    console = _SafeConsole(stderr=stderr, highlight=False, emoji=False)
    if not console.is_terminal:  # programs look for words in lines: none is wrapped in a pipe
        console.width = _WIDE
    return console


class _SafeConsole(Console):
    """A console that puts each string on one line and lets no control character through."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.push_render_hook(_SafeRendering())

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as ``Console.print`` does."""
        safe = (one_line(each) if isinstance(each, str) else each for each in objects)
        super().print(*safe, **options)


class _SafeRendering(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Replace the control characters in whatever is rendered, tables as well."""
        return [_Safe(each) for each in renderables]


class _Safe:
    def __init__(self, inner: ConsoleRenderable) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Segment]:
        """Yield the segments; those that are rich's own control sequences stay."""
        for each in console.render(self._inner, options):
            yield each if each.control else Segment(lines(each.text), each.style)

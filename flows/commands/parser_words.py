"""Gives the argument parser Vietnamese words: usage, headings and complaints.

argparse passes each of its sentences through ``gettext``. A catalogue of the locale would depend on
what is installed and on the shell's language; staff read Vietnamese whatever that is.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from textwrap import wrap
from typing import Any, NoReturn

from pipeline.plain_text import one_line

WORDS = {
    "usage: ": "cách dùng: ",
    "positional arguments": "tham số",
    "options": "tùy chọn",
    "subcommands": "các việc",
    "show this help message and exit": "in trợ giúp này rồi thoát",
    "show program's version number and exit": "in phiên bản rồi thoát",
    "%(prog)s: error: %(message)s\n": "%(prog)s: lỗi: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "unrecognized arguments: %s": "không hiểu: %s",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s chưa rõ là tùy chọn nào trong: %(matches)s"
    ),
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "không có %(value)r; chọn một trong: %(choices)s"
    ),
    "can't open '%(filename)s': %(error)s": "không mở được '%(filename)s': %(error)s",
    "expected one argument": "thiếu giá trị đi kèm",
    "expected at most one argument": "chỉ được một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "expected %s argument": "cần %s giá trị",
    "expected %s arguments": "cần %s giá trị",
    "invalid %(type)s value: %(value)r": "giá trị không đúng: %(value)r",
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "không có %(parser_name)r; chọn một trong: %(choices)s"
    ),
    "the following arguments are required: %s": "còn thiếu: %s",
    "one of the arguments %s is required": "cần một trong: %s",
    "not allowed with argument %s": "không dùng cùng với %s",
    "ignored explicit argument %r": "không nhận giá trị %r",
    "unexpected option string: %s": "không có tùy chọn %s",
}


class HelpLines(argparse.RawDescriptionHelpFormatter):
    """Wraps usage and help between words: never within one, nor at its hyphens."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width, break_long_words=False, break_on_hyphens=False)

    def _format_usage(self, *about: Any) -> str:
        # argparse keeps options of which one excludes the others on one line, however long.
        lines = super()._format_usage(*about).split("\n")
        return "\n".join(part for line in lines for part in self._wrapped(line))

    def _wrapped(self, line: str) -> list[str]:
        if len(line) <= self._width:
            return [line]
        indent = " " * (len(line) - len(line.lstrip()) or 2)
        return wrap(
            line.strip(),
            self._width,
            initial_indent=indent if line.startswith(" ") else "",
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


class Parser(argparse.ArgumentParser):
    """A parser that speaks Vietnamese, and quotes the words safely: ``*`` may be file names."""

    def __init__(
        self, prog: str | None = None, description: str | None = None, **settings: object
    ) -> None:
        super().__init__(
            prog=prog,
            description=description,
            formatter_class=HelpLines,
            **settings,  # type: ignore[arg-type]
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and exit with 2."""
        super().error(one_line(message))


def speak_vietnamese() -> None:
    """Have argparse say its sentences in Vietnamese, in this process."""
    argparse._ = lambda text: WORDS.get(text, text)  # type: ignore[attr-defined]
    argparse.ngettext = _one_or_many  # type: ignore[attr-defined]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return a question for a word that is not known, empty when none is like it."""
    alike = get_close_matches(word, known, n=2, cutoff=0.7)
    return f" Ý bạn là: {' hoặc '.join(alike)}?" if alike else ""


def examples(lines: Sequence[str]) -> str:
    """Return the examples of a command as its help shows them; empty without any."""
    return "\n".join(["ví dụ:", *(f"  {line}" for line in lines)]) if lines else ""


def _one_or_many(one: str, many: str, count: int) -> str:
    text = one if count == 1 else many
    return WORDS.get(text, text)

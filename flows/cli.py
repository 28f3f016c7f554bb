"""Command line of the product: parses the command's name, loads its module and runs it.

Only the called command is imported, because importing Prefect alone takes seconds; the settings,
too, are imported by what needs them.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from flows.commands.command_table import COMMANDS, KEEPS_FILES, NEEDS_PREFECT
from flows.commands.parser_words import Parser, did_you_mean, examples, speak_vietnamese
from flows.terminal import JsonFormatter, complain
from pipeline.errors import MisconfiguredError, SohoaError
from pipeline.plain_text import lines
from pipeline.private_files import (
    HALF_RESTORED,
    close_home,
    harden_process,
    remove_private_root,
    sweep,
    use_private_root,
)

if TYPE_CHECKING:
    from pipeline.settings import Settings

log = logging.getLogger(__name__)

FAILED, USAGE = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed or partial, 2 wrong usage.

    Args:
        argv: the words after ``sohoa``; those of the process by default.

    Raises:
        SystemExit: help or version were asked for (0), or the arguments are wrong (2).
    """
    speak_vietnamese()
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] not in COMMANDS:
        return _usage(words)
    try:
        start_logging()
        with _server_of(words[0]):
            return _run(words[0], words[1:])
    except SohoaError as error:
        complain(f"sohoa {words[0]}: {error}")
        return FAILED
    except KeyboardInterrupt:
        complain("Đã dừng theo yêu cầu; việc còn dở sẽ được làm tiếp lần sau.")
        return 130
    except BrokenPipeError:
        return FAILED


def _server_of(command: str) -> AbstractContextManager[object]:
    """Return the Prefect server that a command works with, or nothing where it needs none."""
    if command not in NEEDS_PREFECT:
        return nullcontext()
    from flows.prefect_api import prefect_server  # noqa: PLC0415 — HTTP clients take 0.1 s
    from flows.wiring import settings  # noqa: PLC0415 — a wrong command needs no settings

    return prefect_server(settings())


def entry() -> int:
    """Run a command in a process of its own: nothing that it makes can be read by other users."""
    harden_process()
    try:
        return _in_private(sys.argv[1:])
    finally:
        gc.freeze()  # the interpreter's end looks through all that was loaded, which takes 0.1 s


def _in_private(words: Sequence[str]) -> int:
    """Run a command; one that keeps files has its home and its temporary files closed to others."""
    if not KEEPS_FILES.intersection(words[:1]):
        return main(words)
    from flows.wiring import settings  # noqa: PLC0415 — a wrong command needs no settings

    try:
        _prepare_home(words[0], settings())
    except (SohoaError, OSError) as error:
        reason = error if isinstance(error, SohoaError) else error.strerror
        complain(f"sohoa {words[0]}: thư mục của chương trình: {reason}")
        return FAILED
    try:
        return main(words)
    finally:
        remove_private_root(settings().home)


def _prepare_home(command: str, settings: Settings) -> None:
    """Close the home to others, and have temporary files made, and swept, in a private folder.

    Raises:
        MisconfiguredError: the home is half restored from a backup.
        OSError: it cannot be made.
    """
    home = settings.home
    if command != "restore" and (home / HALF_RESTORED).exists():
        raise MisconfiguredError(
            "đang khôi phục dở từ bản sao lưu.", "Chạy lại `sohoa restore THƯ_MỤC` cho xong đã."
        )
    close_home(home, settings.watched_folders)
    if swept := sweep(home):
        log.warning("removed the temporary files of %d processes that were killed", swept)
    use_private_root(home)


def start_logging() -> None:
    """Log to standard error, at the level that ``SOHOA_LOG`` names; WARNING by default.

    With ``SOHOA_LOG_FORMAT=json`` each line is an object, for programs that gather logs.

    Raises:
        MisconfiguredError: there is no such level or format.
    """
    level = os.environ.get("SOHOA_LOG", "").strip().upper() or "WARNING"
    if level not in logging.getLevelNamesMapping():
        raise MisconfiguredError(
            f"SOHOA_LOG: không có mức {level[:40]!r}.",
            "Dùng DEBUG, INFO, WARNING, ERROR hoặc CRITICAL.",
        )
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(os.environ.get("SOHOA_LOG_FORMAT", "") or "text"))
    logging.basicConfig(level=level, handlers=[handler])


def _formatter(kind: str) -> logging.Formatter:
    if kind == "json":
        return JsonFormatter()
    if kind != "text":
        raise MisconfiguredError(
            f"SOHOA_LOG_FORMAT: không có dạng {kind[:40]!r}.", "Dùng text hoặc json."
        )
    return _SafeFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


class _SafeFormatter(logging.Formatter):
    """Formats log records without control characters, whatever an error quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as lines of text."""
        return lines(super().format(record))


def parser_of(name: str) -> Parser:
    """Return the parser of a command with all its arguments; this imports its module."""
    command = COMMANDS[name]
    parser = Parser(f"sohoa {name}", command.help, epilog=examples(command.examples))
    _module_of(name).arguments(parser)
    return parser


def _module_of(name: str) -> ModuleType:
    """Return the module of a command; what it imports stays, so no garbage is looked for then."""
    gc.disable()
    try:
        return import_module(f"flows.commands.{COMMANDS[name].module}")
    finally:
        gc.enable()


def main_parser() -> Parser:
    """Return the parser of the program, which knows the names of the commands."""
    from importlib.metadata import version  # noqa: PLC0415 — takes 0.03 s

    parser = Parser("sohoa", "Số hóa: từ hồ sơ giấy đến kho dữ liệu tìm được.")
    parser.add_argument(
        "--version", action="version", version=f"sohoa {version('sohoa')}", help="in phiên bản"
    )
    parser.epilog = "Thêm --help sau một lệnh để xem cách dùng và ví dụ: sohoa search --help"
    return parser


def _run(name: str, words: list[str]) -> int:
    arguments, module = parser_of(name).parse_args(words), _module_of(name)
    from flows.wiring import close_audit_log  # noqa: PLC0415 — a wrong command needs no settings

    try:
        return int(module.run(arguments))
    finally:
        close_audit_log()


def _usage(words: list[str]) -> int:
    parser = main_parser()
    if words and not words[0].startswith("-"):
        parser.error(f"không có lệnh {words[0]!r}.{did_you_mean(words[0], list(COMMANDS))}")
    commands = parser.add_subparsers(metavar="LỆNH", title="các lệnh", required=True)
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.help)
    parser.parse_args(words)
    return USAGE


if __name__ == "__main__":
    sys.exit(entry())

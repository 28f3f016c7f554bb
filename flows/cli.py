"""Command line of the product: parses the command's name, loads its module and runs it.

Only the called command is imported, because importing Prefect alone takes seconds.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from importlib.metadata import version
from typing import NamedTuple, NoReturn

from flows.prefect_api import prefect_server
from flows.terminal import JsonFormatter, complain
from flows.wiring import close_audit_log, settings
from pipeline.errors import MisconfiguredError, SohoaError
from pipeline.plain_text import lines, one_line
from pipeline.private_files import (
    close_home,
    harden_process,
    remove_private_root,
    sweep,
    use_private_root,
)

log = logging.getLogger(__name__)

FAILED, USAGE = 1, 2


class Command(NamedTuple):
    """A command: the module that runs it, and its line of help."""

    module: str  # in flows/commands/; has `arguments(parser)` and `run(args) -> int`
    help: str


KEEPS_FILES = {"watch", "ingest", "read", "worker", "web", "export", "doctor", "user", "withheld"}
NEEDS_PREFECT = {"watch", "ingest", "deploy", "worker"}
COMMANDS = {
    "watch": Command(
        "services.watch", "theo dõi thư mục, đọc và lập chỉ mục những gì được thả vào"
    ),
    "ingest": Command("dossiers.ingest", "lấy tệp hoặc thư mục vào kho ngay, chờ và báo kết quả"),
    "read": Command("dossiers.read", "đọc một tệp mà không lưu vào kho"),
    "search": Command("dossiers.search", "tìm trong kho"),
    "show": Command("dossiers.show", "xem một hồ sơ"),
    "history": Command("dossiers.history", "xem các lần thay đổi của một hồ sơ"),
    "export": Command("dossiers.export", "lấy PDF tìm được chữ của một hồ sơ ra thư mục"),
    "correct": Command(
        "dossiers.correct", "xác nhận, sửa, bỏ trường của giấy tờ; chia lại giấy tờ; hoàn tác"
    ),
    "review": Command(
        "dossiers.review", "hàng kiểm tra: trường còn ngờ và mẫu kiểm soát; tỷ lệ sai thật"
    ),
    "join": Command("dossiers.join", "nhập một hồ sơ tới sau vào hồ sơ cùng mã, hoặc để riêng"),
    "retry": Command("dossiers.retry", "cho làm lại hồ sơ hỏng hoặc còn thiếu"),
    "audit": Command("upkeep.audit", "nhật ký truy cập: ai đã xem gì, kiểm tra, cảnh báo, khóa"),
    "catalogue": Command("upkeep.catalogue", "xem hoặc thay danh mục thủ tục hành chính"),
    "reprocess": Command(
        "upkeep.reprocess", "hiểu lại hồ sơ theo quy tắc mới, không đọc lại: liệt kê, rồi áp dụng"
    ),
    "reindex": Command("upkeep.reindex", "lập lại chỉ mục tìm kiếm từ kho"),
    "verify": Command(
        "upkeep.verify", "băm lại kho, tìm những gì đã thay đổi, bị mất, chưa đọc được"
    ),
    "prepare": Command(
        "services.prepare", "tạo kho, chỉ mục, quyền và tài khoản của từng vai trò trên máy chủ"
    ),
    "deploy": Command("services.deploy", "đăng ký việc đọc hồ sơ với work pool của Prefect"),
    "worker": Command(
        "services.worker", "đọc hồ sơ cho work pool; chạy trên bao nhiêu máy cũng được"
    ),
    "web": Command("services.web", "mở phòng đọc trên trình duyệt"),
    "user": Command("people.user", "tài khoản của người dùng: tạo, khóa, đặt lại, vai trò, token"),
    "withheld": Command(
        "people.withheld", "hồ sơ giữ lại: liệt kê; hai người đề nghị và duyệt bỏ giữ lại"
    ),
    "doctor": Command("upkeep.doctor", "kiểm tra mọi bộ phận và nói cách sửa"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed or partial, 2 wrong usage.

    Args:
        argv: the words after ``sohoa``; those of the process by default.

    Raises:
        SystemExit: help or version were asked for (0), or the arguments are wrong (2).
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] not in COMMANDS:
        return _usage(words)
    command = COMMANDS[words[0]]
    try:
        start_logging()
        server = prefect_server(settings()) if words[0] in NEEDS_PREFECT else nullcontext()
        with server:
            return _run(words[0], command, words[1:])
    except SohoaError as error:
        complain(f"sohoa {words[0]}: {error}")
        return FAILED
    except KeyboardInterrupt:
        complain("Đã dừng theo yêu cầu; việc còn dở sẽ được làm tiếp lần sau.")
        return 130
    except BrokenPipeError:
        return FAILED
    finally:
        close_audit_log()


def entry() -> int:
    """Run a command in a process of its own: nothing that it makes can be read by other users."""
    harden_process()
    words = sys.argv[1:]
    if not KEEPS_FILES.intersection(words[:1]):
        return main()
    try:
        _prepare_home()
    except (SohoaError, OSError) as error:
        reason = error if isinstance(error, SohoaError) else error.strerror
        complain(f"sohoa {words[0]}: thư mục của chương trình: {reason}")
        return FAILED
    try:
        return main()
    finally:
        remove_private_root(settings().home)


def _prepare_home() -> None:
    """Close the home to others, and have temporary files made, and swept, in a private folder."""
    home = settings().home
    close_home(home, settings().watched_folders)
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


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints quote the words safely: a shell's ``*`` puts file names there."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and exit with 2."""
        super().error(one_line(message))


class _SafeFormatter(logging.Formatter):
    """Formats log records without control characters, whatever an error quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as lines of text."""
        return lines(super().format(record))


def _run(name: str, command: Command, words: list[str]) -> int:
    module = import_module(f"flows.commands.{command.module}")
    parser = _Parser(prog=f"sohoa {name}", description=command.help)
    module.arguments(parser)
    return int(module.run(parser.parse_args(words)))


def _usage(words: list[str]) -> int:
    parser = _Parser(prog="sohoa", description="Số hóa: từ hồ sơ giấy đến kho dữ liệu tìm được.")
    parser.add_argument(
        "--version", action="version", version=f"sohoa {version('sohoa')}", help="in phiên bản"
    )
    commands = parser.add_subparsers(metavar="LỆNH", title="các lệnh", required=True)
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.help)
    parser.parse_args(words)
    return USAGE


if __name__ == "__main__":
    sys.exit(entry())

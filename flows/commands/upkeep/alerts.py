"""`sohoa alerts`: looks once, or again and again, and tells operators what began or is over."""

from __future__ import annotations

import argparse
import logging
import time

from flows.terminal import say, say_json
from flows.upkeep.alerting import Sent, addresses, look_and_tell, send
from flows.wiring import archive, settings
from pipeline.errors import MisconfiguredError, ServiceUnavailableError, StorageUnavailableError
from pipeline.operation.alerts import troubles
from pipeline.operation.figures import FigureGatherer
from pipeline.operation.services import services_of

log = logging.getLogger(__name__)

RECORDS = ()  # shows no paper
SHORTEST = 10  # seconds between two looks


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--every", metavar="GIÂY", type=_seconds, help="chạy mãi, cứ ngần ấy giây xem lại một lần"
    )
    parser.add_argument(
        "--test", action="store_true", help="gửi thử một tin đến mọi kênh, không xem gì khác"
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Look and tell; 1 when a channel did not take it.

    Raises:
        MisconfiguredError: no address is set, or one is none.
        StorageUnavailableError: the store or the home is away, and it was to look once.
    """
    urls = addresses(settings().alerts.urls.get_secret_value())
    if not urls:
        raise MisconfiguredError(
            "Chưa đặt SOHOA_ALERTS__URLS nên không báo được cho ai.",
            "Đặt địa chỉ Apprise, ví dụ mailto://… hoặc json://…; xem docs/operating.md, «Alerts».",
        )
    if args.test:
        return _test(urls)
    gatherer = FigureGatherer(archive(), settings().home)
    while True:
        try:
            sent = _look(gatherer, urls)
        except ServiceUnavailableError as error:
            if not args.every:
                raise
            log.warning("alerts: %s", error.message)
            sent = Sent((), (), ())
        _show(sent, as_json=args.json)
        if not args.every:
            return int(bool(sent.failed))
        time.sleep(args.every)


def _look(gatherer: FigureGatherer, urls: list[str]) -> Sent:
    found = list(troubles(gatherer.gather(), services_of(settings()), settings()))
    try:
        return look_and_tell(settings().home, found, urls)
    except OSError as error:
        raise StorageUnavailableError(
            f"Không ghi được vào thư mục của chương trình ({error.strerror}).",
            "Kiểm tra ổ đĩa còn chỗ, còn quyền ghi.",
        ) from error


def _test(urls: list[str]) -> int:
    failed = send(urls, ["Tin thử: cảnh báo của Sohoa đến được đây."])
    say("Đã gửi thử." if not failed else f"✗ Không gửi được: {', '.join(failed)}.")
    return int(bool(failed))


def _show(sent: Sent, *, as_json: bool) -> None:
    if as_json:
        began = [rule.name for rule in sent.began]
        ended = [rule.name for rule in sent.ended]
        say_json({"began": began, "ended": ended, "failed": list(sent.failed)})
        return
    for rule in sent.began:
        say(f"! {rule.begins}")
    for rule in sent.ended:
        say(f"Hết: {rule.over}")
    for channel in sent.failed:
        say(f"✗ Không gửi được: {channel}. Kiểm tra địa chỉ và mạng.")


def _seconds(text: str) -> float:
    if not text.isdecimal() or int(text) < SHORTEST:
        raise argparse.ArgumentTypeError(f"phải là số giây, từ {SHORTEST} trở lên")
    return float(text)

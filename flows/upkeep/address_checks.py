"""Checks which addresses open the reading room, and whether other machines than this one may."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address

from pipeline.model import Check
from pipeline.settings import WebSettings

_PART = "địa chỉ phòng đọc"
_OTHERS = "máy khác vào phòng đọc"
_EVERY = {"0.0.0.0", "::"}
_FIRST = "sohoa user add TÊN --role admin"
_ACCOUNTS = f"Tạo tài khoản đầu tiên: {_FIRST}; chưa có thì `sohoa web` không mở địa chỉ này."


def check_addresses(web: WebSettings, *, has_accounts: bool | None) -> Iterator[Check]:
    """Yield the addresses to type into a browser, and whether a second machine may come.

    Args:
        web: where the room listens, and the names that it answers to.
        has_accounts: whether anybody can sign in; None where the database does not say, which is
            told by its own check.
    """
    own = _is_loopback(web.host)
    named = [name for name in web.names if name != "*"]
    mine = [name for name in named if _is_loopback(name)]
    others = [name for name in named if not _is_loopback(name)]
    if "*" in web.names:
        mine = mine or ["localhost"]
        others = others or [_this_machine(web.host)]
    reached = mine if own else [*(mine if web.host in _EVERY else []), *others]
    urls = ", ".join(_url(web, name) for name in reached)
    if not reached:
        yield Check(
            _PART,
            f"nghe ở {web.host} nhưng không tên nào trong SOHOA_WEB__NAMES mở được",
            f"Thêm tên hoặc địa chỉ mà trình duyệt gõ: SOHOA_WEB__NAMES='[\"{_shown(web.host)}\"]'",
        )
    else:
        yield Check(_PART, urls)
    if has_accounts is not None:
        yield _second_machine(web, others, own=own, has_accounts=has_accounts)


def _second_machine(web: WebSettings, others: list[str], *, own: bool, has_accounts: bool) -> Check:
    """Return whether a second machine may come, and what it lacks."""
    nobody = "" if has_accounts else "; chưa có tài khoản nào"
    if own and not web.proxies and not others:
        how = (
            "" if has_accounts else f"tạo tài khoản ({_FIRST}), "
        ) + "đặt SOHOA_WEB__HOST=0.0.0.0 và thêm tên máy vào SOHOA_WEB__NAMES"
        return Check(_OTHERS, f"không: chỉ nghe ở {web.host}{nobody}. Muốn mở: {how}")
    if not has_accounts:
        return Check(_OTHERS, "chưa: chưa có tài khoản nào", _ACCOUNTS)
    if not others:
        name = _this_machine(web.host)
        return Check(
            _OTHERS,
            "không: SOHOA_WEB__NAMES chỉ có tên của chính máy này",
            f'Thêm tên mà máy khác gõ, như SOHOA_WEB__NAMES=\'["127.0.0.1","{name}"]\'',
        )
    if own and not web.proxies:
        return Check(
            _OTHERS,
            f"không: có tên {', '.join(others)} nhưng chỉ nghe ở {web.host}",
            "Đặt SOHOA_WEB__HOST=0.0.0.0, hoặc nêu proxy ở SOHOA_WEB__PROXIES.",
        )
    if web.proxies:
        return Check(_OTHERS, f"được, qua proxy, bằng tên {', '.join(others)}")
    return Check(_OTHERS, "được, bằng " + ", ".join(_url(web, name) for name in others))


def _url(web: WebSettings, name: str) -> str:
    scheme = "https" if web.tls_certificate else "http"
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{web.port}"


def _shown(host: str) -> str:
    return _this_machine(host) if host in _EVERY else host


def _this_machine(host: str) -> str:
    """Return what other machines may call this one."""
    return socket.gethostname().lower() if host in _EVERY or _is_loopback(host) else host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"

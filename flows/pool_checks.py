"""Checks work pool, deployment, automation and workers in Prefect, for `sohoa doctor`.

Asks Prefect's REST API itself: importing Prefect's client takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from flows.prefect_names import DRAIN, ENTRYPOINT, automation_of
from pipeline.model import Check
from pipeline.settings import Settings

_DEPLOY = "Chạy một lần: sohoa deploy"
_DEPLOY_AGAIN = "Chạy lại sau khi nâng cấp: sohoa deploy"
_TIMEOUT_SECONDS = 5.0


def check_pool(settings: Settings, url: str) -> Iterator[Check]:
    """Yield the state of pool, deployment, automation and workers; nothing when runs are inline.

    Args:
        settings: the settings, which name the pool.
        url: the address of Prefect's API; empty when none is known.
    """
    if settings.runs.kind != "pool":
        return
    pool = settings.runs.pool
    name = f"work pool «{pool}»"
    try:
        with httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS) as api:
            yield from _registered(name, pool, api)
    except httpx.HTTPError:
        yield Check(name, "chưa biết: Prefect không trả lời", "Khởi động máy chủ Prefect.")
    if settings.storage.kind == "disk":
        yield Check(name, "kho là một thư mục, nên mọi worker phải ở cùng máy với nó")


def _registered(name: str, pool: str, api: httpx.Client) -> Iterator[Check]:
    """Yield what is wrong with the registration; when nothing is, that and the workers online."""
    faults = tuple(_faults(name, pool, api))
    yield from faults
    if not faults:
        yield Check(name, "đã đăng ký; lượt chạy đã chết được ghi Crashed")
        online = {"workers": {"status": {"any_": ["ONLINE"]}}}
        workers = len(_filtered(api, f"/work_pools/{pool}/workers/filter", online))
        remedy = "" if workers else "Chạy `sohoa worker` trên các máy đọc."
        yield Check(name, f"{workers} worker đang nhận việc", remedy)


def _faults(name: str, pool: str, api: httpx.Client) -> Iterator[Check]:
    if _read(api, f"/work_pools/{pool}") is None:
        yield Check(name, "chưa có trong Prefect", _DEPLOY)
    deployment = _read(api, f"/deployments/name/{DRAIN}/{pool}")
    if deployment is None:
        yield Check(name, "chưa đăng ký việc đọc hồ sơ", _DEPLOY)
    elif (registered := deployment.get("entrypoint")) != ENTRYPOINT:
        detail = f"việc đọc hồ sơ do phiên bản khác đăng ký ({registered})"
        yield Check(name, detail, _DEPLOY_AGAIN)
    if not _has_automation(api, pool):
        yield Check(name, "lượt chạy đã chết không được ghi Crashed", _DEPLOY)


def _read(api: httpx.Client, path: str) -> dict[str, Any] | None:
    """Return an object of the API, or None when there is none at that path."""
    answer = api.get(path)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    answer.raise_for_status()
    return dict(answer.json())


def _has_automation(api: httpx.Client, pool: str) -> bool:
    """Tell whether the automation that marks silent runs as Crashed is there and enabled."""
    named = {"automations": {"name": {"any_": [automation_of(pool)]}}}
    return any(found["enabled"] for found in _filtered(api, "/automations/filter", named))


def _filtered(api: httpx.Client, path: str, criteria: dict[str, Any]) -> list[dict[str, Any]]:
    answer = api.post(path, json=criteria)
    answer.raise_for_status()
    return list(answer.json())

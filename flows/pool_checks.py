"""How the work pool is, for `sohoa doctor`. Asks Prefect's API itself: its client takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from flows.prefect_names import DRAIN, automation_of
from pipeline.model import Check
from pipeline.settings import Settings

_DEPLOY = "Chạy một lần: sohoa deploy"
_SECONDS = 5.0


def check_pool(settings: Settings, url: str) -> Iterator[Check]:
    """Yield how pool, deployment, rule about dead runs and workers are; nothing when inline.

    Args:
        settings: say which pool.
        url: of Prefect's API; empty when none is known.
    """
    if settings.runs.kind != "pool":
        return
    pool = settings.runs.pool
    name = f"work pool «{pool}»"
    try:
        with httpx.Client(base_url=url, timeout=_SECONDS) as api:
            yield from _parts(name, pool, api)
    except httpx.HTTPError:
        yield Check(name, "chưa biết: Prefect không trả lời", "Khởi động máy chủ Prefect.")
    if settings.storage.kind == "disk":
        yield Check(name, "kho là một thư mục, nên mọi worker phải ở cùng máy với nó")


def _parts(name: str, pool: str, api: httpx.Client) -> Iterator[Check]:
    missing = {
        "chưa có trong Prefect": not _is_there(api, f"/work_pools/{pool}"),
        "chưa đăng ký việc đọc hồ sơ": not _is_there(api, f"/deployments/name/{DRAIN}/{pool}"),
        "lượt chạy đã chết không được ghi Crashed": not _ends_dead_runs(api, pool),
    }
    for trouble in (words for words, is_missing in missing.items() if is_missing):
        yield Check(name, trouble, _DEPLOY)
    if not any(missing.values()):
        yield Check(name, "đã đăng ký; lượt chạy đã chết được ghi Crashed")
        online = {"workers": {"status": {"any_": ["ONLINE"]}}}
        workers = len(_found(api, f"/work_pools/{pool}/workers/filter", online))
        remedy = "" if workers else "Chạy `sohoa worker` trên các máy đọc."
        yield Check(name, f"{workers} worker đang nhận việc", remedy)


def _is_there(api: httpx.Client, path: str) -> bool:
    answer = api.get(path)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return False
    answer.raise_for_status()
    return True


def _ends_dead_runs(api: httpx.Client, pool: str) -> bool:
    wanted = {"automations": {"name": {"any_": [automation_of(pool)]}}}
    return any(found["enabled"] for found in _found(api, "/automations/filter", wanted))


def _found(api: httpx.Client, path: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    answer = api.post(path, json=wanted)
    answer.raise_for_status()
    return list(answer.json())

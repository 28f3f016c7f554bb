"""Checks Prefect's server, its secret, work pool, deployment and workers, for `sohoa doctor`.

Asks Prefect's REST API itself: importing Prefect's client takes seconds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import httpx

from flows.local_prefect import is_healthy
from flows.prefect_names import DRAIN, ENTRYPOINT, JOB_TEMPLATE, automation_of
from flows.prefect_secret import access, authorization, complaint_about, secret_for
from flows.server_process import known_server
from pipeline.errors import MisconfiguredError
from pipeline.model import Check
from pipeline.settings import Settings

_DEPLOY = "Chạy một lần: sohoa deploy"
_DEPLOY_AGAIN = "Chạy lại sau khi nâng cấp: sohoa deploy"
_BUSY = "Máy chủ Prefect đang bận hoặc có lỗi: thử lại sau ít phút, rồi xem nhật ký của nó."
_SECRET = "Kiểm tra PREFECT_API_AUTH_STRING."
_TIMEOUT_SECONDS = 5.0
_PAUSES_WHILE_BUSY = (0.3, 1.0)


def check_prefect(settings: Settings) -> Iterator[Check]:
    """Yield the state of the server and its secret, and that of the pool when runs use one.

    Args:
        settings: the settings, which name home and pool.
    """
    note = known_server(settings.home / "prefect")
    url = os.environ.get("PREFECT_API_URL") or (note.url if note else "")
    if url and is_healthy(url):
        yield Check("Prefect", url.removesuffix("/api"))
        yield check_secret(settings, url)
    elif "PREFECT_API_URL" in os.environ:
        remedy = "Khởi động máy chủ Prefect đó, hoặc bỏ PREFECT_API_URL để dùng máy chủ riêng."
        yield Check("Prefect", f"{url} không trả lời", remedy)
    else:
        yield Check("Prefect", "chưa chạy; `sohoa watch` và `sohoa ingest` tự khởi động")
    yield from check_pool(settings, url)


def check_secret(settings: Settings, url: str) -> Check:
    """Return whether the API refuses a call without the secret and takes one with it.

    Args:
        settings: the settings, which name the home.
        url: the address of Prefect's API.
    """
    try:
        complaint = complaint_about(access(url, secret_for(settings.home / "prefect")), url)
    except MisconfiguredError as error:
        return Check("khóa của Prefect", error.message, error.remedy)
    return Check("khóa của Prefect", *(complaint or ("gọi không có khóa thì bị từ chối (401)",)))


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
        headers = authorization(secret_for(settings.home / "prefect"))
        with httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT_SECONDS) as api:
            yield from _registered(name, pool, api)
    except MisconfiguredError as error:
        yield Check(name, error.message, error.remedy)
    except httpx.HTTPStatusError as error:
        remedy = _BUSY if error.response.is_server_error else _SECRET
        yield Check(name, f"chưa biết: Prefect trả lời {error.response.status_code}", remedy)
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
    registered = _read(api, f"/work_pools/{pool}")
    if registered is None:
        yield Check(name, "chưa có trong Prefect", _DEPLOY)
    elif registered.get("base_job_template") != JOB_TEMPLATE:
        yield Check(name, "người gọi Prefect đặt được lệnh của lượt chạy", _DEPLOY_AGAIN)
    deployment = _read(api, f"/deployments/name/{DRAIN}/{pool}")
    if deployment is None:
        yield Check(name, "chưa đăng ký việc đọc hồ sơ", _DEPLOY)
    elif (entrypoint := deployment.get("entrypoint")) != ENTRYPOINT:
        detail = f"việc đọc hồ sơ do phiên bản khác đăng ký ({entrypoint})"
        yield Check(name, detail, _DEPLOY_AGAIN)
    if not _has_automation(api, pool):
        yield Check(name, "lượt chạy đã chết không được ghi Crashed", _DEPLOY)


def _read(api: httpx.Client, path: str) -> dict[str, Any] | None:
    """Return an object of the API, or None when there is none at that path."""
    answer = _answer(api, "GET", path)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    answer.raise_for_status()
    return dict(answer.json())


def _has_automation(api: httpx.Client, pool: str) -> bool:
    """Tell whether the automation that marks silent runs as Crashed is there and enabled."""
    named = {"automations": {"name": {"any_": [automation_of(pool)]}}}
    return any(found["enabled"] for found in _filtered(api, "/automations/filter", named))


def _filtered(api: httpx.Client, path: str, criteria: dict[str, Any]) -> list[dict[str, Any]]:
    answer = _answer(api, "POST", path, criteria)
    answer.raise_for_status()
    return list(answer.json())


def _answer(
    api: httpx.Client, method: str, path: str, body: dict[str, Any] | None = None
) -> httpx.Response:
    """Return the API's answer; a server that says it is busy is asked again, as its client does.

    Prefect answers 503 while another writer holds its SQLite database.
    """
    for seconds in _PAUSES_WHILE_BUSY:
        answer = api.request(method, path, json=body)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
        time.sleep(seconds)
    return api.request(method, path, json=body)

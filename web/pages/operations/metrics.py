"""Route ``/metrics``: the figures in the format of Prometheus, without anything of people."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from http import HTTPStatus
from importlib.metadata import version

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import PlainTextResponse, Response

from pipeline.errors import StorageUnavailableError
from pipeline.model import Outcome, ReceiptStatus
from pipeline.operation.alerts import RULES
from pipeline.operation.figures import Figures
from web.context import Context
from web.pages.operations.board import Board, board_of
from web.pages.operations.health import is_local
from web.people.gate import Anyone, needs

router = APIRouter()

_REFUSED = "Chỉ chương trình trên máy chủ, hoặc có SOHOA_WEB__METRICS_TOKEN, được đọc số liệu.\n"


@router.get("/metrics", dependencies=[needs(Anyone.AT_ALL)])
def metrics(request: Request, context: Context) -> Response:
    """Answer the figures to programs of this machine, and to whoever has the token."""
    token = context.settings.web.metrics_token.get_secret_value()
    shown = request.headers.get("authorization", "").encode()
    has_token = bool(token) and hmac.compare_digest(shown, f"Bearer {token}".encode())
    if not (has_token or is_local(request)):
        return PlainTextResponse(_REFUSED, HTTPStatus.FORBIDDEN)
    try:
        board: Board | None = board_of(request)
    except StorageUnavailableError:
        board = None
    registry = CollectorRegistry()
    registry.register(_Figures(board))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Figures:
    """Collects the figures of a moment; None: the store is away."""

    def __init__(self, board: Board | None) -> None:
        self._board = board

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; ``docs/operating.md`` names them."""
        yield InfoMetricFamily("sohoa", "The software.", value={"version": version("sohoa")})
        well = GaugeMetricFamily("sohoa_service_up", "1: runs or answers.", labels=["service"])
        if self._board is None:
            well.add_metric(["storage"], 0)
            yield well
            return
        since = GaugeMetricFamily(
            "sohoa_service_start_time_seconds", "When it was started.", labels=["service"]
        )
        for one in self._board.services:
            well.add_metric([one.name], one.is_well)
            if one.since:
                since.add_metric([one.name], one.since.timestamp())
        yield well
        yield since
        alerts = GaugeMetricFamily("sohoa_alert", "1: the rule holds.", labels=["rule"])
        for name in RULES:
            alerts.add_metric([name], name in self._board.troubles)
        yield alerts
        yield from _counted(self._board.figures)
        yield from _single(self._board.figures)


def _counted(figures: Figures) -> Iterator[Metric]:
    files = GaugeMetricFamily("sohoa_files_today", "Files that came today.", labels=["status"])
    for status in ReceiptStatus:
        files.add_metric([str(status).lower()], figures.today.files[status])
    yield files
    dossiers = GaugeMetricFamily("sohoa_dossiers_today", "By outcome.", labels=["outcome"])
    for outcome in Outcome:
        dossiers.add_metric([str(outcome).lower()], figures.today.outcomes[str(outcome)])
    yield dossiers


def _single(figures: Figures) -> Iterator[Metric]:
    """Yield the metrics without labels; one that is not known is left out."""
    age = (figures.at - figures.oldest).total_seconds() if figures.oldest else 0.0
    verify, backup = figures.verify, figures.backup
    checked = backup.checked_at if backup else None
    values: dict[str, tuple[str, float | None]] = {
        "queue_dossiers": ("Dossiers that wait.", figures.queued),
        "queue_oldest_seconds": ("How long the oldest waits.", age),
        "pages_today": ("Pages of dossiers that came today.", figures.today.pages),
        "pages_last_hour": ("Pages read in the last hour.", figures.hours[-1]),
        "failures_7_days": ("Files refused, pages not read.", sum(n for _, n in figures.failures)),
        "slowest_page_seconds": (
            "The slowest page of 7 days.",
            figures.slowest[0].seconds if figures.slowest else 0.0,
        ),
        "disk_free_bytes": ("Free on the disk of the home.", figures.free),
        "disk_size_bytes": ("Size of that disk.", figures.size),
        "disk_days_left": ("Days until it is full, estimated.", figures.days_left),
        "verify_timestamp_seconds": ("Last verify.", verify.at.timestamp() if verify else None),
        "verify_faults": ("What it found.", verify.faults if verify else None),
        "backup_timestamp_seconds": (
            "Last backup.",
            backup.at.timestamp() if backup and backup.at else None,
        ),
        "backup_check_timestamp_seconds": ("Last drill.", checked.timestamp() if checked else None),
        "backup_faults": ("What the drill found.", backup.check_faults if backup else None),
    }
    for name, (told, value) in values.items():
        if value is not None:
            yield GaugeMetricFamily(f"sohoa_{name}", told, value=float(value))

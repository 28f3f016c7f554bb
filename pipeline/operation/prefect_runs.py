"""Tells under which address a browser finds Prefect's pages, and the page of a single run.

The id of a dossier's last run stands in its lease, so nothing is asked of Prefect.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

from pipeline.model import Lease
from pipeline.operation.services import prefect_service


def prefect_pages(home: Path) -> str:
    """Return the address of Prefect's pages; empty where no browser is known to reach any.

    It is ``PREFECT_UI_URL`` where that is set, else the running server of this home.
    """
    named = os.environ.get("PREFECT_UI_URL", "").strip().rstrip("/")
    if urlsplit(named).scheme in {"http", "https"}:
        return named
    if os.environ.get("PREFECT_API_URL", "").startswith("http"):
        return ""  # programs reach it; nobody said that people do
    server = prefect_service(home)
    return urlsplit(server.told)._replace(path="").geturl() if server.is_well else ""


def run_page(pages: str, lease: Lease | None) -> str:
    """Return the address of the run that a lease names; empty where one of both is not known.

    Args:
        pages: the result of ``prefect_pages``.
        lease: the newest lease of a dossier.
    """
    return (
        f"{pages}/runs/flow-run/{quote(lease.run, safe='')}"
        if pages and lease and lease.run
        else ""
    )

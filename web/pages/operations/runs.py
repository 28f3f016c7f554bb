"""Links to single runs in Prefect, for whoever operates the installation."""

from __future__ import annotations

from pipeline.model import Right
from pipeline.operation.prefect_runs import prefect_pages, run_page
from web.context import AppContext
from web.people.visits import Visit


def pages_for(context: AppContext, visit: Visit) -> str:
    """Return the address of Prefect's pages; empty of who does not operate the installation.

    Prefect asks for its own password behind it.
    """
    may_see = Right.VIEW_OPERATION in visit.rights
    return prefect_pages(context.settings.home) if may_see else ""


def run_of(context: AppContext, visit: Visit, dossier: str) -> str:
    """Return the page of a dossier's last run in Prefect; empty where there is none to show."""
    pages = pages_for(context, visit)
    return run_page(pages, context.archive.find_lease(dossier)) if pages else ""

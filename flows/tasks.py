"""Prefect task that reads one page through ``pipeline.stages``, with retries.

Tasks exchange references and notes; pictures and texts of pages stay in the store.
"""

from __future__ import annotations

from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Completed

from flows.wiring import page_turns, scan_budgets, tools
from pipeline import stages
from pipeline.errors import SohoaError
from pipeline.model import PageNote, PageRef, PageState

RETRIES = 3


async def is_retryable(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Tell whether a retry may help: only after errors that say so themselves."""
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, SohoaError) and error.retryable


@task(
    task_run_name="trang {number}",
    retries=RETRIES,
    retry_delay_seconds=[1, 5, 15],
    retry_condition_fn=is_retryable,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def read_page(ref: PageRef, number: int, orientation: int | None = None) -> State[PageNote]:
    """Read one page of a dossier; the state in Prefect is named after the state of the page.

    Args:
        ref: the page, by the SHA-256 of its scan and its number there, from 1.
        number: the page's number within the dossier, from 1, which people see.
        orientation: degrees clockwise that bring it upright, as a person said; None: to be found.

    Raises:
        ServiceUnavailableError: the archive is away; Prefect retries.
    """
    with page_turns().turn(ref.dossier):
        note = stages.read_page(ref, tools().archive, tools().reader, scan_budgets(), orientation)
    name = {PageState.NOT_READ: "NotRead", PageState.DOUBTFUL: "Doubtful"}.get(note.state)
    message = f"{number}: {note.state} {' '.join(note.reasons)}"
    return Completed(name=name, message=message, data=note) if name else Completed(data=note)

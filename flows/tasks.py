"""Tasks: thin coats over the stages. They exchange references; bytes stay in the store."""

from __future__ import annotations

from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Completed

from flows.wiring import page_slots, tools
from pipeline import stages
from pipeline.errors import SohoaError
from pipeline.model import PageNote, PageRef, PageState

RETRIES = 3


async def is_retryable(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Tell whether the same again may help: only errors that say so themselves."""
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, SohoaError) and error.retryable


@task(
    task_run_name="page {number}",
    retries=RETRIES,
    retry_delay_seconds=[1, 5, 15],
    retry_condition_fn=is_retryable,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def read_page(ref: PageRef, number: int) -> State[PageNote]:
    """Read one page; its state in Prefect tells what became of it.

    Args:
        ref: the page.
        number: its number within the dossier, for people.
    """
    with page_slots():
        note = stages.read_page(ref, tools().archive, tools().reader)
    name = {PageState.NOT_READ: "NotRead", PageState.DOUBTFUL: "Doubtful"}.get(note.state)
    message = f"{number}: {note.state} {' '.join(note.reasons)}"
    return Completed(name=name, message=message, data=note) if name else Completed(data=note)

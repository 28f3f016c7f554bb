"""Prefect flow that digitises one dossier: read pages, conclude, publish, bind PDFs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

import httpx
from prefect import flow, get_client
from prefect.artifacts import (
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.futures import PrefectFuture, as_completed
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.calls.heartbeats import heartbeats
from flows.prefect_names import DIGITISE, agency_tags, run_name
from flows.tasks import read_page
from flows.wiring import page_turns, scan_budgets, tools
from pipeline import corrections, pdf_binding, report, stages
from pipeline.leases import note_run
from pipeline.model import Outcome, PageNote, PageRef, PageState, Record
from pipeline.page_edits.reading import orientation_of, read_notes

NOT_DIGITISED = "NotDigitised"  # the run came to its end, and no page could be read
PROGRESS_SECONDS = 1.0  # between two updates of the artifact, which cost 20 ms each


@flow(
    name=DIGITISE,
    flow_run_name="{label}",
    validate_parameters=False,
    persist_result=False,
)
def digitise(dossier: str, label: str, is_asked: bool = False) -> State[Any]:  # noqa: FBT001, FBT002 — a flow's parameters have names
    """Turn the scans of one dossier into searchable documents.

    Args:
        dossier: the dossier's id.
        label: the name people know the dossier by, from ``prefect_names.run_name``.
        is_asked: whether somebody asked for it again; else what was read, by whatever recipe,
            is not read again.

    Raises:
        ServiceUnavailableError: archive or index are away; what was read stays read.
    """
    note_run(dossier, str(flow_run.id or ""))
    with heartbeats():
        return digitised(dossier, label, is_asked=is_asked)


def digitised(dossier: str, label: str, *, is_asked: bool) -> State[Any]:
    """Read the pages, conclude, publish, bind; return the state that ends the run.

    Args and errors as of ``digitise``.
    """
    record = stages.newest_record(dossier, tools().archive)
    refs = stages.pages_to_read(record)
    for scan in record.dossier.scans:
        scan_budgets().begin(scan.sha256, scan.pages)
    known = {} if is_asked else read_notes(record.dossier, tools().archive)
    with TagsContext(current_tags=set()):  # a task with tags asks Prefect for a slot for each
        pages = {
            ref: submit_page(ref, number, orientation_of(record.dossier, ref))
            for number, ref in enumerate(refs, start=1)
            if ref not in known
        }
    read = dict(zip(pages, wait_for_pages(list(pages.values()), dossier), strict=True))
    notes = [known.get(ref) or read[ref] for ref in refs]
    record = stages.conclude(record, notes, tools().archive, tools().index)
    joined = corrections.join_by_itself(record, tools().archive)
    record = joined.newer if joined else record
    stages.publish(record, tools().archive, tools().index)
    with page_turns().turn(
        dossier
    ):  # after it can be found, and never at the cost of a page being read
        pdf_binding.bind(record, tools().archive, tools().binder)
    name = run_name(record.dossier)
    if name != label:  # its code was read on a page
        rename_run(name, agency_tags(record.dossier))
    create_table_artifact(
        key=f"pages-{dossier}", table=report.page_table(record.dossier), description=name
    )
    return final_state(record)


def rename_run(name: str, more_tags: set[str]) -> None:
    """Give the flow run that calls this another name and more tags, when Prefect takes them.

    Args:
        name: the name.
        more_tags: the tags to add.
    """
    tags = more_tags.union(flow_run.tags)
    with suppress(httpx.HTTPError):  # the dossier is read all the same
        get_client(sync_client=True).update_flow_run(UUID(flow_run.id), name=name, tags=tags)


def submit_page(ref: PageRef, number: int, orientation: int | None) -> PrefectFuture[PageNote]:
    """Submit a page to the task runner; Prefect unwraps the state that the task returns."""
    return cast("PrefectFuture[PageNote]", read_page.submit(ref, number, orientation))


def wait_for_pages(pages: Sequence[PrefectFuture[PageNote]], dossier: str) -> list[PageNote]:
    """Wait for all pages; an artifact shows the progress of those that are not read at once.

    One page has no progress, and few pages are shown when they are done: a request costs as much
    as a task.

    Args:
        pages: the futures of the submitted pages, in the order of the dossier.
        dossier: the dossier's id, which the key of the artifact carries.

    Raises:
        SohoaError: a page could not even be tried; what was read stays read.
    """
    artifact, last = None, time.monotonic()
    for done, _ in enumerate(as_completed(list(pages)), start=1):
        if len(pages) > 1 and (done == len(pages) or time.monotonic() - last >= PROGRESS_SECONDS):
            artifact = show_progress(100.0 * done / len(pages), dossier, artifact)
            last = time.monotonic()
    return [page.result() for page in pages]


def show_progress(percent: float, dossier: str, artifact: UUID | None) -> UUID:
    """Bring the artifact of a dossier's progress up to date; return its id.

    Args:
        percent: the share of the pages that are read, 0-100.
        dossier: the dossier's id, which the key of the artifact carries.
        artifact: the id of the artifact; None makes one.
    """
    if artifact:
        update_progress_artifact(artifact, percent)
        return artifact
    made = create_progress_artifact(percent, key=f"progress-{dossier}", description="Đang đọc")
    if not isinstance(made, UUID):
        raise TypeError("a synchronous flow gets the artifact's id at once")
    return made


def final_state(record: Record) -> State[Any]:
    """Return the state that ends the run, named after the outcome of the dossier."""
    dossier = record.dossier
    missing = sum(note.state is PageState.NOT_READ for note in dossier.pages)
    # Not the reasons: they may carry file names, and a file's name may be a person's.
    message = f"{len(dossier.pages)} trang, {missing} chưa đọc được. Lý do: xem phòng đọc."
    if dossier.outcome is Outcome.COMPLETE:
        return Completed(message=f"{len(dossier.pages)} trang")
    if dossier.outcome is Outcome.PARTIAL:
        return Completed(name="Partial", message=message)
    return Failed(name=NOT_DIGITISED, message=message)

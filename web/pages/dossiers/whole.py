"""Route ``/ho-so/…/ca-ho-so.zip``: the whole dossier as one file, made while it is sent.

It holds the originals, the searchable PDFs, the records as JSON, the list of papers and the SHA-256
of each file, in the form that ``sha256sum --check`` reads. Nothing is packed tighter: scans are
packed already, so making it costs no more than reading it.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, Depends
from starlette.responses import Response, StreamingResponse

from pipeline.audit import Verb
from pipeline.clock import local
from pipeline.file_names import file_name
from pipeline.model import EVERYTHING, Record, Right
from pipeline.records import RECORD
from pipeline.tables import table_row
from web.context import AppContext, Context
from web.pages.dossiers.contents import COLUMNS, listed_papers
from web.pages.dossiers.dossier import PDF, attachment
from web.pages.dossiers.dossier_view import find_searchable_pdf
from web.people.disclosure import check_clear
from web.people.gate import CurrentVisit, check_need, in_scope, needs
from web.people.recording import record_act
from web.people.visits import Visit
from web.security import DossierId

router = APIRouter(prefix="/ho-so/{dossier}")

ZIP = "application/zip"
SUMS = "SHA256SUMS"
_CHUNK = 1 << 18  # bytes
_BOM = "\ufeff"  # spreadsheets take the table for UTF-8 then

Packed = tuple[str, AbstractContextManager[Path | bytes]]  # its name in the ZIP, and its bytes


@router.get("/ca-ho-so.zip", dependencies=[needs(Right.DOWNLOAD), Depends(in_scope)])
def whole(context: Context, visit: CurrentVisit, dossier: DossierId) -> Response:
    """Download all of a dossier; who may take the originals and PDFs one by one may do so."""
    check_need(Right.EXPORT, visit)
    record = context.record_to_hand_out(dossier)
    purpose = check_clear(context, visit, dossier).purpose
    told: dict[str, str | int] = {"what": "whole", "scans": len(record.dossier.scans)}
    record_act(context.audit, visit, Verb.EXPORT, record.dossier, told, purpose=purpose)
    packed = _packed(context, visit, record)
    name = file_name(record.dossier.code or record.dossier.id, ZIP)
    return StreamingResponse(
        _zipped(packed, record),
        media_type=ZIP,
        headers={
            "Content-Disposition": attachment(name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _packed(context: AppContext, visit: Visit, record: Record) -> Iterator[Packed]:
    """Yield what the ZIP holds; each file is opened when its turn comes."""
    for at, scan in enumerate(record.dossier.scans, 1):
        name = f"{at:04d} {file_name(scan.name, scan.media_type)}"
        yield f"goc/{name}", context.archive.original(scan.sha256)
    for at, scan in enumerate(record.dossier.scans, 1):
        made = find_searchable_pdf(context, record, scan.sha256)
        if made and made.pdf and context.is_inert(made):
            name = f"{at:04d} {file_name(Path(scan.name).stem, PDF, '-tim-duoc')}"
            yield f"tim-duoc/{name}", context.archive.searchable_pdf(scan.sha256, made.recipe)
    for each in context.archive.history(record.dossier.id):
        told = RECORD.dump(_within(visit, each))
        yield f"ban-ghi/{each.sequence:06d}.json", nullcontext(told)
    rows = [COLUMNS, *listed_papers(record.dossier)]
    yield "muc-luc.csv", nullcontext((_BOM + "".join(map(table_row, rows))).encode())


def _within(visit: Visit, record: Record) -> Record:
    """Return a record without ids of other dossiers, where the visitor may not know all of them."""
    if visit.scope == EVERYTHING:
        return record
    state = replace(record.dossier, proposed_join=None, joined_into=None, joined_from=())
    components = tuple(replace(one, reference="") for one in state.components)
    return replace(record, dossier=replace(state, components=components, reused=()))


class _Sent:
    """What a ZIP was written to and nobody has sent yet."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._waiting.append(bytes(data))
        return len(self._waiting[-1])

    def flush(self) -> None:
        """Do nothing: what was written is sent anyway."""

    def close(self) -> None:
        """Do nothing: there is nothing that is open."""

    def take(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def _zipped(packed: Iterator[Packed], record: Record) -> Iterator[bytes]:
    """Yield the bytes of the ZIP; it can be read only when all of them arrived."""
    sent, sums = _Sent(), []
    day = local(record.at).timetuple()[:6]
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_STORED) as target:
        for name, opened in packed:
            digest = hashlib.sha256()
            entry = zipfile.ZipInfo(name, day)
            with opened as content, target.open(entry, "w", force_zip64=True) as into:
                for chunk in _chunks(content):
                    digest.update(chunk)
                    into.write(chunk)
                    yield sent.take()
            sums.append(f"{digest.hexdigest()}  {name}\n")
        target.writestr(zipfile.ZipInfo(SUMS, day), "".join(sums))
    yield sent.take()


def _chunks(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk

"""Sends a dossier as a message: its record, originals and searchable PDFs, files first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pipeline.access import check_hand_out
from pipeline.errors import CorrectionRefusedError
from pipeline.exchange.messages import ExchangeMessage, FileRole, MessageFile, MessageKind
from pipeline.model import Record
from pipeline.pdf_binding import bind
from pipeline.ports import Archive
from pipeline.ports.exchange import Exchange
from pipeline.ports.searchable_pdf import PdfBinder
from pipeline.report import whole_dossier

_LONGEST_NAME = 500  # characters of a file's name in a message; its end says most


def send_dossier(
    record: Record, archive: Archive, binder: PdfBinder, exchange: Exchange, sender: str
) -> tuple[str, bool]:
    """Send a version of a dossier; return the message's id, and whether it was not sent before.

    The id is made of the dossier's and of the number of its record: a version is sent once, however
    often it is asked for and wherever an earlier attempt stopped.

    Args:
        record: the dossier's newest record.
        archive: has its files.
        binder: makes the searchable PDFs that are not made yet.
        exchange: takes the message.
        sender: the name of this system and of the unit that runs it.

    Raises:
        CorrectionRefusedError: it is not read yet.
        JoinedError: its scans belong to another dossier.
        WithheldError: it is withheld.
        StorageUnavailableError: the store is away; the same again helps.
    """
    check_hand_out(record)
    dossier = record.dossier
    if dossier.outcome is None:
        raise CorrectionRefusedError("Hồ sơ chưa được đọc xong.", "Gửi lại khi hồ sơ đã đọc xong.")
    identifier = f"{dossier.id}-{record.sequence:06d}"
    files = [*_originals(record, archive, exchange, identifier)]
    files += _searchable(record, archive, binder, exchange, identifier)
    check_hand_out(archive.find_record(dossier.id) or record)  # making PDFs takes minutes
    message = ExchangeMessage(
        id=identifier,
        kind=MessageKind.DIGITISED,
        sent=datetime.now(UTC),
        sender=sender,
        code=dossier.code or "",
        files=files,
        dossier={**whole_dossier(dossier), "sequence": record.sequence},
    )
    return identifier, exchange.send(identifier, message.dump())


def _originals(
    record: Record, archive: Archive, exchange: Exchange, identifier: str
) -> Iterator[MessageFile]:
    for scan in record.dossier.scans:
        with archive.original(scan.sha256) as path:
            exchange.send_file(identifier, scan.sha256, path)
        yield MessageFile(
            sha256=scan.sha256,
            size=scan.size,
            name=scan.name[-_LONGEST_NAME:],
            media_type=scan.media_type,
        )


def _searchable(
    record: Record, archive: Archive, binder: PdfBinder, exchange: Exchange, identifier: str
) -> Iterator[MessageFile]:
    names = {scan.sha256: scan.name for scan in record.dossier.scans}
    for made in bind(record, archive, binder):
        if not made.pdf:
            continue
        with archive.searchable_pdf(made.scan, made.recipe) as path:
            exchange.send_file(identifier, made.pdf, path)
        yield MessageFile(
            sha256=made.pdf,
            size=made.size,
            name=f"{names[made.scan][4 - _LONGEST_NAME :]}.pdf",
            media_type="application/pdf",
            role=FileRole.SEARCHABLE,
        )

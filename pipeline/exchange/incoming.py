"""Takes a message from another system: checks it, receives its papers, answers by a receipt.

Papers come the way that every drop comes, so they are kept, read and found like scans. What the
sender knows of a paper goes along as facts of its file (``Scan.facts``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.corrections.values import typed_value
from pipeline.errors import CorrectionRefusedError, ObjectMissingError
from pipeline.exchange.messages import (
    ExchangeMessage,
    ExchangeReceipt,
    MessageAnswer,
    MessageFile,
    MessageKind,
    MessageRefusedError,
)
from pipeline.file_names import file_name
from pipeline.intake import receive, take_path
from pipeline.intake.receive import Reception
from pipeline.intake.taking import Facts
from pipeline.masking import mask_text
from pipeline.model import ReceiptStatus
from pipeline.plain_text import one_line
from pipeline.ports import Archive, ScanReader, SearchIndex
from pipeline.ports.exchange import Direction, Exchange

_CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Intake:
    """What papers are received with."""

    archive: Archive
    reader: ScanReader
    index: SearchIndex


def take_message(
    identifier: str, dossier: str, exchange: Exchange, intake: Intake, private: Path
) -> ExchangeReceipt:
    """Receive the papers of a message and answer it. May be repeated after a crash.

    Args:
        identifier: the id of a whole message that was not answered.
        dossier: the id for its dossier, unless its papers are known or it joins another one.
        exchange: has the message, and takes the receipt.
        intake: archive, reader and index.
        private: a folder that only this user may enter, for copies of the files.

    Raises:
        StorageUnavailableError: the store is away; nothing is answered, the same again helps.
    """
    try:
        message = ExchangeMessage.load(exchange.message(Direction.IN, identifier), identifier)
        facts = _facts_of(message)
        folder = private / _name_of(message)
        _copy_files(message, exchange, folder)
    except MessageRefusedError as error:
        answer = MessageAnswer.REFUSED
        receipt = _receipt(identifier, answer, reasons=[one_line(str(error))])
    else:
        copies = private / "copies"
        copies.mkdir(mode=0o700)
        reception = receive(
            replace(take_path(folder, dossier, copies), facts=facts),
            intake.archive,
            intake.reader,
            intake.index,
            actor=f"exchange: {mask_text(one_line(message.sender))}"[:200],
        )
        receipt = _answer(identifier, reception)
    exchange.answer(identifier, receipt.dump())
    return receipt


def _name_of(message: ExchangeMessage) -> str:
    """Return the name of the drop: the dossier's code, so that intake finds it, or the id."""
    if not message.code:
        return message.id
    try:
        return typed_value("dossier_code", message.code)
    except CorrectionRefusedError as error:
        raise MessageRefusedError(error.message, error.remedy) from None


def _facts_of(message: ExchangeMessage) -> Facts:
    """Return the facts of the files as records hold them, by SHA-256."""
    if message.kind is not MessageKind.DELIVERED:
        raise MessageRefusedError(
            f"Không nhận bản tin loại {message.kind}.", f"Gửi loại {MessageKind.DELIVERED}."
        )
    if not message.files:
        raise MessageRefusedError("Bản tin không có tệp nào.", "Gửi kèm giấy tờ.")
    return {one.sha256: tuple(_checked(one.facts).items()) for one in message.files if one.facts}


def _checked(facts: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: typed_value(name, value) for name, value in facts.items() if value.strip()}
    except CorrectionRefusedError as error:
        raise MessageRefusedError(error.message, error.remedy) from None


def _copy_files(message: ExchangeMessage, exchange: Exchange, folder: Path) -> None:
    """Copy the files into a folder under names that are safe, each checked by size and hash."""
    folder.mkdir(mode=0o700)
    for number, one in enumerate(message.files, start=1):
        copy = folder / f"{number:04d} {file_name(one.name, one.media_type)}"
        try:
            with exchange.file(message.id, one.sha256) as source:
                _copy(source, copy, one)
        except ObjectMissingError:
            raise MessageRefusedError(
                f"Thiếu tệp thứ {number} (files/{one.sha256[:12]}…).",
                "Ghi đủ các tệp trước, message.json sau cùng, dưới mã mới.",
            ) from None


def _copy(source: Path, copy: Path, told: MessageFile) -> None:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as stream, copy.open("xb") as target:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > told.size:
                break
            digest.update(piece)
            target.write(piece)
    if (size, digest.hexdigest()) != (told.size, told.sha256):
        copy.unlink()
        raise MessageRefusedError(
            f"Tệp files/{told.sha256[:12]}… không đúng kích thước hoặc mã băm đã ghi.",
            "Gửi lại dưới mã mới.",
        )


def _answer(identifier: str, reception: Reception) -> ExchangeReceipt:
    refused = [one for one in reception.receipts if one.status is ReceiptStatus.REFUSED]
    if reception.dossier is None:
        answer = MessageAnswer.REFUSED
    else:
        answer = MessageAnswer.PARTIAL if refused else MessageAnswer.ACCEPTED
    return _receipt(
        identifier,
        answer,
        dossier=reception.dossier or "",
        reasons=[one_line(f"{one.name}: {one.reason} {one.remedy}") for one in refused],
        files={one.sha256: str(one.status) for one in reception.receipts if one.sha256},
    )


def _receipt(
    identifier: str,
    answer: MessageAnswer,
    *,
    dossier: str = "",
    reasons: list[str] | None = None,
    files: dict[str, str] | None = None,
) -> ExchangeReceipt:
    return ExchangeReceipt(
        message=identifier,
        answer=answer,
        at=datetime.now(UTC),
        dossier=dossier,
        reasons=reasons or [],
        files=files or {},
    )

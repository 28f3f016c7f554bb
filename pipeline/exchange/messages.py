"""Defines the messages of the exchange and their receipts, as JSON with a version.

A message is whole once its ``message.json`` is there: its sender writes the files first. Nothing of
it changes afterwards; the receiver answers once, by a receipt beside it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pipeline.errors import SohoaError
from pipeline.intake.containers import MAX_FILES
from pipeline.plain_text import one_line

SCHEMA = "sohoa-exchange/1"
MAX_MESSAGE = 4_000_000  # bytes of message.json; 2,000 files with twenty facts each take 3 MB
_MAX_FACTS = 40  # of a file

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{7,63}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Text = Annotated[str, StringConstraints(max_length=2_000)]

F = TypeVar("F", bound="_ExchangeForm")


class MessageKind(StrEnum):
    """What a message is about."""

    DIGITISED = "dossier.digitised"  # ours: a dossier as it stands, with its files
    DELIVERED = "papers.delivered"  # another system's: papers that are to be kept and read


class FileRole(StrEnum):
    """What a file of a message is."""

    ORIGINAL = "original"  # byte for byte as it came
    SEARCHABLE = "searchable"  # PDF with the words that were read


class MessageAnswer(StrEnum):
    """What the receiver did with a message."""

    ACCEPTED = "accepted"
    PARTIAL = "partial"  # some of its files; the receipt says which not
    REFUSED = "refused"


class _ExchangeForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def dump(self) -> bytes:
        """Return it as JSON."""
        return self.model_dump_json(by_alias=True, indent=1).encode()


class MessageFile(_ExchangeForm):
    """A file of a message; it lies in ``files/`` under its SHA-256."""

    sha256: Sha256
    size: Annotated[int, Field(ge=1)]  # bytes
    name: Name  # as people see it
    media_type: Annotated[str, StringConstraints(max_length=200)] = ""
    role: FileRole = FileRole.ORIGINAL
    # What the sender knows of the first paper in it: field of docs/domain.md -> value.
    facts: Annotated[dict[str, Text], Field(max_length=_MAX_FACTS)] = {}


class ExchangeMessage(_ExchangeForm):
    """What is sent from one system to another."""

    version: Annotated[Literal["sohoa-exchange/1"], Field(alias="schema")] = "sohoa-exchange/1"
    id: Identifier
    kind: MessageKind
    sent: AwareDatetime
    sender: Name  # name of the system, and of the unit that runs it
    code: Annotated[str, StringConstraints(max_length=100)] = ""  # mã hồ sơ
    files: Annotated[list[MessageFile], Field(max_length=2 * MAX_FILES)]  # with searchable PDFs
    dossier: dict[str, Any] | None = None  # of dossier.digitised: as `sohoa show --json` prints it

    @classmethod
    def load(cls, data: bytes, identifier: str) -> ExchangeMessage:
        """Return the message that JSON holds.

        Args:
            data: the bytes of ``message.json``.
            identifier: the name of the folder it lies in, which must be its id.

        Raises:
            MessageRefusedError: it is no message of this version; the error says where.
        """
        message = _loaded(cls, data, "message.json")
        if message.id != identifier:
            raise MessageRefusedError(
                "Mã trong message.json khác tên thư mục của bản tin.", "Gửi lại dưới mã mới."
            )
        return message


class ExchangeReceipt(_ExchangeForm):
    """The receiver's answer to a message."""

    version: Annotated[Literal["sohoa-exchange/1"], Field(alias="schema")] = "sohoa-exchange/1"
    message: Identifier
    answer: MessageAnswer
    at: datetime
    dossier: str = ""  # id in the receiver's system
    reasons: list[Text] = []  # for people
    files: dict[Sha256, Text] = {}  # what became of each file

    @classmethod
    def load(cls, data: bytes, identifier: str) -> ExchangeReceipt:
        """Return the receipt that JSON holds.

        Args:
            data: the bytes of ``receipt.json``.
            identifier: the id of the message that it answers.

        Raises:
            MessageRefusedError: it is no receipt of this version, or answers another message.
        """
        receipt = _loaded(cls, data, "receipt.json")
        if receipt.message != identifier:
            raise MessageRefusedError("Biên nhận của một bản tin khác.", "Hỏi nơi nhận.")
        return receipt


class MessageRefusedError(SohoaError):
    """A message is not as docs/exchange.md says; its sender has to send another."""

    http_status = 422


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a message and of a receipt."""
    return {
        "message": ExchangeMessage.model_json_schema(by_alias=True),
        "receipt": ExchangeReceipt.model_json_schema(by_alias=True),
    }


def _loaded(form: type[F], data: bytes, name: str) -> F:
    if len(data) > MAX_MESSAGE:
        raise MessageRefusedError(
            f"{name} lớn hơn {MAX_MESSAGE // 1_000_000} MB.", "Chia thành nhiều bản tin."
        )
    try:
        return form.model_validate_json(data)
    except ValidationError as error:
        raise _malformed(error, name) from None


def _malformed(error: ValidationError, name: str) -> MessageRefusedError:
    """Name the first places that are wrong, never the values: they may be of people."""
    places = [".".join(map(str, each["loc"])) or "JSON" for each in error.errors()[:5]]
    return MessageRefusedError(
        f"{name} không đúng mẫu {SCHEMA} ở: {one_line(', '.join(places))}.",
        "Sửa theo docs/exchange.md rồi gửi lại dưới mã mới.",
    )

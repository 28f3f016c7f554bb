"""Validates what a sandboxed job hands back: types, ranges and lengths, nothing else is taken.

Whoever took a parser over writes the answer. An answer that is not exactly of the expected form is
as good as none, so the job counts as crashed.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ocr.sandbox.job import ANSWER, MAX_WORD, MESSAGES, opened, printable
from ocr.sandbox.level import Level
from pipeline import errors
from pipeline.errors import ReadingError, SohoaError

log = logging.getLogger(__name__)

MAX_ANSWER = 2**22  # bytes; a text layer of 30,000 words has three quarters of a million
_MAX_MESSAGES = 2_000
# The errors that a job may end with.
_ERRORS = {
    kind.__name__: kind
    for kind in (
        errors.UnsupportedFormatError,
        errors.NoPaperError,
        errors.EmptyScanError,
        errors.UnreadableScanError,
        errors.EncryptedScanError,
        errors.OversizedScanError,
        errors.RefusedScanError,
        errors.ReadingError,
        errors.ReadingTimeoutError,
        errors.StorageUnavailableError,
        errors.MisconfiguredError,
        errors.MissingEngineError,
    )
}
NO_CONTROL = r"^[^\p{Cc}\x{2028}\x{2029}]*$"

Sentence = Annotated[str, StringConstraints(max_length=1_000, pattern=NO_CONTROL)]
WordText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_WORD, pattern=NO_CONTROL)]


class Answer(BaseModel):
    """What a job hands back; a subclass names each field with its type and bounds."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class Refusal(Answer):
    """An error as a job tells it, by ``serving.error_message``."""

    error: str
    message: Sentence
    remedy: Sentence

    def error_told(self) -> SohoaError:
        """Return the error; ``ReadingError`` for what none of a job's is."""
        kind = _ERRORS.get(self.error)
        return kind(self.message, self.remedy) if kind else crashed()


class ToldLevel(Answer):
    """What of the sandbox is in force in a job's process, as the job tells it."""

    landlock: Annotated[int, Field(ge=0)]
    filters_calls: bool
    is_unprivileged: bool
    locks_privileges: bool

    def level_told(self) -> Level:
        """Return the level."""
        return Level(**self.model_dump())


AnswerT = TypeVar("AnswerT", bound=Answer)


def read_answer(folder: Path, form: type[AnswerT]) -> AnswerT:
    """Return the answer that a job left in its folder.

    Raises:
        ReadingError: there is none, or it is not of that form.
    """
    try:
        with opened(folder / ANSWER, MAX_ANSWER) as stream:
            return form.model_validate_json(stream.read(MAX_ANSWER))
    except (OSError, ValidationError) as error:
        # Not what the error says: it quotes the answer.
        log.warning("a sandboxed job left no valid answer: %s", type(error).__name__)
        raise crashed() from error


def read_refusal(folder: Path) -> SohoaError:
    """Return the error that a job ended with; ``ReadingError`` for what is none."""
    try:
        return read_answer(folder, Refusal).error_told()
    except ReadingError as error:
        return error


def log_messages(folder: Path) -> None:
    """Log the beginning of what a job's libraries printed, without control characters."""
    if not log.isEnabledFor(logging.INFO):
        return
    try:
        with opened(folder / MESSAGES, 2**40) as stream:
            text = stream.read(_MAX_MESSAGES).decode("utf-8", "replace")
    except OSError:
        return
    if text:
        log.info("a sandboxed job printed: %s", printable(text))


def crashed() -> ReadingError:
    """Return the error that says that a file brought down what opened it."""
    return ReadingError(
        "Dữ liệu hình ảnh bị hỏng đến mức chương trình mở ảnh phải dừng.",
        "Quét lại hoặc in lại ra PDF mới rồi nộp lại.",
    )

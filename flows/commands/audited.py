"""Records acts of the command line in the audit log, under the operating system's user.

Whoever may read the home sees papers unmasked on the command line, so every command that shows,
hands out or changes something of a dossier records it here before it does. Each command module
declares in ``RECORDS`` which acts these are.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from flows import wiring
from pipeline.audit import AuditEntry, AuditResult, Verb
from pipeline.errors import SohoaError

LOCAL = "local"  # the address of whoever uses the command line


def audited(
    verb: Verb,
    *,
    dossier: str = "",
    words: str = "",
    result: AuditResult = AuditResult.DONE,
    **detail: str | int,
) -> None:
    """Record an act; it is on the disk when this returns.

    Args:
        verb: the act that is about to be done.
        dossier: the dossier's id; empty when it is about none in particular.
        words: the words that were typed, such as a query; kept as a hash and for the auditor alone.
        result: how it ended.
        detail: further facts for the auditor, without names of people or of their files.

    Raises:
        AuditUnavailableError: it could not be written; the command must not go on.
    """
    _record(verb, dossier, words, result, detail)


@contextmanager
def acting(verb: Verb, *, dossier: str = "", **detail: str | int) -> Iterator[None]:
    """Record an act before the block that does it; when it raises, record that it did not happen.

    Args:
        verb: the act that the block does.
        dossier: the dossier's id.
        detail: further facts, as for ``audited``.
    """
    _record(verb, dossier, "", AuditResult.DONE, detail)
    try:
        yield
    except SohoaError as error:
        is_refusal = HTTPStatus.BAD_REQUEST <= error.http_status < HTTPStatus.INTERNAL_SERVER_ERROR
        result = AuditResult.REFUSED if is_refusal else AuditResult.FAILED
        _record(verb, dossier, "", result, detail)
        raise


def _record(
    verb: Verb, dossier: str, words: str, result: AuditResult, detail: Mapping[str, str | int]
) -> None:
    entry = AuditEntry(
        verb=verb,
        account=operator(),
        address=LOCAL,
        dossier=dossier,
        words=words,
        result=result,
        detail=detail,
    )
    wiring.audit_log().record(entry)


def operator() -> str:
    """Return the name of the operating system's user who runs this process."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container may run under a number without a name
        return f"uid {os.geteuid()}"

"""Defines entries of the audit log: who did what, when, from where, to which dossier, and why.

An entry holds ids, names of accounts and words of our own. What a person typed goes into ``words``
alone: the log keeps a keyed hash of it and a copy that only the auditor can open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pipeline.plain_text import one_line

MOST_WORDS = 2_000  # characters of a query that are kept; no search takes more
_MOST_TEXT = 300  # characters of any other value: an entry stays small, whatever it is given


class Verb(StrEnum):
    """What was done; what is written stays, so a name, once released, never changes."""

    BEGUN = "begun"  # the log's own: a segment begins
    SEALED = "sealed"  # the log's own: a segment ends
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SEARCH = "search"
    LIST = "list"  # receipts, problems or the queue were shown
    VIEW = "view"  # a dossier, or a page of it
    HISTORY = "history"
    READ = "read"  # a file outside of the store was read and its text shown
    UNMASK = "unmask"
    ORIGINAL = "original"  # a dropped file was handed out as it came
    DOWNLOAD = "download"  # a searchable PDF was handed out
    EXPORT = "export"
    RECEIVE = "receive"  # files were taken into the store by hand
    JOIN = "join"
    SEPARATE = "separate"
    CORRECT = "correct"
    RETRY = "retry"
    WITHHOLD = "withhold"
    LIFT = "lift"
    ERASE = "erase"
    MANAGE = "manage"  # accounts, rights, sessions, tokens, keys, the index, the servers
    READ_AUDIT = "read_audit"


class AuditResult(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"  # no right, wrong password, withheld
    FAILED = "failed"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act, as whoever serves it describes it."""

    verb: Verb
    account: str  # name it was done under; on the command line the operating system's user
    session: str = ""  # public name of the session or token, never its secret
    address: str = ""  # network address; ``local`` on the command line
    dossier: str = ""  # id
    page: int = 0  # from 1; 0: none in particular
    purpose: str = ""
    result: AuditResult = AuditResult.DONE
    request: str = ""  # id of the request, as in the logs of the program
    detail: Mapping[str, str | int] = field(default_factory=dict)  # no personal data
    words: str = field(default="", repr=False)  # what was typed; only its hash and a sealed copy
    at: datetime = field(default_factory=_now)


def body_of(entry: AuditEntry, sealed_words: Mapping[str, str]) -> dict[str, Any]:
    """Return an entry as it is written; values that say nothing are left out.

    Args:
        entry: the act.
        sealed_words: the values in the place of the typed words: ``words_hash``, ``words_box``.
    """
    body: dict[str, Any] = {"at": entry.at.astimezone(UTC).isoformat(), "verb": str(entry.verb)}
    texts = {
        "account": entry.account,
        "session": entry.session,
        "address": entry.address,
        "dossier": entry.dossier,
        "purpose": entry.purpose,
        "result": entry.result,
        "request": entry.request,
    }
    body |= {name: _short(text) for name, text in texts.items() if text}
    if entry.page:
        body["page"] = entry.page
    if entry.detail:
        body["detail"] = {
            name: value if isinstance(value, int) else _short(value)
            for name, value in entry.detail.items()
        }
    return body | dict(sealed_words)


def _short(text: str) -> str:
    return one_line(text)[:_MOST_TEXT]


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it was read back from the log."""

    writer: str  # id of the process's log
    number: int  # counts the entries of a writer, its own lines included
    at: datetime
    body: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a value of the entry as text; empty where it has none."""
        return str(self.body.get(name, ""))

    def detail(self, name: str) -> str:
        """Return a value of the entry's details as text; empty where it has none."""
        return str(self.body.get("detail", {}).get(name, ""))

    @property
    def is_of_people(self) -> bool:
        """Whether it tells what somebody did; the log's own lines do not."""
        return self.body.get("verb") not in (Verb.BEGUN, Verb.SEALED)

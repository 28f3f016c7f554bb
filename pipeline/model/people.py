"""Defines accounts of people, their roles and rights, sessions, API tokens and visitors.

Roles of services (who signs in to MinIO and Elasticsearch) are something else: ``pipeline.roles``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pipeline.model.search import Scope

EVERYTHING = Scope()


class PersonRole(StrEnum):
    """What somebody is in the office; ``pipeline.people.rights`` says what each may do."""

    CLERK = "clerk"  # scans: receipts, repairs, uploads
    READER = "reader"  # searches and reads, masked
    RECORDS = "records"  # records officer: corrects, exports, unmasks for a purpose
    PRIVACY = "privacy"  # data protection officer
    SECRECY = "secrecy"  # withheld papers; two of them lift one
    AUDITOR = "auditor"  # reads the audit log, and nothing else
    ADMIN = "admin"  # makes accounts and looks after the machine; sees no papers


class Right(StrEnum):
    """One thing that somebody may do; whatever a route or command needs is one of these."""

    SEARCH = "search"
    VIEW = "view"  # pages and fields, masked
    VIEW_RECEIPTS = "view_receipts"  # receipts, queue, problems
    UPLOAD = "upload"
    RETRY = "retry"
    JOIN = "join"
    CORRECT = "correct"
    EXPORT = "export"  # searchable PDFs and packages
    DOWNLOAD = "download"  # originals
    UNMASK = "unmask"
    PROTECT_DATA = "protect_data"  # requests of the people whose data it is
    VIEW_WITHHELD = "view_withheld"
    LIFT_WITHHELD = "lift_withheld"
    READ_AUDIT = "read_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    VIEW_OPERATION = "view_operation"  # health of the parts, metrics


class Subject(NamedTuple):
    """Somebody as an OpenID provider knows them; ``subject`` never changes, names do."""

    issuer: str  # `iss`, the provider's address
    subject: str  # `sub`


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account."""

    id: str  # hexadecimal; never used again
    name: str  # as typed when it was made, NFC
    roles: frozenset[PersonRole]
    scope: Scope
    created: datetime
    is_disabled: bool = False
    must_change_password: bool = False  # the first password was made by somebody else
    has_second_factor: bool = False
    signed_in: datetime | None = None  # the last time
    subject: Subject | None = None  # how a provider knows them


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made."""

    name: str
    roles: frozenset[PersonRole]
    scope: Scope = EVERYTHING
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the other end, before anybody says a name."""

    address: str  # of the network, as the proxy that may be believed tells it
    agent: str = ""  # what the browser calls itself
    device: str = field(default="", repr=False)  # ``SignedIn.device`` of an earlier sign-in


class SignInStep(StrEnum):
    """What is still asked of somebody who gave the right password."""

    CODE = "code"  # the second factor
    PASSWORD = "password"  # another password in place of the first one
    ENROLMENT = "enrolment"  # setting up the second factor that the roles demand
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. It carries no rights before all steps are done (``rights.rights_of``)."""

    id: str  # may be shown and logged; what the cookie holds is ``SignedIn.secret``
    account: Account
    step: SignInStep
    created: datetime
    seen: datetime  # the last request, to the minute
    ends: datetime  # at the latest
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun, or has a new secret."""

    session: Session
    secret: str = field(repr=False)  # 256 bits, for the cookie; only its hash is kept
    device: str = field(default="", repr=False)  # marks this browser as known; empty: not yet


class Enrolment(NamedTuple):
    """A second factor that is being set up: what an authenticator application needs."""

    key: str  # base32, for typing
    uri: str  # otpauth://…, for a QR code


@dataclass(frozen=True, slots=True)
class ProvidedIdentity:
    """What an OpenID provider vouches for."""

    subject: Subject
    name: str  # preferred name; a label, never a key
    roles: frozenset[PersonRole]  # by the map of groups in the settings
    scope: Scope = EVERYTHING
    has_units: bool = False  # the scope's units are those of its groups, at each sign-in
    has_second_factor: bool = False  # the provider asked for one (`amr`)


class Purpose(StrEnum):
    """What unmasked data is looked at for; what is written stays, so no name ever changes."""

    CASE = "case"  # the citizen's own procedure
    COPY = "certified_copy"
    VERIFICATION = "verification"
    COMPLAINT = "complaint"
    AUTHORITY = "authority_request"
    INSPECTION = "inspection"
    DATA_SUBJECT = "data_subject"  # whose data it is asks for it
    DATA_QUALITY = "data_quality"  # checking and correcting what was read


class PurposeChoice(NamedTuple):
    """The purpose that somebody chose for a dossier, and until when it holds."""

    purpose: Purpose
    file_number: str  # of the paper that asks for it; may be empty
    ends: datetime


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """An API token to be made."""

    rights: frozenset[Right]
    days: int = 90
    units: frozenset[str] | None = None  # None: those of the account
    label: str = ""  # which machine has it
    id: str = ""  # so that it can be recorded before it is made; empty: one is chosen


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a machine signs its calls with; ``rights`` are at most those of its account."""

    id: str
    account: Account
    rights: frozenset[Right]
    scope: Scope
    label: str
    created: datetime
    ends: datetime
    used: datetime | None = None  # the last time, to the minute
    is_revoked: bool = False

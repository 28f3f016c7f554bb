"""Holds what every request handler needs: archive, index, settings, templates and caches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from owners import open_duplicates, open_owners
from pipeline import clock
from pipeline.access import check_hand_out
from pipeline.errors import ObjectMissingError
from pipeline.masking import MaskedPage
from pipeline.model import Box, Dossier, Page, PageNote, PageRef, Record, Right
from pipeline.operation.waiting_work import WaitingWork
from pipeline.owners import IndexWithOwners
from pipeline.page_edits.reading import find_page
from pipeline.pdf_binding import is_inert
from pipeline.ports import Archive, SearchIndex
from pipeline.ports.audit import AuditLog
from pipeline.ports.duplicates import DuplicateIndex
from pipeline.ports.owners import OwnerIndex
from pipeline.ports.searchable_pdf import SearchablePdf
from pipeline.settings import Settings
from pipeline.versions import missing_record
from web import labels
from web.api.rates import CallLimits, RateLimit
from web.lru_cache import LruCache, Probes
from web.masked.purposes import PURPOSES, purpose_name
from web.people.chain_check import ChainCheck
from web.people.provider import Provider
from web.people.recording import RecordedSeldom
from web.people.visits import FIRST_ACCOUNT, Visit, Visits
from web.reviewing.desk import ReviewDesk
from web.searches.links import SearchLinks
from web.watchers import WatcherStates

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"
_CACHED_PAGES = 400  # a page of 400 words takes about 130 kB: 50 MB at most
_CACHED_THUMBNAILS = 1_000  # about 20 kB each
_CACHED_SEARCHES = 200
_RECENT = 64  # records that are kept whole: one of 5,000 pages has some megabytes
_CACHED_RECORDS = 2_000  # and texts of pages, up to 10 kB each
_CACHED_PICTURES = 60  # painted ones, about 500 kB each


@dataclass(frozen=True, slots=True)
class AppContext:
    """What every request handler needs; one for the application, shared by its threads."""

    archive: Archive
    index: SearchIndex
    owners: OwnerIndex
    duplicates: DuplicateIndex
    settings: Settings
    waiting: WaitingWork
    templates: Environment
    watchers: WatcherStates
    visits: Visits
    audit: AuditLog
    probes: Probes
    chain: ChainCheck  # the verification of the audit log
    calls: CallLimits
    lookups: RateLimit  # of people by their numbers
    review: ReviewDesk
    provider: Provider | None  # None: people sign in with name and password alone
    pages: LruCache[tuple[PageRef, str, int], Page]  # by page, recipe and mended words
    thumbnails: LruCache[str, bytes]  # WebP by version of the picture
    hit_pages: LruCache[tuple[str, int, str, str], tuple[int, ...]]  # by record, search, level
    masks: LruCache[tuple[PageRef, str, int, bool, tuple[Box, ...]], MaskedPage]
    masked_records: LruCache[tuple[str, int], Record]  # by dossier and number of the record
    shown_texts: LruCache[tuple[str, int, int], tuple[str, str]]  # by these and page
    painted: LruCache[str, bytes]  # WebP by version of the picture and mask level
    inert_pdfs: LruCache[str, bool]  # by SHA-256: whether nothing in an older PDF acts
    leafed: LruCache[tuple[str, str], bool]  # by session and dossier: thumbnails were recorded
    search_links: SearchLinks
    recent: LruCache[tuple[str, int], Record]  # by dossier and number: what people look at
    newest: LruCache[tuple[str, int], Record]  # by dossier and number: what the desk looks at
    suggested: RecordedSeldom  # by session or address: that suggestions were asked for

    def render(
        self, template: str, *, visit: Visit | None, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Render a template and return it as a response.

        Args:
            template: its file name.
            visit: the visit that will see it; None where nobody knows.
            status: the HTTP status.
            values: the values that the template needs.
        """
        told = ""
        if visit is not None and Right.VIEW_RECEIPTS in visit.rights:
            told = self.watchers.trouble() or self.watchers.stopping()
        values.setdefault("watch_trouble", told)
        values["review_waiting"] = self.review.counted(visit) if visit else 0
        values |= {"visit": visit, "first_account": FIRST_ACCOUNT}
        values["is_demonstration"] = self.visits.is_demonstration()
        return HTMLResponse(self.templates.get_template(template).render(values), status)

    def record(self, dossier_id: str) -> Record:
        """Return the newest record of a dossier, which is read once and looked for each time.

        Raises:
            ObjectMissingError: there is no such dossier.
        """
        key = (dossier_id, self.archive.sequence(dossier_id))
        found = self.recent.get_or_fetch(key, lambda: self.archive.find_record(dossier_id))
        if found is None:
            raise missing_record(dossier_id)
        return found

    def record_to_hand_out(self, dossier_id: str) -> Record:
        """Return the newest record of a dossier of which pages or files are asked for.

        Raises:
            JoinedError: its scans belong to another dossier now.
            ObjectMissingError: there is no such dossier.
            WithheldError: it is withheld.
        """
        record = self.record(dossier_id)
        check_hand_out(record)
        return record

    def is_inert(self, made: SearchablePdf) -> bool:
        """Tell whether nothing in a searchable PDF acts; those of 0.1 are looked at, once.

        Raises:
            ServiceUnavailableError: the archive is away.
        """
        return made.is_inert or bool(
            self.inert_pdfs.get_or_fetch(made.pdf, lambda: self._looks_inert(made))
        )

    def _looks_inert(self, made: SearchablePdf) -> bool:
        from ocr import open_binder  # noqa: PLC0415 — only PDFs of 0.1 need it

        return is_inert(made, self.archive, open_binder(self.settings.reading))

    def page(self, dossier: Dossier, number: int) -> Page | None:
        """Return the result of a page (from 1, within the dossier); None while there is none.

        Raises:
            ObjectMissingError: the dossier has no page of this number.
            WithheldError: the dossier is withheld.
        """
        check_hand_out(dossier)
        note = page_note(dossier, number)
        key = (page_ref(dossier, note), note.recipe, words_edition(dossier, note))
        return self.pages.get_or_fetch(key, lambda: find_page(dossier, note, self.archive))


def page_note(dossier: Dossier, number: int) -> PageNote:
    """Return the record's note of a page (from 1, within the dossier).

    Raises:
        ObjectMissingError: the dossier has no page of this number.
    """
    if not 1 <= number <= len(dossier.pages):
        raise ObjectMissingError(
            f"Hồ sơ này không có trang {number}.",
            f"Hồ sơ có {len(dossier.pages)} trang đã xử lý; hãy mở hồ sơ để chọn trang.",
        )
    return dossier.pages[number - 1]


def words_edition(dossier: Dossier, note: PageNote) -> int:
    """Return the number of the mended words that hold for a page; 0: none do."""
    return edit.words if (edit := dossier.find_edit(note.scan, note.number)) else 0


def page_ref(dossier: Dossier, note: PageNote) -> PageRef:
    """Return the reference under which the archive stores a page."""
    return PageRef(dossier.id, note.scan, note.number)


def build_context(
    archive: Archive, index: SearchIndex, settings: Settings, audit: AuditLog, visits: Visits
) -> AppContext:
    """Build the handlers' context over what they need, with empty caches."""
    owners = open_owners(settings.owners, settings.home)
    duplicates = open_duplicates(settings.owners, settings.home)
    return AppContext(
        archive=archive,
        index=IndexWithOwners(index, owners, duplicates),
        owners=owners,
        duplicates=duplicates,
        settings=settings,
        waiting=WaitingWork(archive),
        templates=_templates(),
        pages=LruCache(_CACHED_PAGES),
        thumbnails=LruCache(_CACHED_THUMBNAILS),
        hit_pages=LruCache(_CACHED_SEARCHES),
        masks=LruCache(_CACHED_PAGES),
        masked_records=LruCache(_CACHED_RECORDS),
        shown_texts=LruCache(_CACHED_RECORDS),
        painted=LruCache(_CACHED_PICTURES),
        inert_pdfs=LruCache(_CACHED_SEARCHES),
        leafed=LruCache(_CACHED_THUMBNAILS),
        search_links=SearchLinks(),
        recent=LruCache(_RECENT),
        newest=LruCache(_CACHED_RECORDS),
        suggested=RecordedSeldom(),
        visits=visits,
        audit=audit,
        review=ReviewDesk(archive, settings),
        probes=Probes(),
        chain=ChainCheck(),
        calls=CallLimits(settings.web.api_calls_a_minute, settings.web.api_address_calls_a_minute),
        lookups=RateLimit(settings.web.lookups_a_minute),
        provider=Provider(settings.accounts) if settings.accounts.oidc_issuer else None,
        watchers=WatcherStates(settings, archive),
    )


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(labels.FILTERS, purpose=purpose_name)
    templates.globals.update(static=_static_urls(), purposes=PURPOSES, now=clock.now)
    return templates


def _static_urls() -> dict[str, str]:
    """Map each static file to a URL that changes with its content, so no cache shows an old one."""
    names = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*.*")}
    return {
        name: f"/static/{name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for name, path in names.items()
    }


def _context_of(request: Request) -> AppContext:
    context: AppContext = request.app.state.context
    return context


# A handler's parameter of this type is filled in by FastAPI.
Context = Annotated[AppContext, Depends(_context_of)]

"""What every handler works with: the archive, the index, the settings and the templates."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from pipeline.errors import ObjectMissingError
from pipeline.model import Dossier, Page, PageNote, PageRef, Record
from pipeline.ports import Archive, SearchIndex
from pipeline.settings import Settings
from pipeline.stages import newest_record
from web import labels
from web.lru_cache import LruCache

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_PAGES_AT_HAND = 400  # a page of 400 words takes about 130 kB: 50 MB at most
_THUMBNAILS_AT_HAND = 1_000  # about 20 kB each
_SEARCHES_AT_HAND = 200


@dataclass(frozen=True, slots=True)
class AppContext:
    """What every request handler needs."""

    archive: Archive
    index: SearchIndex
    settings: Settings
    templates: Environment
    pages: LruCache[tuple[PageRef, str], Page]
    thumbnails: LruCache[str, bytes]
    hit_pages: LruCache[tuple[str, int, str], tuple[int, ...]]  # of a dossier's record and a search

    def show(self, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """Fill a template and answer with it."""
        return HTMLResponse(self.templates.get_template(template).render(values), status)

    def record(self, dossier: str) -> Record:
        """Return the newest record of a dossier. Raises ``ObjectMissingError``."""
        return newest_record(dossier, self.archive)

    def page(self, dossier: Dossier, number: int) -> Page | None:
        """Return what was read on a page (from 1, within the dossier); None when nothing was."""
        note = page_note(dossier, number)
        return self.result(page_ref(dossier, note), note.recipe) if note.recipe else None

    def result(self, ref: PageRef, recipe: str) -> Page | None:
        """Return a page's result under a recipe; None while there is none."""
        return self.pages.find((ref, recipe), lambda: self.archive.find_page(ref, recipe))


def page_note(dossier: Dossier, number: int) -> PageNote:
    """Return what the record says of a page (from 1). Raises ``ObjectMissingError``."""
    if not 1 <= number <= len(dossier.pages):
        raise ObjectMissingError(
            f"Hồ sơ này không có trang {number}.",
            f"Hồ sơ có {len(dossier.pages)} trang đã xử lý; hãy mở hồ sơ để chọn trang.",
        )
    return dossier.pages[number - 1]


def page_ref(dossier: Dossier, note: PageNote) -> PageRef:
    """Return the reference under which the archive keeps a page."""
    return PageRef(dossier.id, note.scan, note.number)


def open_context(archive: Archive, index: SearchIndex, settings: Settings) -> AppContext:
    """Build the handlers' context from an archive and an index."""
    pages: LruCache[tuple[PageRef, str], Page] = LruCache(_PAGES_AT_HAND)
    thumbnails: LruCache[str, bytes] = LruCache(_THUMBNAILS_AT_HAND)
    hit_pages: LruCache[tuple[str, int, str], tuple[int, ...]] = LruCache(_SEARCHES_AT_HAND)
    return AppContext(archive, index, settings, _templates(), pages, thumbnails, hit_pages)


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(labels.FILTERS)
    templates.globals.update(static=_static_addresses())
    return templates


def _static_addresses() -> dict[str, str]:
    """Map each static file to an address that changes with its content, so caches never lie."""
    return {
        path.name: f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for path in STATIC.iterdir()
    }


def _context_of(request: Request) -> AppContext:
    context: AppContext = request.app.state.context
    return context


Here = Annotated[AppContext, Depends(_context_of)]

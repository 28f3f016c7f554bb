"""Builds the FastAPI application: ``uvicorn --factory web.app:create_app``."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from pipeline.errors import SohoaError
from pipeline.masking import check_kinds
from pipeline.ports import Accounts, Archive, SearchIndex
from pipeline.ports.audit import AuditLog
from pipeline.settings import Settings, load_settings
from search import open_index
from storage import open_archive, open_audit_log
from web.api import (
    catalogued,
    description,
    dossiers,
    handed_in,
    operation,
    page_tables,
    searching,
    uploads,
    uploads_in_parts,
    work,
)
from web.api import desk as desk_calls
from web.api import saved as saved_calls
from web.api.calls import refuse_exposed_token
from web.api.decided import components, decisions, duplicated, mending, page_mending, reviewing
from web.api.owners import at_counter, owned, owner_decisions
from web.context import STATIC, build_context
from web.error_pages import add_error_handlers, refuse
from web.pages.administration import (
    account_tokens,
    accounts,
    audit_log,
    audit_questions,
    catalogue,
    withheld,
)
from web.pages.counter import asking
from web.pages.desk import (
    converting,
    cover_sheets,
    day_book,
    joining,
    parts,
    problems,
    queue,
    receipts,
    samples,
    scanning,
    sending,
)
from web.pages.dossiers import by_code, contents, dossier, duplicates, page, table_files, whole
from web.pages.mending import checklist, fields, page_work
from web.pages.operations import board, health, metrics
from web.pages.owners import owner_acts, owner_store
from web.pages.reviewing import check, quality
from web.pages.searching import export, results, saved, suggestions
from web.pages.searching import help as help_pages
from web.pages.signing_in import provider, purpose, sessions, sign_in, sign_in_steps
from web.people.routes import check_routes
from web.people.visits import Visits, check_address
from web.request_ids import RequestIds
from web.request_limits import RequestLimits
from web.security import SecurityHeaders

_PAGES = (
    results,
    suggestions,
    help_pages,
    export,
    saved,
    by_code,
    dossier,
    duplicates,
    contents,
    whole,
    page,
    table_files,
    asking,
    owner_store,
    owner_acts,
    fields,
    checklist,
    page_work,
    quality,
    check,
    scanning,
    sending,
    parts,
    converting,
    samples,
    joining,
    day_book,
    cover_sheets,
    queue,
    problems,
    receipts,
    withheld,
    account_tokens,
    accounts,
    audit_log,
    audit_questions,
    catalogue,
    purpose,
    sign_in,
    sign_in_steps,
    provider,
    sessions,
    health,
    board,
    metrics,
)
_CALLS = (
    searching,
    saved_calls,
    dossiers,
    uploads,
    uploads_in_parts,
    handed_in,
    desk_calls,
    work,
    decisions,
    components,
    mending,
    page_mending,
    page_tables,
    reviewing,
    owned,
    operation,
    catalogued,
    at_counter,
    owner_decisions,
    duplicated,
    description,
)


def create_app() -> FastAPI:
    """Build the application from sohoa.toml and the environment, for uvicorn.

    Raises:
        SystemExit: a setting makes no sense, or the address is open and nobody has an account. Its
            message, which Python writes to standard error when nobody catches it, names the
            setting and the remedy.
    """
    try:
        settings = load_settings()
        check_address(settings)
        check_kinds(settings.privacy.masked_whole)
    except SohoaError as error:
        sys.exit(str(error))
    archive = open_archive(settings.storage, settings.home)
    return build_app(archive, open_index(settings.search, settings.home), settings)


def build_app(
    archive: Archive,
    index: SearchIndex,
    settings: Settings,
    accounts: Accounts | None = None,
    audit: AuditLog | None = None,
) -> FastAPI:
    """Build the application: routes, middleware, error pages.

    Args:
        archive: the store.
        index: the search index.
        settings: the settings.
        accounts: the accounts of people; None: those that the settings name, once there are any.
        audit: where acts are recorded; None: the log that the settings name.
    """
    audit = audit or open_audit_log(settings.storage, settings.audit, settings.home)
    context = build_context(archive, index, settings, audit, Visits(settings, accounts))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await to_thread.run_sync(audit.close)  # uvicorn ends by a signal: atexit does not run
        context.visits.close()
        context.owners.close()
        context.review.close()
        context.duplicates.close()

    # No page that shows the description of the API: it would load scripts from elsewhere.
    app = FastAPI(
        title="Sohoa",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # web/api/description.py
        lifespan=lifespan,
    )
    app.state.context = context
    app.router.routes.extend(_shared_routes())
    check_routes(app)
    app.mount("/static", _CachedStaticFiles(directory=STATIC), name="static")
    app.add_middleware(
        RequestLimits,
        host_names=settings.web.names,
        refuse=partial(refuse, context),
        upload_bytes=settings.web.upload_mib << 20,
    )
    app.add_middleware(SecurityHeaders)  # no answer goes out without them
    app.add_middleware(RequestIds)
    if settings.web.proxies:  # outermost: all others see the visitor's address and scheme
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.web.proxies)
    add_error_handlers(app, context)
    return app


@cache
def _shared_routes() -> list[BaseRoute]:
    """Return the pages of the room, and the API; only the latter is described.

    All applications of a process share them: what a handler takes is looked up when it is first
    asked for, which takes 250 ms for all of them.
    """
    routes = APIRouter(generate_unique_id_function=lambda route: route.name)
    refused = [Depends(refuse_exposed_token)]
    for module in _PAGES:
        routes.include_router(module.router, include_in_schema=False, dependencies=refused)
    routes.include_router(description.description_router, include_in_schema=False)
    for module in _CALLS:
        routes.include_router(module.router)
    return routes.routes


class _CachedStaticFiles(StaticFiles):
    """Static files that browsers may cache for a year: their URLs change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file's response with a Cache-Control header of one year."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

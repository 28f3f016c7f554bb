"""Builds the FastAPI application: ``uvicorn --factory web.app:create_app``."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from anyio import to_thread
from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from pipeline.errors import SohoaError
from pipeline.ports import Accounts, Archive, SearchIndex
from pipeline.ports.audit import AuditLog
from pipeline.settings import Settings, load_settings
from search import open_index
from storage import open_archive, open_audit_log
from web.context import STATIC, build_context
from web.error_pages import add_error_handlers, error_page
from web.pages import (
    audit_log,
    dossier,
    health,
    page,
    paper_edit,
    problems,
    provider,
    queue,
    receipts,
    results,
    sessions,
    sign_in,
    sign_in_steps,
)
from web.people.gate import check_routes
from web.people.visits import Visits, check_address
from web.request_ids import RequestIds
from web.request_limits import RequestLimits
from web.security import SecurityHeaders


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

    # No interface description: its page would load scripts from elsewhere.
    app = FastAPI(title="Sohoa", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.context = context
    for module in (results, dossier, paper_edit, page, queue, problems, receipts, health):
        app.include_router(module.router)
    for module in (sign_in, sign_in_steps, provider, sessions, audit_log):
        app.include_router(module.router)
    check_routes(app)
    app.mount("/static", _CachedStaticFiles(directory=STATIC), name="static")
    refuse = partial(error_page, context)
    app.add_middleware(RequestLimits, host_names=settings.web.names, refuse=refuse)
    app.add_middleware(SecurityHeaders)  # no answer goes out without them
    app.add_middleware(RequestIds)
    if settings.web.proxies:  # outermost: all others see the visitor's address and scheme
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.web.proxies)
    add_error_handlers(app, context)
    return app


class _CachedStaticFiles(StaticFiles):
    """Static files that browsers may cache for a year: their URLs change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file's response with a Cache-Control header of one year."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

"""Builds the FastAPI application: ``uvicorn --factory web.app:create_app``."""

from __future__ import annotations

import sys
from functools import partial

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pipeline.errors import MisconfiguredError
from pipeline.ports import Archive, SearchIndex
from pipeline.settings import Settings, load_settings
from search import open_index
from storage import open_archive
from web.context import STATIC, build_context
from web.error_pages import add_error_handlers, error_page
from web.pages import dossier, health, page, problems, queue, receipts, results
from web.request_limits import RequestLimits
from web.security import SecurityHeaders


def create_app() -> FastAPI:
    """Build the application from sohoa.toml and the environment, for uvicorn.

    Raises:
        SystemExit: a setting makes no sense. Its message, which Python writes to standard error
            when nobody catches it, names the setting and the remedy.
    """
    try:
        settings = load_settings()
    except MisconfiguredError as error:
        sys.exit(str(error))
    archive = open_archive(settings.storage, settings.home)
    return build_app(archive, open_index(settings.search, settings.home), settings)


def build_app(archive: Archive, index: SearchIndex, settings: Settings) -> FastAPI:
    """Build the application over an archive and an index: routes, middleware, error pages."""
    context = build_context(archive, index, settings)
    # No interface description: its page would load scripts from elsewhere.
    app = FastAPI(title="Sohoa", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = context
    for module in (results, dossier, page, queue, problems, receipts, health):
        app.include_router(module.router)
    app.mount("/static", _CachedStaticFiles(directory=STATIC), name="static")
    refuse = partial(error_page, context)
    app.add_middleware(RequestLimits, host_names=settings.web.names, refuse=refuse)
    app.add_middleware(SecurityHeaders)  # outermost: no answer goes out without them
    add_error_handlers(app, context)
    return app


class _CachedStaticFiles(StaticFiles):
    """Static files that browsers may cache for a year: their URLs change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file's response with a Cache-Control header of one year."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

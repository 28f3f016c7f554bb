"""Checks that every route of the application declares who may use it, and guards what it does."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from web.people.gate import NEEDS, Need, in_scope, own_call, own_post, own_upload


class UnguardedRouteError(Exception):
    """A route of this program does not say who may use it."""


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """Yield the routes of an application that are answered by handlers."""
    pending = deque(app.routes)
    while pending:
        route = pending.popleft()
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(router := getattr(route, "original_router", None), APIRouter):
            pending.extend(router.routes)  # included; the prefix is in the paths already
        elif not isinstance(route, Mount) or not isinstance(route.app, StaticFiles):
            raise UnguardedRouteError(f"{route} is served and declares nothing")


def need_of(route: APIRoute) -> Need | None:
    """Return what a route declares that it needs; None when it declares nothing."""
    calls = (one.call for one in route.dependant.dependencies)
    return next((NEEDS[call] for call in calls if call in NEEDS), None)


def is_guarded(route: APIRoute) -> bool:
    """Tell whether a route that changes something refuses other sites' posts."""
    if not (route.methods or set()) - {"GET", "HEAD"}:
        return True
    return any(one.call in (own_post, own_call, own_upload) for one in route.dependant.dependencies)


def is_scoped(route: APIRoute) -> bool:
    """Tell whether a route about one dossier asks whether it is in the visitor's scope."""
    if "{dossier}" not in route.path:
        return True
    return any(one.call is in_scope for one in route.dependant.dependencies)


def check_routes(app: FastAPI) -> None:
    """Refuse an application with a route that declares nothing, so that none opens by mistake.

    Raises:
        UnguardedRouteError: a route is unknown, declares no need, takes a POST unguarded, or
            forgets the scope.
    """
    for route in routes_of(app):
        if need_of(route) is None:
            raise UnguardedRouteError(f"{route.path} declares no need: add needs(…)")
        if not is_guarded(route):
            raise UnguardedRouteError(f"{route.path} takes posts of other sites: add own_post")
        if not is_scoped(route):
            raise UnguardedRouteError(f"{route.path} shows any unit's dossier: add in_scope")

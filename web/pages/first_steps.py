"""Builds the three steps of a first start, which pages show while the store has no dossier."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import clock
from pipeline.errors import SohoaError
from pipeline.intake import claimed_drops, spool_folder
from pipeline.model import EVERYTHING, Right
from pipeline.settings import UPLOADS
from web.context import AppContext
from web.pages.desk.desk_view import shown_folder
from web.people.visits import Visit

_PATIENCE = 0.25  # seconds that a page waits for the number of queued dossiers


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What is to do before there is a first dossier, and what of it is done."""

    has_arrived: bool  # a file was sent or dropped
    has_accounts: bool
    is_watched: bool
    places: tuple[str, ...]  # of the watched folders, as people's machines call them
    may_try: bool  # sample dossiers may be sent: nothing has come, or waits to be taken


def find_first_steps(context: AppContext, visit: Visit) -> FirstSteps | None:
    """Return the steps that a visit is shown; None once there is a dossier.

    Whoever may know of some units alone is told nothing of the whole store. A store that does not
    answer is none that is empty: the page says so itself.
    """
    if visit.scope != EVERYTHING:
        return None
    try:
        if next(iter(context.archive.dossiers()), None) is not None:
            return None
        has_receipts = next(iter(context.archive.receipts(clock.today())), None) is not None
    except SohoaError:
        return None
    places: tuple[str, ...] = ()
    if Right.UPLOAD in visit.rights:
        settings = context.settings
        named = (shown_folder(settings, each) for each in settings.watched_folders)
        places = tuple(dict.fromkeys(named))
    has_arrived = has_receipts or bool(context.waiting.number(_PATIENCE))
    return FirstSteps(
        has_arrived=has_arrived,
        has_accounts=context.visits.accounts() is not None,
        is_watched=context.watchers.is_watched(),
        places=places,
        may_try=Right.UPLOAD in visit.rights and not has_arrived and not _has_claims(context),
    )


def _has_claims(context: AppContext) -> bool:
    """Tell whether something that was sent over the network waits for the watcher."""
    home, sent = context.settings.home, context.settings.home / UPLOADS
    try:
        return any(claimed_drops(spool_folder(home, sent), sent))
    except FileNotFoundError:  # nobody has sent anything yet
        return False

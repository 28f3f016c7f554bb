"""Unmasks items of the review queue for a person who works it off, for half an hour at a time.

Fields of many dossiers come one after the other, so a purpose for each would be asked for all the
time. Who may unmask begins a round instead: its purpose is the quality of the data, and it shows
the item that the person has leased and nothing else. Pages of the dossier stay as they were.
"""

from __future__ import annotations

from pipeline.audit import Verb
from pipeline.model import Purpose, PurposeChoice, Record, Right
from web.context import AppContext
from web.masked.sight import Sight, sight_of
from web.people.disclosure import Disclosure
from web.people.gate import Asked
from web.people.visits import Visit

_ROUND = "kiem-tra"  # stands for the dossier among the purposes of a session


def round_of(context: AppContext, visit: Visit) -> PurposeChoice | None:
    """Return the round that a visitor has begun and that still holds.

    Raises:
        AccountsUnavailableError: the database of accounts is away.
    """
    accounts = context.visits.accounts()
    if accounts is None or visit.session is None or Right.UNMASK not in visit.rights:
        return None
    return accounts.purposes.chosen(visit.session.id, _ROUND)


def begin_round(asked: Asked) -> None:
    """Unmask the items that the visitor is given from now on, for half an hour."""
    accounts, session = asked.context.visits.accounts(), asked.visit.session
    if accounts is None or session is None:  # the demonstration, where nothing is masked
        return
    purpose = Purpose.DATA_QUALITY
    asked.record(Verb.UNMASK, detail={"what": "review"}, purpose=str(purpose))
    accounts.purposes.choose(session.id, _ROUND, purpose)


def end_round(asked: Asked) -> None:
    """Mask them again before the half hour is over."""
    accounts, session = asked.context.visits.accounts(), asked.visit.session
    if accounts is not None and session is not None:
        asked.record(Verb.VIEW, detail={"what": "review masked again"})
        accounts.purposes.drop(session.id, _ROUND)


def item_sight(context: AppContext, visit: Visit, record: Record, *, is_held: bool) -> Sight:
    """Return a dossier as a visitor sees it who looks at one of its items.

    Args:
        context: the handlers' context.
        visit: the visit.
        record: the dossier's newest record; it may be handed out.
        is_held: the visitor has leased the item that is shown.
    """
    choice = round_of(context, visit) if is_held else None
    if choice is None:
        return sight_of(context, visit, record)
    return Sight(context, record, record, Disclosure(is_clear=True, choice=choice))

"""Tells handlers what was searched for: by a sealed value, or by the words of an older address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from web.context import Context
from web.people.gate import CurrentVisit
from web.searches.links import LONGEST
from web.urls import SEALED, SoughtText

Sealed = Annotated[str, Query(alias=SEALED, max_length=LONGEST)]


def _sought(
    context: Context,
    visit: CurrentVisit,
    q: Annotated[str, Query(max_length=300)] = "",
    sealed: Sealed = "",
) -> SoughtText:
    """Return the words whose hits a page shows; links made of it do not name them."""
    if sealed:
        found = context.search_links.open(visit, sealed) or {}
        words = " ".join(filter(None, (found.get("q", ""), found.get("thoi-gian", ""))))
        return SoughtText(words, sealed)
    return SoughtText(q, context.search_links.sealer(visit)({"q": q}) if q else "")


SoughtWords = Annotated[SoughtText, Depends(_sought)]

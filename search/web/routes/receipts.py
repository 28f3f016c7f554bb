"""``/bien-nhan``: the receipts of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from search.web.receipts import show_receipts, today
from search.web.room import Here

router = APIRouter()

_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)  # days that have a day before and after


@router.get("/bien-nhan")
def receipts(
    room: Here, day: Annotated[date | None, Query(alias="ngay", ge=_FIRST, le=_LAST)] = None
) -> Response:
    """Show what became of each file dropped on a day."""
    return room.show("receipts.html", shown=show_receipts(room, day or today()))

"""``/hang-doi``: what is still owed."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from search.web.queue import show_queue
from search.web.room import Here

router = APIRouter()


@router.get("/hang-doi")
def queue(room: Here) -> Response:
    """Show the queue."""
    return room.show("queue.html", shown=show_queue(room))

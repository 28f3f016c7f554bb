"""Pictures of pages, small ones too, as answers that browsers may keep."""

from __future__ import annotations

import io
from collections.abc import Callable

from fastapi import Request
from PIL import Image, UnidentifiedImageError
from starlette.responses import Response

from pipeline.errors import ObjectMissingError
from pipeline.model import Dossier, PageNote
from web.context import AppContext, page_ref
from web.urls import picture_version

_SMALL = (320, 452)  # pixels: twice what is shown, for sharp screens; A4 upright
_QUALITY = 70  # a small picture of a text page comes to about 20 kB


def large_picture(context: AppContext, dossier: Dossier, note: PageNote) -> bytes:
    """Return the WebP of a page. Raises ``ObjectMissingError``."""
    if not note.recipe:
        raise ObjectMissingError("Trang này chưa có ảnh.", "Hãy mở hồ sơ để xem lý do.")
    return context.archive.picture(page_ref(dossier, note), note.recipe)


def small_picture(context: AppContext, dossier: Dossier, note: PageNote) -> bytes:
    """Return a WebP of a page for lists; made once. Raises ``ObjectMissingError``."""
    key = picture_version(note)
    small = context.thumbnails.find(key, lambda: shrink(large_picture(context, dossier, note)))
    return small if small is not None else large_picture(context, dossier, note)


def shrink(picture: bytes) -> bytes | None:
    """Return the picture made small; None when it cannot be opened or is too large to open."""
    try:
        with Image.open(io.BytesIO(picture)) as image:
            image.thumbnail(_SMALL, Image.Resampling.BOX, reducing_gap=2.0)
            small = io.BytesIO()
            image.save(small, "WEBP", quality=_QUALITY)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    return small.getvalue()


def keepable(request: Request, note: PageNote, picture: Callable[[], bytes]) -> Response:
    """Answer with a picture, fetched only when the browser does not hold it yet.

    An address that names the version may be kept for ever; any other must be asked about again.
    The browser alone keeps it: pages show people's papers.
    """
    version = picture_version(note)
    lasting = request.query_params.get("v") == version
    headers = {
        "ETag": f'"{version}"',
        "Cache-Control": "private, max-age=31536000, immutable" if lasting else "private, no-cache",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(picture(), media_type="image/webp", headers=headers)

"""Serves page pictures and thumbnails (WebP) with HTTP caching headers."""

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

THUMBNAIL_SIZE = (320, 452)  # pixels: twice what is shown, for sharp screens; A4 upright
_CACHE_SECONDS = 300
_THUMBNAIL_QUALITY = 70  # WebP; a thumbnail of a text page comes to about 20 kB


def page_picture(context: AppContext, dossier: Dossier, note: PageNote) -> bytes:
    """Return the picture of a page as WebP.

    Raises:
        ObjectMissingError: the page has no picture.
    """
    if not note.recipe:
        raise ObjectMissingError("Trang này chưa có ảnh.", "Hãy mở hồ sơ để xem lý do.")
    return context.archive.picture(page_ref(dossier, note), note.recipe)


def page_thumbnail(context: AppContext, dossier: Dossier, note: PageNote) -> bytes:
    """Return the thumbnail of a page as WebP, made once and cached.

    The picture itself is returned where no thumbnail can be made of it.

    Raises:
        ObjectMissingError: the page has no picture.
    """
    thumbnail = context.thumbnails.get_or_fetch(
        picture_version(note), lambda: make_thumbnail(page_picture(context, dossier, note))
    )
    return thumbnail if thumbnail is not None else page_picture(context, dossier, note)


def make_thumbnail(picture: bytes) -> bytes | None:
    """Return a picture scaled down to at most 320 by 452 pixels, its shape unchanged, as WebP.

    None when the picture cannot be decoded or has more pixels than Pillow opens.
    """
    try:
        with Image.open(io.BytesIO(picture)) as image:
            image.thumbnail(THUMBNAIL_SIZE, Image.Resampling.BOX, reducing_gap=2.0)
            thumbnail = io.BytesIO()
            image.save(thumbnail, "WEBP", quality=_THUMBNAIL_QUALITY)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    return thumbnail.getvalue()


def conditional_response(
    request: Request, note: PageNote, level: str, picture: Callable[[], bytes]
) -> Response:
    """Return a picture, or 304 Not Modified when the browser has this version (RFC 9110, ETag).

    A URL that names the version may be cached for five minutes, any other is revalidated each
    time: on a shared desk a picture must not outlive signing out, withholding or erasure. Only the
    browser may cache it, never a proxy: pictures show people's papers.

    Args:
        request: the request; its ``If-None-Match`` and its parameter ``v`` are looked at.
        note: the record's note of the page; the ETag is made of it and of the level.
        level: the mark that tells masked pictures from clear ones (``Sight.level``).
        picture: returns the WebP bytes; called only when they are sent.
    """
    version = picture_version(note) + level
    is_versioned = request.query_params.get("v") == version
    caching = f"max-age={_CACHE_SECONDS}" if is_versioned else "no-cache"
    headers = {"ETag": f'"{version}"', "Cache-Control": f"private, {caching}", "Vary": "Cookie"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(picture(), media_type="image/webp", headers=headers)

"""A hash that tells whether two people measured on the same pages: of pixels and truths."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from PIL import Image


def digest_of(pages: Iterable[tuple[Path, str]]) -> str:
    """Return the SHA-256 over the pixels and the truth of each page, in order, as hexadecimal.

    Args:
        pages: the picture of each page, and what is printed on it.
    """
    whole = hashlib.sha256()
    for path, text in pages:
        with Image.open(path) as image:
            whole.update(f"{image.mode} {image.size}\n".encode())
            whole.update(image.tobytes())
        whole.update(text.encode() + b"\0")
    return whole.hexdigest()

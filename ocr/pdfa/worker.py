"""The cell in which searchable PDFs are made.

    python -m ocr.pdfa.worker

Apart from the one that opens pages: its libraries take memory and time to load that no page
should wait for.
"""

from __future__ import annotations

from pathlib import Path

from ocr.pdfa.build import Order, make
from ocr.sandbox.serving import Message, serve


def _bind(job: Message) -> Message:
    order = Order(
        source=Path(job["path"]),
        media_type=job["media_type"],
        words=Path(job["words"]),
        target=Path(job["target"]),
        level=job["level"],
        title=job["title"],
        code=job["code"],
        seconds=job["seconds"],
    )
    return make(order)


if __name__ == "__main__":
    serve({"bind": _bind})

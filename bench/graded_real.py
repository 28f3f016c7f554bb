"""Graded queries over real pages: asked in the words that are printed, found by what was read.

Each page of a folder with truth (``<stem>.gt.txt``) is read by our reader and is a dossier beside
the 160 made-up ones. Queries are stretches of the truth; a dossier is relevant when its truth has
them. Of ``misread`` the reader did not read the stretch as it is printed, marks included.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bench.reading import real, run
from pipeline.model import Dossier, IndexEntry, Outcome, PageState, Publication
from pipeline.vietnamese import canonical
from tests.support.graded_queries import (
    Graded,
    Told,
    drawn,
    phrase_query,
    single_word_query,
    spaced,
    typo_query,
)


def read_dossiers(folder: Path, made_up: list[Told]) -> list[Told]:
    """Read the pages of a folder and return a dossier for each.

    Args:
        folder: pictures of pages, each with its truth beside it.
        made_up: dossiers to stand beside them; all are older.
    """
    sheets = real(folder)
    with tempfile.TemporaryDirectory() as place:
        texts = run("sohoa", 2, sheets, Path(place)).texts
    received = datetime(2026, 1, 1, tzinfo=UTC)
    told = []
    for number, (sheet, text) in enumerate(zip(sheets, texts, strict=True)):
        entry = IndexEntry(1, text, PageState.READ)
        dossier = Dossier(
            f"r{number:03}", f"{number}.jpg", received + timedelta(days=number),
            outcome=Outcome.COMPLETE,
        )  # fmt: skip
        told.append(Told(Publication(dossier, 2, (entry,)), made_up[0].case, (sheet.text,), ()))
    return told


def real_queries(pages: list[Told], everything: list[Told], seed: int) -> list[Graded]:
    """Return 40 queries of each kind, drawn from real pages.

    Args:
        pages: the dossiers of real pages.
        everything: these and all others in the index.
        seed: the same one draws the same queries.
    """
    random = Random(f"real {seed}")
    kinds: dict[str, Callable[[Told], Graded | None]] = {
        "accented": lambda one: phrase_query("accented", one, everything, random),
        "plain": lambda one: phrase_query("plain", one, everything, random),
        "misread": lambda one: _misread(one, everything, random),
        "typo": lambda one: typo_query(one, everything, random),
        "single": lambda one: single_word_query(one, everything, random, is_damaged=False),
    }
    return [query for make in kinds.values() for query in drawn(make, pages, random)]


def _misread(one: Told, everything: list[Told], random: Random) -> Graded | None:
    """Return a stretch that was not read as it is printed."""
    query = phrase_query("misread", one, everything, random)
    read = " ".join(entry.text for entry in one.publication.entries)
    if query is None or f" {query.text} " in spaced(read, canonical):
        return None
    return query

"""Carries what people confirmed over a new reading: a person beats a machine, always.

A new reading cuts and understands a dossier anew. A finding that carries ``confirmed_by`` stays as
it is; it goes to the new document that shares most pages with the one it stood in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Document, Finding


def keep_confirmed(before: Sequence[Document], after: Sequence[Document]) -> tuple[Document, ...]:
    """Return the documents of a new reading with the confirmed findings of the old ones.

    A document of which nothing was found again, as when its pages could not be read any more,
    stays with what was confirmed of it alone.
    """
    kept = list(after)
    for document in before:
        if not (confirmed := _confirmed(document)):
            continue
        at = _most_alike(document, kept)
        if at is not None and not _confirmed(kept[at]).keys() & confirmed.keys():
            kept[at] = _with(kept[at], confirmed)
            continue
        # Nothing of it was found again, or a person told apart what is one document now.
        kept = [*_without(document.pages, kept), replace(document, findings=confirmed)]
    return tuple(sorted(kept, key=lambda one: one.pages[:1]))


def _confirmed(document: Document) -> dict[str, Finding]:
    return {name: one for name, one in document.findings.items() if one.confirmed_by}


def _without(pages: Sequence[int], documents: Sequence[Document]) -> list[Document]:
    """Return documents without some pages; one that had no other page is left out."""
    rest = [
        replace(document, pages=tuple(page for page in document.pages if page not in pages))
        for document in documents
    ]
    return [document for document in rest if document.pages]


def _most_alike(document: Document, others: Sequence[Document]) -> int | None:
    """Return the index of the document that shares most pages, the earliest of equals."""
    shared = [len({*document.pages} & {*other.pages}) for other in others]
    return shared.index(max(shared)) if any(shared) else None


def _with(document: Document, confirmed: dict[str, Finding]) -> Document:
    kind = confirmed.get("document_type")
    found = {**document.findings, **confirmed}
    return replace(document, type=kind.value if kind else document.type, findings=found)

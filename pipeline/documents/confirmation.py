"""Carries what people confirmed over a new reading: a person beats a machine, always.

A new reading cuts and understands a dossier anew. A finding that carries ``confirmed_by`` stays as
it is, and a field that a person said a paper has not stays ``absent``; both go to the new document
that shares most pages with the one they stood in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.documents.rows import SEVERAL_PAPERS
from pipeline.model import Document, Finding


def keep_confirmed(before: Sequence[Document], after: Sequence[Document]) -> tuple[Document, ...]:
    """Return the documents of a new reading with the confirmed findings of the old ones.

    A document of which nothing was found again, as when its pages could not be read any more,
    stays with what was confirmed of it alone. So does a part of a sheet that is one document now,
    where people confirmed the same field on another part of it.
    """
    kept = list(after)
    for document in before:
        if not (decided := decided_fields(document)):
            continue
        at = _most_alike(document, kept)
        if at is not None and not decided_fields(kept[at]) & decided:
            kept[at] = _with(kept[at], document)
            continue
        # Nothing of it was found again, or a person told apart what is one document now.
        alone = replace(document, findings=_confirmed(document))
        kept = [*_without(document, kept), alone]
    return tuple(sorted(kept, key=in_order))


def in_order(document: Document) -> tuple[tuple[int, ...], int]:
    """Return what documents are sorted by: their first pages, and their places on these."""
    return document.pages[:1], document.first_part


def _confirmed(document: Document) -> dict[str, Finding]:
    return {name: one for name, one in document.findings.items() if one.confirmed_by}


def decided_fields(document: Document) -> set[str]:
    """Return the names of the fields of which a person said what they are, or that they are not."""
    return {*_confirmed(document), *document.absent}


def _without(alone: Document, documents: Sequence[Document]) -> Iterator[Document]:
    """Yield documents without the pages of another; one that had no other page is left out.

    One of which a person decided a field stays in any case.
    """
    for each in documents:
        rest = each.without(alone)
        if rest.pages:
            yield _doubted_on(rest, {p.page for p in rest.parts} - {p.page for p in each.parts})
        elif decided_fields(each):
            yield each


def _doubted_on(document: Document, pages: Collection[int]) -> Document:
    """Return a document with doubt about what was read on sheets that have several papers now."""
    found = {
        name: one.doubted(SEVERAL_PAPERS) if one.page in pages and not one.confirmed_by else one
        for name, one in document.findings.items()
    }
    return replace(document, findings=found)


def _most_alike(document: Document, others: Sequence[Document]) -> int | None:
    """Return the index of the document that shares most pages, the earliest of equals."""
    shared = [(document.shared_with(other), _agreeing(document, other)) for other in others]
    return shared.index(max(shared)) if any(pages for pages, _ in shared) else None


def _agreeing(document: Document, other: Document) -> int:
    """Return how many decided fields another says alike, where sheets with papers leave a choice.

    A sheet that was one document may be several now: what people said belongs to one of these.
    """
    if document.parts or not other.parts:
        return 0
    found = ((other.findings.get(name), one) for name, one in _confirmed(document).items())
    return sum(each is not None and each.value == one.value for each, one in found)


def _with(document: Document, before: Document) -> Document:
    """Return a document with what people decided of it and of one before."""
    absent = {**document.absent, **before.absent}
    found = {name: one for name, one in document.findings.items() if name not in absent}
    found |= _confirmed(before)
    return replace(document, type=type_of(document, found), findings=found, absent=absent)


def type_of(document: Document, findings: Mapping[str, Finding]) -> str:
    """Return the type of a document by its findings, which name it unless a person took it out."""
    kind = findings.get("document_type")
    if kind is not None:
        return kind.value
    return "" if "document_type" in document.findings else document.type

"""Joins what the sender of a file states of its first paper with what was read of it.

A sender is a system that made or registered the paper: the header of an edXML file, a message of
the exchange. Where both agree the field is as good as certain; where they differ the stated value
stands, doubted, so that a person looks at the paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.documents.confirmation import type_of
from pipeline.documents.fields import BY_NAME, FieldKind
from pipeline.documents.fuzzy import folded_text
from pipeline.model import Document, Finding, Source

AGREED, ALONE = 0.98, 0.9  # confidence: the paper says the same; nothing was read of it
_DIFFERENT = "Hệ thống gửi ghi khác với chữ đọc được trên giấy."

StatedFacts = Mapping[int, tuple[tuple[str, str], ...]]


def with_stated_facts(documents: Sequence[Document], stated: StatedFacts) -> tuple[Document, ...]:
    """Return documents with the facts that senders state.

    Args:
        documents: the papers as they were read.
        stated: number of a page within the dossier -> fields and values of the paper it is in.
    """
    return tuple(_joined(document, stated) for document in documents)


def _joined(document: Document, stated: StatedFacts) -> Document:
    found = dict(document.findings)
    begins_behind = document.pages[:1] if document.first_part > 1 else ()
    for page in (each for each in document.pages if each not in begins_behind):
        for name, value in stated.get(page, ()):
            if name in BY_NAME:
                found[name] = _finding(name, value, found.get(name), page)
    if found == document.findings:
        return document
    return replace(document, type=type_of(document, found), findings=found)


def _finding(name: str, value: str, read: Finding | None, page: int) -> Finding:
    if read is None:
        return Finding(value, value, ALONE, Source.SYSTEM, page)
    if _comparable(name, read.value) == _comparable(name, value):
        return replace(read, value=value, confidence=max(read.confidence, AGREED), reasons=())
    return replace(read, value=value, raw=value, source=Source.SYSTEM).doubted(_DIFFERENT)


def _comparable(name: str, value: str) -> str:
    folded = folded_text(value)
    if BY_NAME[name].kind is FieldKind.IDENTIFIER or name in {"number", "symbol"}:
        return "".join(sign for sign in folded if sign.isalnum()).lstrip("0")
    return folded

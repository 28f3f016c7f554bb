"""Tells whose a paper is: by a certain identity number or tax code on it, never by a name."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.access import may_hand_out
from pipeline.errors import QueryError
from pipeline.model import Document, Dossier, OwnerPapers

_PERSON, _TAX = (9, 12), (10, 13)  # digits of CMND and CCCD; of a firm, and of its branch
_FIELDS = ("personal_id", "tax_code")
_PARTING = frozenset(".-\u2013")


def owner_number(typed: str) -> str:
    """Return a number as the index of owners knows it, such as ``person:031…`` or ``tax:01…``.

    A person's tax code is their identity number since 1/7/2025 (TT 86/2024/TT-BTC), so both give
    one owner.

    Args:
        typed: the number as typed or read; gaps, dots and dashes do not count.

    Raises:
        QueryError: it is neither an identity number nor a tax code.
    """
    if found := _normalised(typed):
        return found
    raise QueryError(
        "Đây không phải số định danh (12 số), số chứng minh nhân dân (9 số) hay mã số thuế "
        "(10 hoặc 13 số).",
        "Nhập lại số; không tìm kho của một người bằng họ tên.",
    )


def owner_papers(dossier: Dossier, sequence: int) -> OwnerPapers:
    """Return which papers of a dossier carry a certain number of their owner.

    Of a dossier that may not be handed out there are none.

    Args:
        dossier: the dossier as it is published, which says whether it is withheld.
        sequence: the number of its record.
    """
    found = _numbered(dossier) if may_hand_out(dossier) else ()
    return OwnerPapers(dossier.id, sequence, tuple(dict.fromkeys(found)))


def is_owned_by(document: Document, number: str) -> bool:
    """Tell whether a paper carries the number of an owner with certainty.

    Args:
        document: the paper.
        number: the number as ``owner_number`` gives it.
    """
    return number in _numbers_of(document)


def _numbered(dossier: Dossier) -> Iterator[tuple[str, int]]:
    for document in dossier.documents:
        if document.pages:
            for number in _numbers_of(document):
                yield number, document.pages[0]


def _numbers_of(document: Document) -> Iterator[str]:
    for name in _FIELDS:
        finding = document.findings.get(name)
        if finding and finding.is_certain and (number := _normalised(finding.value)):
            yield number


def _normalised(typed: str) -> str:
    digits = "".join(char for char in typed if not (char in _PARTING or char.isspace()))
    if not (digits.isascii() and digits.isdigit()):
        return ""
    if len(digits) in _PERSON:
        return f"person:{digits}"
    return f"tax:{digits}" if len(digits) in _TAX else ""

"""Lists how two states of a dossier differ, for people: papers, fields, code, checklist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pipeline.documents.fields import label_of, rank_of
from pipeline.model import Document, Dossier, Finding

_NOBODY = Document("", ())


class _Sides(NamedTuple):
    """Two states of a dossier, and both as they are shown."""

    before: Dossier
    after: Dossier
    shown_before: Dossier
    shown_after: Dossier


class Change(NamedTuple):
    """One difference; texts are Vietnamese, and empty where there was or is nothing."""

    pages: tuple[int, ...]  # of the paper as it is now; empty: of the dossier as a whole
    field: str  # name in ``pipeline.documents.fields``, or of the dossier: code, unit, papers …
    label: str  # of the field, for people
    before: str
    after: str


def changes_of(
    before: Dossier, after: Dossier, shown: Callable[[Dossier], Dossier]
) -> tuple[Change, ...]:
    """Return what differs between two states of a dossier, the dossier itself first.

    Args:
        before: the dossier as it is.
        after: the dossier as it would be.
        shown: returns a dossier as it may be shown, masked or not, its papers in their order.
    """
    sides = _Sides(before, after, shown(before), shown(after))
    return (*_of_dossier(sides), *_of_papers(sides))


def _of_dossier(sides: _Sides) -> Iterator[Change]:
    compared = [_facts(each) for each in sides]
    for name, label in _FACTS.items():
        was, becomes, shown_before, shown_after = (facts[name] for facts in compared)
        if was != becomes:
            yield Change((), name, label, shown_before, shown_after)


_FACTS = {
    "code": "Mã hồ sơ",
    "unit": "Đơn vị",
    "procedure": "Mã thủ tục",
    "withheld": "Giữ lại",
    "papers": "Chia giấy tờ",
    "components": "Thành phần",
    "proposed_join": "Đề nghị nhập vào",
}


def _facts(dossier: Dossier) -> dict[str, str]:
    return {
        "code": dossier.code or "",
        "unit": dossier.unit or "",
        "procedure": dossier.procedure or "",
        "withheld": dossier.withheld.why if dossier.withheld else "",
        "papers": _cuts(dossier),
        "components": "; ".join(f"{one.name}: {one.state}" for one in dossier.components),
        "proposed_join": dossier.proposed_join or "",
    }


def _of_papers(sides: _Sides) -> Iterator[Change]:
    papers = zip(sides.after.documents, sides.shown_after.documents, strict=True)
    earlier = list(zip(sides.before.documents, sides.shown_before.documents, strict=True))
    for document, shown in papers:
        was, was_shown = _same_paper(document, earlier)
        names = {**was.findings, **document.findings}
        for name in sorted(names, key=lambda one: (rank_of(one), one)):
            old, new = was.findings.get(name), document.findings.get(name)
            if old != new:
                is_other = old is None or new is None or old.value != new.value
                tell = _value if is_other else _with_confidence
                told, tells = tell(was_shown.findings.get(name)), tell(shown.findings.get(name))
                yield Change(document.pages, name, label_of(name), told, tells)


def _same_paper(
    document: Document, others: Sequence[tuple[Document, Document]]
) -> tuple[Document, Document]:
    """Return the paper that shares most pages with one; one without any where none shares some."""
    shared = [document.shared_with(other) for other, _ in others]
    return others[shared.index(max(shared))] if any(shared) else (_NOBODY, _NOBODY)


def _value(finding: Finding | None) -> str:
    if finding is None:
        return ""
    return finding.value if finding.is_certain else f"{finding.value} (?)"


def _with_confidence(finding: Finding | None) -> str:
    if finding is None:
        return ""
    place = f", trang {finding.page}" if finding.page else ""
    confidence = f"{finding.confidence:.2f}".replace(".", ",")
    return f"{_value(finding)} [tin cậy {confidence}{place}]"


def _cuts(dossier: Dossier) -> str:
    """Return the papers by their pages: ``1-2 Quyết định; 3, 5-6 Đơn``."""
    return "; ".join(
        f"{_listed(document.pages)} {document.type}".strip() for document in dossier.documents
    )


def _listed(pages: Sequence[int]) -> str:
    """Return pages in their order, those that follow each other as first and last."""
    runs: list[tuple[int, int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], page
        else:
            runs.append((page, page))
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)

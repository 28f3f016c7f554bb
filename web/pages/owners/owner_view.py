"""Builds the view of the store of a person or organisation, as one visitor may see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from typing import NamedTuple

from pipeline.checklist.decided import decisions_of
from pipeline.documents.completeness import may_be
from pipeline.errors import ObjectMissingError
from pipeline.masking import mask_text
from pipeline.model import Component, ComponentState, Dossier, ReusedPaper, ValidityState
from pipeline.owners import (
    MOST_PAPERS,
    HeldPaper,
    owner_fields,
    owners_of,
    papers_held,
    papers_suggested,
)
from pipeline.owners.validity import without_birthday
from pipeline.people.scopes import is_within
from search.text.entries import heading
from web.labels import Label
from web.masked.sight import Sight, sight_of
from web.pages.counter.answer_card import CardPaper, card_paper
from web.people.gate import Asked
from web.urls import dossier_url

_STATES = {
    ValidityState.VALID: Label("Còn hiệu lực", "good"),
    ValidityState.EXPIRED: Label("Hết hiệu lực", "bad"),
    ValidityState.LASTING: Label("Không thời hạn", "good"),
    ValidityState.UNKNOWN: Label("Chưa rõ thời hạn", "quiet"),
}
_OPEN = {ComponentState.MISSING, ComponentState.UNCLEAR}
_MOST_SUGGESTED = 20


@dataclass(frozen=True, slots=True)
class ReuseTarget:
    """A component of another dossier that a paper may stand for."""

    dossier: str
    component: int  # its position on the checklist, from 1
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class StorePaper:
    """A paper of the store."""

    card: CardPaper
    part: int  # of its first page with which it begins, from 1
    version: int  # of its dossier
    name: str  # of the person, as it stands on the paper
    issuer: str
    state: Label
    until: date | None
    rule: str
    dossier: str
    dossier_title: str
    dossier_url: str
    confirmed_by: str  # the person who said whose it is; empty: it carries the number
    targets: tuple[ReuseTarget, ...]  # that it may stand for
    used: tuple[ReuseTarget, ...]  # that it stands for


class OpenedBy(NamedTuple):
    """The paper through whose owner a store was opened."""

    sight: Sight  # its dossier
    position: int  # of the paper, from 1
    owner: int = 1  # which of its owners, from 1

    @property
    def url(self) -> str:
        """The address of the store."""
        return store_url(self.sight.dossier.id, self.position, self.owner)

    @property
    def number(self) -> str:
        """The owner's number, as ``owner_number`` gives it.

        Raises:
            ObjectMissingError: there is no such paper, or it carries no certain number.
        """
        documents = self.sight.source.dossier.documents
        found = owners_of(documents[self.position - 1]) if self.position <= len(documents) else ()
        if self.owner > len(found):
            raise ObjectMissingError(
                "Giấy tờ này không mang số định danh hay mã số thuế chắc chắn.",
                "Xác nhận số trên giấy tờ trước, hoặc mở kho bằng số.",
            )
        return found[self.owner - 1]

    @property
    def shown_number(self) -> str:
        """The owner's number as the visitor may see it."""
        fields = owner_fields(self.sight.source.dossier.documents[self.position - 1])
        document = self.sight.dossier.documents[self.position - 1]
        return document.findings[fields[self.number]].value

    @property
    def name(self) -> str:
        """The owner's name, as it stands on the paper."""
        findings = self.sight.dossier.documents[self.position - 1].findings
        found = findings.get("full_name") or findings.get("organisation")
        return found.value if found else ""


@dataclass(frozen=True, slots=True)
class OwnerStoreView:
    """The store of the owner of one paper."""

    opened: OpenedBy
    day: date
    groups: tuple[tuple[str, tuple[StorePaper, ...]], ...]
    suggested: tuple[StorePaper, ...]
    is_cut: bool  # there are more papers than are shown

    @property
    def count(self) -> int:
        """How many papers are shown."""
        return sum(len(papers) for _, papers in self.groups)


def store_url(dossier: str, position: int, owner: int = 1) -> str:
    """Return the address of the store of the owner of a paper.

    Args:
        dossier: the dossier's id.
        position: the position of the paper, from 1.
        owner: the number of the owner among those of the paper, from 1.
    """
    return f"/kho/{dossier}/{position}" + (f"?chu={owner}" if owner > 1 else "")


def find_held(asked: Asked, number: str, day: date) -> list[HeldPaper]:
    """Return the papers of an owner that the visitor may know of, and one more than are shown."""
    context, scope = asked.context, asked.visit.scope
    found = papers_held(
        number, context.owners, context.archive, day, lambda record: is_within(scope, record)
    )
    return list(islice(found, MOST_PAPERS + 1))


def find_suggested(asked: Asked, held: Sequence[HeldPaper], day: date) -> list[HeldPaper]:
    """Return the papers that may be the same owner's: of one name and birth, without a number."""
    context, scope = asked.context, asked.visit.scope
    found = papers_suggested(
        held, context.owners, context.archive, day, lambda record: is_within(scope, record)
    )
    return list(islice(found, _MOST_SUGGESTED))


def build_store(
    asked: Asked,
    opened: OpenedBy,
    held: Sequence[HeldPaper],
    suggested: Sequence[HeldPaper],
    day: date,
) -> OwnerStoreView:
    """Build the view.

    Args:
        asked: the request.
        opened: the paper through which the store was opened.
        held: the papers of ``find_held``.
        suggested: the papers of ``find_suggested``.
        day: the day on which the papers are wanted.
    """
    shown = [_paper(asked, each, held) for each in held[:MOST_PAPERS]]
    shown.sort(key=lambda paper: paper.card.title)
    return OwnerStoreView(
        opened=opened,
        day=day,
        groups=tuple(
            (kind, tuple(papers)) for kind, papers in groupby(shown, lambda one: one.card.title)
        ),
        suggested=tuple(_paper(asked, each, ()) for each in suggested),
        is_cut=len(held) > MOST_PAPERS,
    )


def _paper(asked: Asked, each: HeldPaper, held: Sequence[HeldPaper]) -> StorePaper:
    sight = sight_of(asked.context, asked.visit, each.record)
    document = sight.dossier.documents[each.number - 1]
    person, issuer = (document.findings.get(name) for name in ("full_name", "issuer"))
    decided = document.findings.get("owner_id")
    told = each.validity if sight.is_clear else without_birthday(each.document, each.validity)
    return StorePaper(
        card=card_paper(sight, each.number),
        part=max(each.document.first_part, 1),
        version=each.record.sequence,
        name=person.value if person else "",
        issuer=issuer.value if issuer and issuer.is_certain else "",
        state=_STATES[told.state],
        until=told.until,
        rule=told.rule,
        dossier=sight.dossier.id,
        dossier_title=heading(sight.dossier).code or heading(sight.dossier).title,
        dossier_url=dossier_url(sight.dossier.id),
        confirmed_by=(decided.confirmed_by or "") if decided else "",
        targets=() if told.state is ValidityState.EXPIRED else tuple(_targets(each, held)),
        used=tuple(_used(each, held)),
    )


def _targets(each: HeldPaper, held: Sequence[HeldPaper]) -> list[ReuseTarget]:
    return [
        _target(other, at)
        for other in _dossiers(held)
        if other.record.dossier.id != each.record.dossier.id
        for at, component in enumerate(other.record.dossier.components, 1)
        if component.state in _OPEN and may_be(each.document, component.name)
    ]


def _used(each: HeldPaper, held: Sequence[HeldPaper]) -> list[ReuseTarget]:
    dossier, document = each.record.dossier.id, each.document
    return [
        _target(other, at)
        for other in _dossiers(held)
        for at, (component, one) in enumerate(_reused(other.record.dossier), 1)
        if component.reference
        and one
        and one.dossier == dossier
        and document.begins_at(one.page, one.part)
    ]


def _reused(dossier: Dossier) -> Iterator[tuple[Component, ReusedPaper | None]]:
    return zip(dossier.components, decisions_of(dossier.components, dossier.reused), strict=True)


def _target(held: HeldPaper, position: int) -> ReuseTarget:
    dossier = held.record.dossier
    name = f"{dossier.code or dossier.title}: {dossier.components[position - 1].name}"
    return ReuseTarget(dossier.id, position, mask_text(name), dossier_url(dossier.id))


def _dossiers(held: Sequence[HeldPaper]) -> list[HeldPaper]:
    """Return one paper of each dossier."""
    return list({each.record.dossier.id: each for each in held}.values())

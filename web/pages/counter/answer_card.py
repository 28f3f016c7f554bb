"""Builds the card that answers a citizen at the counter, and the slip that is printed of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline import clock
from pipeline.model import Document, Finding
from pipeline.owners.counter import DossierStanding, standing_of
from search.text.entries import heading
from web.labels import finding_value
from web.masked.sight import Sight
from web.urls import page_url

_NUMBERS = {"personal_id": "Số định danh", "tax_code": "Mã số thuế", "phone": "Điện thoại"}


@dataclass(frozen=True, slots=True)
class CardPaper:
    """A paper of the card."""

    title: str
    number: str  # with its symbol; empty where it has none
    issued: str  # dd/mm/yyyy
    url: str | None  # of its first page
    page: int  # from 1; 0: it has none


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """What the card tells of one dossier."""

    sight: Sight
    title: str
    standing: DossierStanding
    papers: tuple[CardPaper, ...]
    results: tuple[CardPaper, ...]
    numbers: tuple[tuple[str, str], ...]  # label, value as the visitor may see it
    is_queued: bool
    url: str  # of the card itself

    @property
    def unit(self) -> str:
        """The office that received the dossier."""
        return self.sight.dossier.unit or ""

    @property
    def procedure(self) -> str:
        """The procedure by its name, else by its code; empty where no paper tells it."""
        found = _first(self.sight.dossier.documents, "procedure_name")
        return found.value if found else self.sight.dossier.procedure or ""


def card_url(dossier: str) -> str:
    """Return the address of the card of a dossier."""
    return f"/quay/ho-so/{dossier}"


def build_card(sight: Sight) -> AnswerCard:
    """Build the card of a dossier that may be handed out."""
    dossier = sight.dossier
    standing = standing_of(dossier, clock.today())
    found = ((label, _first(dossier.documents, name)) for name, label in _NUMBERS.items())
    return AnswerCard(
        sight=sight,
        title=heading(dossier).title,
        standing=standing,
        papers=tuple(card_paper(sight, at) for at in standing.papers),
        results=tuple(card_paper(sight, at) for at in standing.results),
        numbers=tuple((label, finding.value) for label, finding in found if finding),
        is_queued=sight.context.archive.is_queued(dossier.id),
        url=card_url(dossier.id),
    )


def card_paper(sight: Sight, position: int) -> CardPaper:
    """Return a paper as lists show it.

    Args:
        sight: its dossier as the visitor sees it.
        position: its position among the papers of the dossier, from 1.
    """
    document = sight.dossier.documents[position - 1]
    page = document.pages[0] if document.pages else 0
    issued = _certain(document, "issued_on")
    return CardPaper(
        title=document.type or "Giấy tờ chưa rõ loại",
        number="/".join(filter(None, (_certain(document, "number"), _certain(document, "symbol")))),
        issued=finding_value("issued_on", issued),
        url=page_url(sight.dossier.id, page) if page else None,
        page=page,
    )


def _certain(document: Document, name: str) -> str:
    finding = document.findings.get(name)
    return finding.value if finding and finding.is_certain else ""


def _first(documents: Iterable[Document], name: str) -> Finding | None:
    found = [one for document in documents if (one := document.findings.get(name))]
    return max(found, key=lambda one: one.is_certain, default=None)

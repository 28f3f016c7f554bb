"""Builds the fields of a page as people check them: value, reading, cut-out of the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.documents.fields import label_of, rank_of
from pipeline.model import Box, Dossier, Finding, View
from web.highlights import cut_out
from web.labels import finding_value
from web.urls import field_url

_ACROSS, _DOWN = 3.0, 0.9  # what is shown around a field, in heights of its letters
_ENLARGED = 1.3  # pixels of a screen for one of the picture: twice the size of the paper


@dataclass(frozen=True, slots=True)
class CutOut:
    """The part of a page's picture on which a field stands."""

    box: Box  # pixels of the picture
    width: int  # pixels of the screen, where it has room
    height: int


@dataclass(frozen=True, slots=True)
class FieldCard:
    """A field that was read on a page."""

    paper: int  # position of its paper, from 1
    name: str
    label: str
    value: str
    finding: Finding
    url: str
    cut_out: CutOut | None  # None: nobody knows where it stands, or there is no picture
    is_chosen: bool


def field_cards(
    dossier: Dossier, number: int, geometry: View | None, chosen: tuple[int, str]
) -> tuple[FieldCard, ...]:
    """Return the fields that were read on a page, doubtful ones first.

    Args:
        dossier: the dossier as it is shown.
        number: the page's number within it, from 1.
        geometry: the geometry of the page's picture; None: the visitor sees none.
        chosen: paper and name of the field that is being checked.
    """
    cards = list(_cards(dossier, number, geometry, chosen))
    return tuple(sorted(cards, key=lambda card: (card.finding.is_certain, card.paper)))


def _cards(
    dossier: Dossier, number: int, geometry: View | None, chosen: tuple[int, str]
) -> Iterator[FieldCard]:
    for position, paper in enumerate(dossier.documents, 1):
        for name in sorted(paper.findings, key=rank_of):
            finding = paper.findings[name]
            if finding.page != number:
                continue
            yield FieldCard(
                paper=position,
                name=name,
                label=label_of(name),
                value=finding_value(name, finding.value),
                finding=finding,
                url=field_url(dossier.id, number, position, name),
                cut_out=_enlarged(finding.box, geometry) if finding.box and geometry else None,
                is_chosen=(position, name) == chosen,
            )


def _enlarged(box: Box, geometry: View) -> CutOut:
    part = cut_out(box, geometry, _ACROSS, _DOWN)
    return CutOut(part, round(part.width * _ENLARGED), round(part.height * _ENLARGED))

"""Shows an item of the review queue to one visitor: what was read, why it is doubted, where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.audit import Verb
from pipeline.documents.fields import label_of
from pipeline.masking import HIDDEN
from pipeline.model import Finding, PageState, View
from pipeline.review.finding_items import Taken
from pipeline.review.items import ReviewItem, page_at, paper_at
from search.text.entries import Heading, heading
from web.context import page_note
from web.labels import finding_value
from web.masked.sight import Sight
from web.pages.dossiers.duplicates import duplicates_shown
from web.people.gate import Asked
from web.reviewing.cutting import Cutting, cutting_of
from web.reviewing.rounds import item_sight
from web.urls import dossier_url, field_url, page_url, picture_version


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as a visitor sees it. Whether it is of the sample is not told to anybody."""

    item: ReviewItem
    sight: Sight
    heading: Heading
    paper: str  # label of the paper's type; empty: unknown, or it is a page
    finding: Finding | None  # as it is shown; None: it is a page
    page: int  # where it was read, or the page itself, within the dossier, from 1
    is_masked: bool  # its value is hidden from the visitor, who cannot decide about it
    picture_url: str | None  # of the cutting, or of the page; None: there is none to be shown
    cutting: Cutting | None  # None: the whole page is shown
    view: View | None  # size of the whole picture
    reasons: tuple[str, ...]
    until: datetime  # when somebody else may be given it
    may_be_twice: bool  # what its dossier holds may be held a second time

    @property
    def label(self) -> str:
        """What is to be looked at, as people call it."""
        return f"Trang {self.page}" if self.item.is_page else label_of(self.item.field)

    @property
    def value(self) -> str:
        """The value as offices write it; of a page nothing."""
        return finding_value(self.item.field, self.finding.value) if self.finding else ""

    @property
    def raw(self) -> str:
        """What was read, where it is written otherwise than the value."""
        read = self.finding.raw if self.finding else ""
        return "" if read in (self.value, self.finding.value if self.finding else "") else read

    @property
    def seconds(self) -> int:
        """For how long it is the visitor's from now on."""
        return max(0, round((self.until - datetime.now(UTC)).total_seconds()))

    @property
    def path(self) -> str:
        """The address of the item."""
        return item_path(self.item)

    @property
    def place_url(self) -> str:
        """The address of the page on which it stands, with its frame."""
        dossier = self.sight.source.dossier
        paper = None if self.item.is_page else paper_at(dossier, self.item.begin)
        if paper is None:
            return page_url(dossier.id, self.page)
        number = dossier.documents.index(paper) + 1
        return field_url(dossier.id, self.page, number, self.item.field)

    @property
    def dossier_url(self) -> str:
        """The address of its dossier."""
        return dossier_url(self.item.dossier)

    @property
    def is_unread(self) -> bool:
        """Whether it is a page on which nothing at all could be read."""
        note = page_note(self.sight.dossier, self.page)
        return self.item.is_page and note.state is PageState.NOT_READ


def item_path(item: ReviewItem) -> str:
    """Return the address of an item in the room."""
    return f"/kiem-tra/{item.dossier}/{item.seen_at}"


def show_item(asked: Asked, taken: Taken) -> ItemView:
    """Return an item that the visitor has leased, as they see it; recorded as shown.

    Args:
        asked: the request.
        taken: the item with what was read, as the newest record of its dossier has it.

    Raises:
        AuditUnavailableError: it could not be recorded; nothing may be shown.
        JoinedError: its scans belong to another dossier now.
        WithheldError: it is withheld.
    """
    context, item = asked.context, taken[0]
    record = context.record_to_hand_out(item.dossier)
    sight = item_sight(context, asked.visit, record, is_held=True)
    view = view_item(asked, sight, taken)
    purpose, told = sight.disclosure.purpose, {"review": item.field}
    asked.record(Verb.VIEW, of=record.dossier, detail=told, page=view.page, purpose=purpose)
    return view


def view_item(asked: Asked, sight: Sight, taken: Taken) -> ItemView:
    """Return an item as it is seen in a dossier; nothing is recorded."""
    item, kept = taken
    paper = None if item.is_page else paper_at(sight.source.dossier, item.begin)
    at = sight.source.dossier.documents.index(paper) if paper else None
    shown = sight.dossier.documents[at] if at is not None else None
    finding = shown.findings.get(item.field) if shown else None
    number = (kept.page if kept else None) or page_at(sight.source.dossier, item.place) or 1
    picture, cutting, view = _picture(sight, item, kept, number)
    return ItemView(
        item=item,
        sight=sight,
        heading=heading(sight.dossier),
        paper=shown.type if shown else "",
        finding=finding,
        page=number,
        is_masked=not item.is_page and is_hidden(kept, finding),
        picture_url=picture,
        cutting=cutting,
        view=view,
        reasons=page_note(sight.dossier, number).reasons
        if item.is_page
        else (finding.reasons if finding else ()),
        until=datetime.now(UTC) + asked.context.review.reviewing.lease,
        may_be_twice=bool(duplicates_shown(sight, asked.visit.scope)),
    )


def is_hidden(kept: Finding | None, shown: Finding | None) -> bool:
    """Tell whether a visitor sees less of a field than was read."""
    if kept is None or shown is None:
        return kept is not None
    return (kept.value, kept.raw) != (shown.value, shown.raw) or HIDDEN in shown.value


def _picture(
    sight: Sight, item: ReviewItem, kept: Finding | None, number: int
) -> tuple[str | None, Cutting | None, View | None]:
    note, page = page_note(sight.source.dossier, number), sight.page(number)
    if sight.picture_url(number) is None or page is None or page.view is None:
        return None, None, None
    cutting = cutting_of(kept.box, page.view) if kept and kept.box else None
    version = picture_version(note) + sight.level + (f"-{cutting.version}" if cutting else "")
    return f"{item_path(item)}/giay.webp?v={version}", cutting, page.view

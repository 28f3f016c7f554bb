"""Shows a dossier to one visitor: record, pages and pictures, all masked or all clear.

Pages of the reading room take what they show from here, so none can forget to mask.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pipeline.access import check_hand_out
from pipeline.errors import ObjectMissingError, SohoaError
from pipeline.masking import (
    RULES,
    MaskedPage,
    PictureMask,
    mask_page,
    mask_record,
    may_picture,
    personal_boxes,
    whole_pages,
)
from pipeline.model import Dossier, Page, PageNote, Record
from web.context import AppContext, page_note, page_ref
from web.masked.mended import mask_by_past
from web.masked.painting import blank, paint
from web.people.disclosure import Disclosure, disclosure_of, sees_lists_clear
from web.people.visits import Visit
from web.pictures import THUMBNAIL_SIZE, page_picture, page_thumbnail
from web.urls import picture_url, picture_version, thumbnail_url


class PictureMaskedError(SohoaError):
    """A picture is asked for that cannot be masked, by somebody who may not see it unmasked."""

    http_status = 403


@dataclass(frozen=True, slots=True)
class Sight:
    """A dossier as one visitor sees it."""

    context: AppContext
    record: Record  # masked, unless the disclosure is clear
    source: Record  # as it is kept; for ids and places alone
    disclosure: Disclosure

    @property
    def dossier(self) -> Dossier:
        """The dossier as it is shown."""
        return self.record.dossier

    @property
    def is_clear(self) -> bool:
        """Whether personal data is shown."""
        return self.disclosure.is_clear

    @property
    def level(self) -> str:
        """What tells masked pictures and answers from clear ones, in URLs, ETags and caches."""
        if self.is_clear:
            return ""
        kinds = self.context.settings.privacy.masked_whole
        made = f"{RULES}/{self.dossier.id}/{self.record.sequence}/{'|'.join(sorted(kinds))}"
        return "-" + hashlib.sha256(made.encode()).hexdigest()[:12]

    def page(self, number: int) -> Page | None:
        """Return a page (from 1) as it is shown; None while there is no result.

        Raises:
            JoinedError: the dossier's scans belong to another one now.
            ObjectMissingError: the dossier has no page of this number.
            WithheldError: the dossier is withheld.
        """
        mask = self.mask(number)
        return mask.page if mask else self.context.page(self.source.dossier, number)

    @property
    def whole_pages(self) -> frozenset[int]:
        """Numbers of the pages of papers that are masked as a whole."""
        return whole_pages(self.source.dossier, self.context.settings.privacy.masked_whole)

    def mask(self, number: int) -> MaskedPage | None:
        """Return what is hidden on a page (from 1); None when nothing is, or it has no result.

        Raises: as ``page`` does.
        """
        dossier = self.source.dossier
        page = None if self.is_clear else self.context.page(dossier, number)
        if page is None:
            return None
        note = page_note(dossier, number)
        whole = number in self.whole_pages
        boxes = tuple(personal_boxes(dossier, number))
        edit = dossier.find_edit(note.scan, note.number)
        version = self.record.sequence if edit else 0  # its mask hangs on the whole history
        key = (page_ref(dossier, note), note.recipe, version, whole, boxes)

        def masked() -> MaskedPage:
            if edit is None:
                return mask_page(page, is_whole=whole, boxes=boxes)
            return mask_by_past(self.context, dossier, number, page, boxes)

        made = self.context.masks.get_or_fetch(key, masked)
        assert made is not None
        return made

    def picture_url(self, number: int) -> str | None:
        """Return the URL of a page's picture; None when the visitor gets none."""
        return picture_url(self.dossier, number, self.level) if self._may_see(number) else None

    def thumbnail_url(self, number: int) -> str | None:
        """Return the URL of a page's thumbnail; None when the visitor gets none."""
        return thumbnail_url(self.dossier, number, self.level) if self._may_see(number) else None

    def _may_see(self, number: int) -> bool:
        dossier = self.source.dossier
        if self.is_clear or not 1 <= number <= len(dossier.pages):
            return self.is_clear
        note = dossier.pages[number - 1]
        if not may_picture(note) or number in self.whole_pages:
            return False
        if dossier.find_edit(note.scan, note.number) is None:
            return True
        mask = self.mask(number)  # a page that people mended may have been a card before
        return mask is None or mask.picture is PictureMask.PAINTED

    def picture_bytes(self, number: int) -> bytes:
        """Return the picture of a page as WebP, with boxes painted over what is hidden.

        Raises:
            ObjectMissingError: there is no such page, or it has no picture.
            PictureMaskedError: it cannot be masked, and the visitor may not see it unmasked.
        """
        note = page_note(self.source.dossier, number)
        if self.is_clear:
            return page_picture(self.context, self.source.dossier, note)
        mask = self._paintable(number, note)
        if mask.picture is PictureMask.PAINTED and not mask.boxes:
            return page_picture(self.context, self.source.dossier, note)
        key = f"{picture_version(note)}{self.level}"
        made = self.context.painted.get_or_fetch(key, lambda: self._painted(mask, note))
        return _or_refuse(made)

    def thumbnail_bytes(self, number: int) -> bytes:
        """Return the thumbnail of a page as WebP; otherwise as ``picture_bytes``."""
        note = page_note(self.source.dossier, number)
        if self.is_clear:
            return page_thumbnail(self.context, self.source.dossier, note)
        mask, key = self._paintable(number, note), f"{picture_version(note)}{self.level}"
        made = self.context.thumbnails.get_or_fetch(
            key, lambda: self._painted(mask, note, THUMBNAIL_SIZE)
        )
        return _or_refuse(made)

    def check_picture(self, number: int) -> None:
        """Refuse the picture of a page that the visitor may not see, whatever the browser has.

        Raises: as ``picture_bytes`` does.
        """
        note = page_note(self.source.dossier, number)
        if not self.is_clear:
            self._paintable(number, note)

    def _paintable(self, number: int, note: PageNote) -> MaskedPage:
        mask = self.mask(number) if note.recipe else None
        if mask is None:
            raise ObjectMissingError("Trang này chưa có ảnh.", "Hãy mở hồ sơ để xem lý do.")
        if mask.picture is PictureMask.NOT_READ or mask.page.view is None:
            raise _refused()
        return mask

    def _painted(
        self, mask: MaskedPage, note: PageNote, largest: tuple[int, int] | None = None
    ) -> bytes | None:
        view = mask.page.view
        assert view is not None  # ``_paintable`` has seen it
        if mask.picture is PictureMask.WHOLE:
            return blank(view, largest)
        picture = page_picture(self.context, self.source.dossier, note)
        return paint(picture, view, mask.boxes, largest)


def sight_of(context: AppContext, visit: Visit, record: Record) -> Sight:
    """Return a dossier as a visit sees it.

    Args:
        context: the handlers' context.
        visit: the visit.
        record: the dossier's newest record.

    Raises:
        AccountsUnavailableError: the database of accounts is away.
    """
    return _sight(context, record, disclosure_of(context, visit, record.dossier.id))


def sight_in_list(context: AppContext, visit: Visit, record: Record) -> Sight:
    """Return a dossier as a visit sees it among others: no purpose holds for a list."""
    return _sight(context, record, Disclosure(is_clear=sees_lists_clear(visit)))


def sight_to_hand_out(context: AppContext, visit: Visit, dossier: str) -> Sight:
    """Return a dossier of which pages are asked for.

    Raises:
        JoinedError: its scans belong to another dossier now.
        ObjectMissingError: there is no such dossier.
        WithheldError: it is withheld.
    """
    record = context.record(dossier)
    check_hand_out(record)
    return sight_of(context, visit, record)


def _sight(context: AppContext, record: Record, disclosure: Disclosure) -> Sight:
    shown = record if disclosure.is_clear else _masked(context, record)
    return Sight(context, shown, record, disclosure)


def _masked(context: AppContext, record: Record) -> Record:
    """Return a record masked; once made it is kept, for records never change."""
    kinds = context.settings.privacy.masked_whole
    key = record.dossier.id, record.sequence
    made = context.masked_records.get_or_fetch(key, lambda: mask_record(record, kinds))
    assert made is not None
    return made


def _or_refuse(picture: bytes | None) -> bytes:
    if picture is None:
        raise _refused()
    return picture


def _refused() -> PictureMaskedError:
    return PictureMaskedError(
        "Ảnh của trang này không được đưa ra: dữ liệu cá nhân trên ảnh không che được.",
        "Người có quyền xem không che mở hồ sơ và chọn mục đích.",
    )

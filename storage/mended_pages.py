"""Stores what people mended of the words of pages; each version once, and never changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from pipeline import records
from pipeline.errors import ObjectExistsError, ObjectMissingError
from pipeline.model import MendedPage, PagePlace
from pipeline.ports import ObjectStore
from storage import keys


class StoredMendedPages:
    """The mended words of pages, over an object store."""

    _store: ObjectStore

    def keep_mended(self, mended: MendedPage) -> MendedPage:
        """Store mended words under the next number of their page; return them with it."""
        place = PagePlace(mended.scan, mended.page)
        number = sum(1 for _ in self._store.keys(keys.mended_pages(place)))
        while True:  # until one of several who write at once has each number
            number += 1
            numbered = replace(mended, number=number)
            with suppress(ObjectExistsError):
                key = keys.mended_page(place, number)
                self._store.put(key, records.MENDED_PAGE.dump(numbered))
                return numbered

    def find_mended(self, place: PagePlace, number: int) -> MendedPage | None:
        """Return the mended words of a page that have a number."""
        try:
            return records.MENDED_PAGE.load(self._store.get(keys.mended_page(place, number)))
        except ObjectMissingError:
            return None

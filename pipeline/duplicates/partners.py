"""Adds to publications what the search index is to say of duplicates, and notes what it missed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.errors import DuplicatesUnavailableError
from pipeline.model import Publication
from pipeline.ports.duplicates import DuplicateIndex

log = logging.getLogger(__name__)


def with_partners(
    publications: Sequence[Publication], duplicates: DuplicateIndex
) -> Sequence[Publication]:
    """Return publications with who may know of a duplicate; as they are while the index is away.

    Args:
        publications: the dossiers as they go to the search index.
        duplicates: the index of duplicates.
    """
    try:
        marks = duplicates.marks([each.dossier.id for each in publications])
    except DuplicatesUnavailableError as error:  # publishing hangs on no hint
        log.warning("published without what is known of duplicates: %s", error)
        return publications
    return [replace(each, partners=marks.get(each.dossier.id, ())) for each in publications]


def tell_again(published: Mapping[str, Sequence[str]], duplicates: DuplicateIndex) -> None:
    """Have dossiers told anew that were published with other marks than they have by now.

    Whoever publishes reads the marks before, and may be overtaken by who tells newer ones.

    Args:
        published: the marks that the search index was told, by dossier.
        duplicates: the index of duplicates.
    """
    try:
        marks = duplicates.marks(list(published))
        if late := [each for each in published if marks.get(each, ()) != published[each]]:
            duplicates.unsettle(late)
    except DuplicatesUnavailableError as error:  # publishing hangs on no hint
        log.warning("nobody knows whether newer duplicates were overwritten: %s", error)

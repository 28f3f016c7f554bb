"""Makes what duplicates are looked up by: keys of papers, and hashes of a page's words.

A paper is known by number, symbol, date and issuer together, all of them certain. A page is known
by 12 minimum hashes of its runs of three words (Broder 1997) and by 8 of its numbers, which tell
two filled-in copies of one form apart. What many pages share, as the words of a form, is left
aside where it is looked up, for it says nothing. Hashes are keyed: a page's numbers are people's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

from pipeline.access import may_hand_out
from pipeline.documents import PageOfDossier
from pipeline.documents.fuzzy import folded_text
from pipeline.model import Document, Dossier, DossierPrints, PagePlace, PagePrint, PageState
from pipeline.vietnamese import fold, syllables

VERSION = "1"  # raised when other hashes are made: the index is then filled anew
FEWEST_WORDS = 15  # of a page that can be told from others by its words
_RUN = 3  # words
_MINIMA, _NUMBERS = 12, 8
_DIGITS = re.compile(r"\d{3,}")
_FIELDS = ("number", "symbol", "issued_on", "issuer")


def prints_of(dossier: Dossier, pages: Sequence[PageOfDossier], key: bytes) -> DossierPrints:
    """Return what duplicates of a dossier's papers and pages are looked up by.

    Args:
        dossier: the dossier as it is published, which says whether it is withheld.
        pages: its pages that have a result.
        key: the key of the hashes.
    """
    if not may_hand_out(dossier):
        return DossierPrints(dossier.id)
    places = [PagePlace(note.scan, note.number) for note in dossier.pages]
    papers = [
        (paper_key(document, key), places[document.pages[0] - 1])
        for document in dossier.documents
        if document.pages
    ]
    printed = [
        PagePrint(places[number - 1], buckets)
        for number, page in pages
        if page.state is not PageState.BLANK
        if (buckets := page_buckets(page.text.text, key))
    ]
    return DossierPrints(dossier.id, tuple(each for each in papers if each[0]), tuple(printed))


def paper_key(document: Document, key: bytes) -> str:
    """Return what is equal of papers that may be the same; empty where a field is not certain.

    Args:
        document: the paper.
        key: the key of the hash.
    """
    found = [document.findings.get(name) for name in _FIELDS]
    values = [each.value for each in found if each and each.is_certain]
    if len(values) < len(_FIELDS):
        return ""
    number, symbol, day, issuer = values
    digits = re.sub(r"^0+(?=\w)", "", folded_text(number).replace(" ", ""))
    named = "|".join((digits, folded_text(symbol).replace(" ", ""), day, folded_text(issuer)))
    return hmac.new(key, f"sohoa paper: {named}".encode(), hashlib.sha256).hexdigest()[:32]


def page_buckets(text: str, key: bytes) -> tuple[int, ...]:
    """Return the hashes that pages with nearly the same words share; none where words are few.

    Args:
        text: the page as plain text.
        key: the key of the hashes.
    """
    words = syllables(fold(text))
    if len(words) < FEWEST_WORDS:
        return ()
    runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    numbers = {f"#{found}" for found in _DIGITS.findall(re.sub(r"(?<=\d)[.\s](?=\d)", "", text))}
    hashed = _minima([_hashed(each, key) for each in runs])
    hashed += sorted(_hashed(each, key) for each in numbers)[:_NUMBERS]
    return tuple(dict.fromkeys(hashed))


def _minima(hashes: Sequence[int]) -> list[int]:
    """Return the least of all hashes under each of several orders."""
    return [min(hashes, key=lambda each, mask=mask: each ^ mask) for mask in _MASKS]  # type: ignore[misc]


def _hashed(text: str, key: bytes) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=8, key=key[:64], person=b"sohoa page")
    return int.from_bytes(digest.digest(), "big", signed=True)


def _masks() -> Iterable[int]:
    for at in range(_MINIMA):
        digest = hashlib.blake2b(b"order %d" % at, digest_size=8).digest()
        yield int.from_bytes(digest, "big", signed=True)


_MASKS = tuple(_masks())

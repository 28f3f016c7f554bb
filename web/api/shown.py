"""Hands out what papers say: every text of a paper in an answer of the API passes here.

The one place where values are shortened or hidden for who may not see them whole. Originals and
searchable PDFs are handed out by the handlers of the reading room itself.
"""

from __future__ import annotations

from pipeline.model import Dossier, Finding, Word
from web.people.visits import Visit


class ShownText:
    """What one visitor is shown of one dossier.

    Args:
        visit: the visit of whoever asks.
        dossier: the dossier; None: it is known from the index alone.
    """

    def __init__(self, visit: Visit, dossier: Dossier | None) -> None:
        self._visit = visit
        self._dossier = dossier

    def text(self, text: str) -> str:
        """Return a text of the dossier: its title, name, snippet, or the reason of a page."""
        return text

    def value(self, field: str, finding: Finding) -> tuple[str, str]:
        """Return the value of a field, and how it was read.

        Args:
            field: the name of the field.
            finding: the value with its raw form.
        """
        return finding.value, finding.raw

    def words(self, words: tuple[Word, ...]) -> tuple[str, ...]:
        """Return the texts of the words of a page, as many as there are, in their order."""
        return tuple(word.text for word in words)

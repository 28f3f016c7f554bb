"""Defines the port of purposes: what somebody looks at the unmasked data of a dossier for.

It raises ``AccountsUnavailableError`` when the database is away, full or read-only.
"""

from __future__ import annotations

from typing import Protocol

from pipeline.model.people import Purpose, PurposeChoice


class Purposes(Protocol):
    """The purposes chosen in living sessions; each holds for one dossier and half an hour."""

    def choose(
        self, session: str, dossier: str, purpose: Purpose, file_number: str = ""
    ) -> PurposeChoice:
        """Keep what somebody looks at a dossier for, in place of what was chosen before.

        Args:
            session: the session's id.
            dossier: the dossier's id.
            purpose: the purpose.
            file_number: the number of the paper that asks for it; may be empty.

        Raises:
            SessionEndedError: the session has ended meanwhile.
        """
        ...

    def chosen(self, session: str, dossier: str) -> PurposeChoice | None:
        """Return what was chosen and still holds; None when nothing does."""
        ...

    def drop(self, session: str, dossier: str) -> None:
        """Forget what was chosen for a dossier; nothing is fine."""
        ...

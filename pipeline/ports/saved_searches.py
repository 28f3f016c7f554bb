"""Defines the port of saved searches: what somebody looks for again and again, under a name.

It raises ``AccountsUnavailableError`` when the database is away, full or read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

MOST_SAVED = 50  # searches of an account
LONGEST_SEARCH_NAME = 80


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search of somebody; nobody else ever sees it."""

    id: str
    name: str = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)  # as the search page takes them


class SavedSearches(Protocol):
    """The searches that people saved; names and words are encrypted where they lie."""

    def keep(self, account: str, name: str, parameters: Mapping[str, str]) -> SavedSearch:
        """Keep a search; one of the same name is replaced.

        Args:
            account: the account's id.
            name: how its owner calls it; cut to ``LONGEST_SEARCH_NAME``.
            parameters: the parameters of the search page.

        Raises:
            AccountRefusedError: the name is empty, or there are ``MOST_SAVED`` already.
        """
        ...

    def of(self, account: str) -> tuple[SavedSearch, ...]:
        """Return the searches of an account, by name."""
        ...

    def remove(self, account: str, search: str) -> bool:
        """Remove a search of an account; False when it has none of this id."""
        ...

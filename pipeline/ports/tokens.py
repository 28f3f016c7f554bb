"""Defines the port of API tokens, with which programs call under an account's name."""

from __future__ import annotations

from typing import Protocol

from pipeline.model.people import ApiToken, TokenRequest


class Tokens(Protocol):
    """API tokens, for machines."""

    def make(self, name: str, wanted: TokenRequest) -> tuple[ApiToken, str]:
        """Make a token; return it, and the text ``soh_<id>_<secret>``, which is kept nowhere.

        Raises:
            AccountMissingError: nobody has this name.
            AccountRefusedError: the account is closed, lacks a right or unit, or the right is not
                for tokens, or the days are not between 1 and 90.
        """
        ...

    def find(self, text: str) -> ApiToken | None:
        """Return the token of a text, and note that it was used; None: unknown, ended, revoked."""
        ...

    def of(self, name: str) -> tuple[ApiToken, ...]:
        """Return the tokens of an account, newest first. Raises ``AccountMissingError``."""
        ...

    def revoke(self, token: str) -> bool:
        """Make a token useless; False when there is none of this id."""
        ...

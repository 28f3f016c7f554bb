"""Defines the errors of accounts and of signing in.

AccountError
├── AccountRefusedError     as asked for, it may not be made or changed
├── AccountMissingError
├── WeakPasswordError
├── SignInRefusedError      says never which of name and password is wrong
├── SignInDelayedError      retryable after ``seconds``
├── SignInBusyError         retryable
└── SessionEndedError
"""

from __future__ import annotations

from pipeline.errors import SohoaError


class AccountError(SohoaError):
    """An account, a password or a session is not what is needed."""


class AccountRefusedError(AccountError):
    """An account cannot be made or changed in the way that was asked for."""

    http_status = 409


class AccountMissingError(AccountError):
    """Nobody has an account of this name. Told to administrators only."""

    http_status = 404


class WeakPasswordError(AccountError):
    """The password is too short, too long or too common."""

    http_status = 422


class SignInRefusedError(AccountError):
    """Name and password, or the code, are not those of an open account."""

    http_status = 401


class SignInDelayedError(AccountError):
    """Too many attempts failed before; ``seconds`` tells when the next is heard."""

    retryable = True
    http_status = 429

    def __init__(self, message: str, remedy: str = "", seconds: int = 1) -> None:
        super().__init__(message, remedy)
        self.seconds = seconds


class SignInBusyError(AccountError):
    """More people sign in at this moment than the machine hears."""

    retryable = True
    http_status = 429


class SessionEndedError(AccountError):
    """The session has ended, or this step is not its turn."""

    http_status = 401

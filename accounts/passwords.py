"""Hashes and compares passwords with argon2id (RFC 9106), a bounded number at a time."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from accounts.password_rules import LONGEST
from pipeline.people.errors import SignInBusyError
from pipeline.settings import AccountSettings
from pipeline.vietnamese.text import nfc

_PATIENCE = 3.0  # seconds that somebody waits for a place
_WAITING_STRANGERS, _WAITING_KNOWN = 8, 32  # each in a place for a fraction of a second


class Passwords:
    """Makes hashes and compares passwords with them; both take the same time, always."""

    def __init__(self, settings: AccountSettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.hash_passes,
            memory_cost=settings.hash_memory_mib * 1024,
            parallelism=1,  # the machine's processors are shared by those who sign in
            type=Type.ID,
        )
        self._nobodys = _hash_of_nothing(settings)

    def hash(self, password: str) -> str:
        """Return the hash of a password that ``check_password`` has let through."""
        return self._hasher.hash(nfc(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Tell whether a password is the one that was hashed.

        Args:
            kept: the hash; None is compared with nobody's, and takes as long.
            password: the password as typed.
        """
        composed = nfc(password[: LONGEST + 1])
        try:
            self._hasher.verify(kept or self._nobodys, composed.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None and len(composed) <= LONGEST

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with other settings than those of today."""
        return self._hasher.check_needs_rehash(kept)


def _hash_of_nothing(settings: AccountSettings) -> str:
    """Return a hash that no password has; comparing with it takes as long as with any other."""
    salt, made = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32)
    )
    cost = f"m={settings.hash_memory_mib * 1024},t={settings.hash_passes},p=1"
    return f"$argon2id$v=19${cost}${salt}${made}"


class HashingGate:
    """Lets few people at a time to where passwords are hashed, and turns the others away at once.

    A hash takes a tenth of a second of a processor and 64 MiB. One place is kept for people who
    come from a device they have signed in with before, and they have a waiting room of their own:
    strangers who try to sign in by the thousand fill neither.
    """

    def __init__(self, places: int) -> None:
        """Open a gate.

        Args:
            places: passwords that are hashed at the same time, at least 2.
        """
        self._places = threading.BoundedSemaphore(places)
        self._strangers = threading.BoundedSemaphore(places - 1)
        self._lock = threading.Lock()
        self._inside = {True: 0, False: 0}  # known or not: how many wait or hash
        self._most = {True: places + _WAITING_KNOWN, False: places + _WAITING_STRANGERS}

    @contextmanager
    def entered(self, *, is_known: bool) -> Iterator[None]:
        """Wait for a place, and give it back after the block.

        Args:
            is_known: the device is known.

        Raises:
            SignInBusyError: the waiting room is full, or no place became free in time.
        """
        with self._lock:
            if self._inside[is_known] >= self._most[is_known]:
                raise _busy()
            self._inside[is_known] += 1
        try:
            if is_known:
                with _place(self._places):
                    yield
            else:
                with _place(self._strangers), _place(self._places):
                    yield
        finally:
            with self._lock:
                self._inside[is_known] -= 1


@contextmanager
def _place(places: threading.BoundedSemaphore) -> Iterator[None]:
    if not places.acquire(timeout=_PATIENCE):
        raise _busy()
    try:
        yield
    finally:
        places.release()


def _busy() -> SignInBusyError:
    return SignInBusyError(
        "Đang có quá nhiều người đăng nhập cùng lúc.", "Chờ vài giây rồi đăng nhập lại."
    )

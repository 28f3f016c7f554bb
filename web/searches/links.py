"""Seals searches into values for addresses, so that history, logs and other people see no words.

The value is the search itself under AES-SIV (RFC 5297), with a key that follows from the secret of
the visit's session. So nothing is kept on the server, every process of the room can open it, back
and reload work, equal searches have equal addresses, and none outlives its session. Who has the
address alone learns about how long the search is, in steps of ``_STEP`` bytes.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from web.people.visits import Visit

LONGEST = 6_000  # characters of a sealed value; a text of 300 letters takes about 1,300
_STEP = 32
_PURPOSE = b"sohoa search links 1"

Seal = Callable[[Mapping[str, str]], str]


class SearchLinks:
    """Seals and opens searches; one for the application."""

    def __init__(self) -> None:
        self._own = secrets.token_bytes(32)  # of the demonstration, which has no sessions

    def sealer(self, visit: Visit) -> Seal:
        """Return what seals the parameters of a search for a visit."""
        cipher = self._cipher(visit)

        def seal(parameters: Mapping[str, str]) -> str:
            told = json.dumps(dict(parameters), ensure_ascii=False, separators=(",", ":")).encode()
            padded = told + b" " * (-len(told) % _STEP)
            return urlsafe_b64encode(cipher.encrypt(padded, None)).decode().rstrip("=")

        return seal

    def open(self, visit: Visit, sealed: str) -> dict[str, str] | None:
        """Return the parameters of a sealed search; None: it is not of this session, or spoiled."""
        try:
            value = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            found = json.loads(self._cipher(visit).decrypt(value, None))
        except (NotBase64Error, InvalidTag, ValueError):
            return None
        return {str(name): str(value) for name, value in found.items()}

    def _cipher(self, visit: Visit) -> AESSIV:
        secret = visit.secret.encode() if visit.session else self._own
        return AESSIV(hmac.digest(secret, _PURPOSE, "sha512"))

"""Names, reads and sets the cookies of signing in.

Over TLS each carries the prefix ``__Host-``: browsers take it over TLS alone and from no other
host. Over plain HTTP there are cookies for loopback only, where nobody listens on the way.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

SESSION, GUEST, DEVICE, PROVIDER = "sohoa", "sohoa-khach", "sohoa-may", "sohoa-oidc"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_DEVICE_SECONDS = 180 * 86_400
_PROVIDER_SECONDS = 600  # to sign in at the provider
LONGEST = 600  # characters of a value that is looked at
_RELAYED = frozenset({"forwarded", "via", "x-real-ip"})  # beside all that begin x-forwarded-


def is_relayed(request: Request) -> bool:
    """Tell whether a proxy shows that it asks for somebody else, who may sit anywhere.

    No browser speaks HTTP/1.0; reverse proxies do that are told nothing but where the room is,
    and such a one also writes the room's own address into ``Host``.
    """
    if request.scope.get("http_version") == "1.0":
        return True
    return any(name in _RELAYED or name.startswith("x-forwarded-") for name in request.headers)


class Cookies(NamedTuple):
    """The cookies of one request and of its answer."""

    request: Request

    @property
    def is_safe(self) -> bool:
        """Whether a cookie may travel: over TLS, or within this machine."""
        if self._is_tls:
            return True
        return self.request.url.hostname in _LOOPBACK and not is_relayed(self.request)

    @property
    def _is_tls(self) -> bool:
        return self.request.url.scheme == "https"

    def get(self, name: str) -> str:
        """Return the value of a cookie; empty when there is none, or none may be believed."""
        if not self.is_safe:
            return ""
        value = self.request.cookies.get(self._full(name), "")
        return value if len(value) <= LONGEST else ""

    def set(self, response: Response, name: str, value: str) -> None:
        """Set a cookie: of the session until the browser ends, of the device for half a year.

        Args:
            response: the answer that carries it.
            name: one of the names above.
            value: its value.
        """
        lasting = {DEVICE: _DEVICE_SECONDS, PROVIDER: _PROVIDER_SECONDS}
        response.set_cookie(
            self._full(name),
            value,
            max_age=lasting.get(name),
            path="/",
            secure=self._is_tls,
            httponly=True,
            samesite="lax",
        )

    def remove(self, response: Response, name: str) -> None:
        """Have the browser forget a cookie."""
        response.delete_cookie(
            self._full(name), path="/", secure=self._is_tls, httponly=True, samesite="lax"
        )

    def _full(self, name: str) -> str:
        return f"__Host-{name}" if self._is_tls else name

"""Signs people in through the office's OpenID provider: authorization code flow with PKCE.

OpenID Connect Core 1.0, RFC 7636 and RFC 9700: state and nonce belong to one browser, the token is
checked against the provider's keys, and only its ``sub`` with its issuer says who somebody is.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import authlib.deprecate  # noqa: F401 — sets how its warnings are shown, which is undone below
import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pipeline.errors import ServiceUnavailableError
from pipeline.model import PersonRole, ProvidedIdentity, Scope, Subject
from pipeline.people.errors import SignInRefusedError
from pipeline.settings import AccountSettings

with warnings.catch_warnings():  # it says once that a successor of httpx will come
    warnings.simplefilter("ignore")
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.httpx_client import OAuth2Client

log = logging.getLogger(__name__)

_SECONDS = 5.0  # for an answer of the provider
_TURN_SECONDS = 1.0  # that somebody waits while others wait for it
_AWAY_SECONDS = 15.0  # that it is not asked again after it did not answer
_MOST_AT_ONCE = 4  # people whose codes are exchanged: the others keep the room's threads
_KEPT_SECONDS = 3_600.0  # that its description and keys are believed
_LEEWAY = 120  # seconds by which its clock may differ
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # never "none", never a shared secret
_NO_PROVIDER = (httpx.HTTPError, httpx.InvalidURL, JoseError, KeyError, TypeError, ValueError)
EVERY_UNIT = "*"  # in the map of groups to units
_STRONG = frozenset({"mfa", "otp", "hwk", "fpt", "sc", "swk"})  # `amr`, RFC 8176


class ProviderUnavailableError(ServiceUnavailableError):
    """The office's OpenID provider does not answer, or not as one."""


class Pending(NamedTuple):
    """A sign-in that goes on at the provider; only the browser that began it keeps this."""

    state: str
    nonce: str
    verifier: str

    @property
    def cookie(self) -> str:
        """The value of the cookie."""
        return ".".join(self)

    @classmethod
    def of(cls, cookie: str) -> Pending | None:
        """Return what a cookie holds; None when it holds none."""
        parts = cookie.split(".")
        return cls(*parts) if len(parts) == len(cls._fields) and all(parts) else None


class Provider:
    """The office's OpenID provider."""

    def __init__(self, settings: AccountSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._exchanges = threading.BoundedSemaphore(_MOST_AT_ONCE)
        self._known: tuple[float, dict[str, Any], KeySet] | None = None
        self._failed: float | None = None  # when it last did not answer

    def begin(self, redirect: str) -> tuple[str, Pending]:
        """Return where the browser goes, and what it keeps meanwhile.

        Args:
            redirect: the address of this room to which the provider sends it back.

        Raises:
            ProviderUnavailableError: the provider does not answer.
        """
        pending = Pending(*(secrets.token_urlsafe(48) for _ in Pending._fields))
        described, _ = self._description()
        with self._client(redirect) as client:
            url, _ = client.create_authorization_url(
                described["authorization_endpoint"],
                state=pending.state,
                nonce=pending.nonce,
                code_verifier=pending.verifier,
            )
        return str(url), pending

    def finish(
        self, redirect: str, pending: Pending | None, state: str, code: str
    ) -> ProvidedIdentity:
        """Return whom the provider vouches for.

        Args:
            redirect: the address given at the beginning.
            pending: the sign-in as the browser kept it.
            state: the state that the provider sent back.
            code: the code that the provider gave to be exchanged for a token.

        Raises:
            ProviderUnavailableError: the provider does not answer.
            SignInRefusedError: the answer is not that of the sign-in that this browser began.
        """
        if pending is None or not code:
            raise _refused()
        if not secrets.compare_digest(pending.state.encode(), state.encode()):
            raise _refused()
        described, keys = self._description()
        try:
            with _turn(self._exchanges), self._client(redirect) as client:
                token = client.fetch_token(
                    described["token_endpoint"], code=code, code_verifier=pending.verifier
                )
        except AuthlibBaseError as error:
            log.warning("the OpenID provider refused a code: %s", error.error)
            raise _refused() from error
        except (httpx.HTTPError, httpx.InvalidURL, AttributeError, TypeError, ValueError) as error:
            raise _away() from error  # authlib takes for granted that an object is answered
        return self._identity(self._claims(token, keys, pending.nonce))

    def _claims(self, token: Mapping[str, Any], keys: KeySet, nonce: str) -> Mapping[str, Any]:
        """Return the claims of an ID token after every check (OpenID Connect Core, 3.1.3.7)."""
        rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._settings.oidc_issuer},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            claims = jwt.decode(str(token["id_token"]), keys, algorithms=_ALGORITHMS).claims
            rules.validate(claims)
        except (JoseError, KeyError, TypeError, ValueError) as error:
            log.warning("an ID token was refused: %s", type(error).__name__)
            raise _refused() from error
        return claims

    def _identity(self, claims: Mapping[str, Any]) -> ProvidedIdentity:
        settings = self._settings
        groups = claims.get(settings.oidc_groups_claim)
        groups = [groups] if isinstance(groups, str) else groups
        named = set(map(str, groups)) if isinstance(groups, list) else set()
        mapped = settings.oidc_roles.items()
        units = {unit for group, unit in settings.oidc_units.items() if group in named}
        sees_all = not settings.oidc_units or EVERY_UNIT in units
        methods = claims.get("amr") or ()
        return ProvidedIdentity(
            Subject(settings.oidc_issuer, str(claims["sub"])),
            name=str(claims.get("preferred_username") or claims["sub"]),
            roles=frozenset(PersonRole(role) for group, role in mapped if group in named),
            scope=Scope(None if sees_all else frozenset(units)),
            has_units=bool(settings.oidc_units),
            has_second_factor=isinstance(methods, list) and bool(_STRONG & set(map(str, methods))),
        )

    def _client(self, redirect: str) -> Any:
        return OAuth2Client(
            self._settings.oidc_client_id,
            self._settings.oidc_client_secret.get_secret_value(),
            scope="openid profile",
            redirect_uri=redirect,
            code_challenge_method="S256",
            timeout=_SECONDS,
        )

    def _description(self) -> tuple[dict[str, Any], KeySet]:
        """Return what the provider says of itself, and its keys (OpenID Connect Discovery 1.0)."""
        with _turn(self._lock):
            now = time.monotonic()
            if self._known and now - self._known[0] < _KEPT_SECONDS:
                return self._known[1:]
            if self._failed is not None and now - self._failed < _AWAY_SECONDS:
                raise _away()
            issuer = self._settings.oidc_issuer
            try:
                described = _described(issuer)
                keys = KeySet.import_key_set(_ask(described["jwks_uri"]))  # type: ignore[arg-type]
            except _NO_PROVIDER as error:
                log.warning("the OpenID provider is away: %s", type(error).__name__)
                self._failed = time.monotonic()
                raise _away() from error
            self._known = (time.monotonic(), described, keys)
            return described, keys


@contextmanager
def _turn(limit: threading.Lock | threading.BoundedSemaphore) -> Iterator[None]:
    """Enter a lock or semaphore within a second: who waits keeps a thread of the whole room.

    Raises:
        ProviderUnavailableError: others wait for the provider.
    """
    if not limit.acquire(timeout=_TURN_SECONDS):
        raise _away()
    try:
        yield
    finally:
        limit.release()


def _described(issuer: str) -> dict[str, Any]:
    """Return what the provider says of itself. Raises ``ValueError`` when it is another one."""
    described = _ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    needed = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
    if described.get("issuer") != issuer:
        raise ValueError("the description is not that of this issuer")
    if not all(isinstance(described.get(name), str) for name in needed):
        raise ValueError("the description lacks an address")
    return described


def _ask(url: str) -> dict[str, Any]:
    answer = httpx.get(url, timeout=_SECONDS)
    answer.raise_for_status()
    told = answer.json()
    if not isinstance(told, dict):
        raise ValueError("the answer is no object")  # noqa: TRY004 — what came is wrong, not a call
    return told


def _away() -> ProviderUnavailableError:
    return ProviderUnavailableError(
        "Hệ thống đăng nhập chung của cơ quan không trả lời.",
        "Thử lại sau ít phút, hoặc đăng nhập bằng tên và mật khẩu nếu bạn có.",
    )


def _refused() -> SignInRefusedError:
    return SignInRefusedError(
        "Lần đăng nhập qua cơ quan này không còn giá trị.", "Hãy bắt đầu lại từ trang đăng nhập."
    )

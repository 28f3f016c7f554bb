"""ID tokens of a provider whose clock differs from ours: by a minute is taken, by more is not."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from pipeline.people.errors import SignInRefusedError
from pipeline.settings import AccountSettings
from web.people.provider import Provider

ISSUER, NONCE = "https://sso.example", "nonce-of-this-browser"
KEY = RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture
def provider() -> Provider:
    return Provider(AccountSettings(oidc_issuer=ISSUER, oidc_client_id="sohoa"))


def token(**claims: object) -> dict[str, str]:
    """Return an answer with an ID token that is right but for what is named."""
    now = int(time.time())
    right: dict[str, object] = {"iss": ISSUER, "aud": "sohoa", "nonce": NONCE, "sub": "person-0001"}
    right |= {"iat": now, "exp": now + 300} | claims
    return {"id_token": jwt.encode({"alg": "RS256", "kid": "one"}, right, KEY)}


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_clock_that_is_off_by_a_minute_lets_people_in(provider: Provider, seconds: int) -> None:
    there = int(time.time()) + seconds
    for life in (300, 1):  # the shortest lives end while the browser comes back
        answer = token(iat=there, exp=there + life, nbf=there)
        assert provider._claims(answer, KeySet([KEY]), NONCE)["sub"] == "person-0001"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": timedelta(minutes=-10)},
        {"iat": timedelta(minutes=10)},
        {"nbf": timedelta(minutes=10)},
        {"iss": "https://evil.example"},
        {"aud": "another program"},
        {"nonce": "of another browser"},
        {"exp": None},
    ],
)
def test_a_token_of_another_time_or_for_somebody_else_is_refused(
    provider: Provider, claims: dict[str, object]
) -> None:
    now = time.time()  # of the test: it may run long after it was collected
    wrong = {
        name: int(now + each.total_seconds()) if isinstance(each, timedelta) else each
        for name, each in claims.items()
    }
    with pytest.raises(SignInRefusedError):
        provider._claims(token(**wrong), KeySet([KEY]), NONCE)


def test_a_token_that_another_key_signed_is_refused(provider: Provider) -> None:
    other = RSAKey.generate_key(2048, {"kid": "one"})
    with pytest.raises(SignInRefusedError):
        provider._claims(token(), KeySet([other]), NONCE)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_chooses_its_own_algorithm_is_refused(
    provider: Provider, algorithm: str
) -> None:
    head, body, _ = token()["id_token"].split(".")
    forged = {"none": "eyJhbGciOiJub25lIn0", "HS256": "eyJhbGciOiJIUzI1NiJ9"}[algorithm]
    assert head != forged
    with pytest.raises(SignInRefusedError):
        provider._claims({"id_token": f"{forged}.{body}."}, KeySet([KEY]), NONCE)

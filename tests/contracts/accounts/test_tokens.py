"""API tokens: shown once, never more than their account, and they end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import PersonRole, Right, Scope, TokenRequest
from pipeline.people.errors import AccountMissingError, AccountRefusedError
from pipeline.people.rights import rights_of
from pipeline.ports import Accounts
from tests.support.people import Clock, add_person

SEARCH = TokenRequest(frozenset({Right.SEARCH, Right.VIEW}), days=30, label="cổng thông tin")


def test_a_token_is_found_by_its_text_alone(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an", scope=Scope(units=frozenset({"H26", "H27"})))
    made, text = accounts.tokens.make("AN", replace(SEARCH, units=frozenset({"H26"})))
    assert text.startswith(f"soh_{made.id}_")
    clock.forward(minutes=5)
    found = accounts.tokens.find(text)
    assert found
    assert rights_of(found) == SEARCH.rights
    assert found.scope == Scope(units=frozenset({"H26"}))
    (listed,) = accounts.tokens.of("an")
    assert (listed.used, listed.label) == (clock(), "cổng thông tin")
    assert text not in repr(found) + repr(listed)


def test_a_wrong_text_opens_nothing(accounts: Accounts) -> None:
    add_person(accounts, "an")
    made, text = accounts.tokens.make("an", SEARCH)
    other, _ = accounts.tokens.make("an", SEARCH)
    wrong = [
        "", text[:-1], text + "A", text.upper(), f"soh_{other.id}_{text[-43:]}", made.id,
        f"soh_{made.id}_{'A' * 43}", f" {text}", text + "\n", "soh_\0_\ud800", "x" * 100_000,
    ]  # fmt: skip
    assert not any(map(accounts.tokens.find, wrong))


def test_a_token_ends(accounts: Accounts, clock: Clock) -> None:
    add_person(accounts, "an")
    _, text = accounts.tokens.make("an", SEARCH)
    clock.forward(days=30, seconds=-1)
    assert accounts.tokens.find(text)
    clock.forward(seconds=1)
    assert accounts.tokens.find(text) is None


def test_a_token_can_be_revoked(accounts: Accounts) -> None:
    add_person(accounts, "an")
    made, text = accounts.tokens.make("an", SEARCH)
    assert accounts.tokens.revoke(made.id)
    assert accounts.tokens.find(text) is None
    assert accounts.tokens.of("an")[0].is_revoked
    assert not accounts.tokens.revoke("0123456789abcdef")


def test_a_token_loses_what_its_account_loses(accounts: Accounts) -> None:
    add_person(accounts, "an")
    _, text = accounts.tokens.make("an", SEARCH)
    accounts.people.set_roles("an", frozenset({PersonRole.CLERK}), Scope(frozenset({"H26"})))
    found = accounts.tokens.find(text)
    assert found
    assert not rights_of(found)
    assert found.scope.units == frozenset({"H26"})
    accounts.people.set_disabled("an", is_disabled=True)
    assert accounts.tokens.find(text) is None
    with pytest.raises(AccountRefusedError):
        accounts.tokens.make("an", SEARCH)


@pytest.mark.parametrize(
    "wanted",
    [
        TokenRequest(frozenset()),
        TokenRequest(frozenset({Right.RETRY})),  # no right of the role
        TokenRequest(frozenset({Right.UNMASK})),  # asks for a second factor
        replace(SEARCH, days=0),
        replace(SEARCH, days=91),
        replace(SEARCH, units=frozenset({"H26", "H99"})),
    ],
    ids=["nothing", "foreign", "unmasking", "no time", "too long", "foreign unit"],
)
def test_a_token_never_does_more_than_it_may(accounts: Accounts, wanted: TokenRequest) -> None:
    scope = Scope(units=frozenset({"H26"}))
    role = PersonRole.RECORDS if Right.UNMASK in wanted.rights else PersonRole.READER
    add_person(accounts, "an", role, scope=scope)
    with pytest.raises(AccountRefusedError):
        accounts.tokens.make("an", wanted)
    assert accounts.tokens.of("an") == ()


def test_nobody_has_no_tokens(accounts: Accounts) -> None:
    for asked in (lambda: accounts.tokens.of("an"), lambda: accounts.tokens.make("an", SEARCH)):
        with pytest.raises(AccountMissingError):
            asked()

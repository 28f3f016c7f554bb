"""Signing in with name and password: equal words for all, forced change, secrets kept nowhere."""

from __future__ import annotations

import threading
import unicodedata

import pytest

from accounts import open_accounts
from pipeline.model import (
    NewAccount,
    PersonRole,
    ProvidedIdentity,
    Right,
    Scope,
    SignInStep,
    Subject,
    Visitor,
)
from pipeline.people.errors import (
    AccountRefusedError,
    SessionEndedError,
    SignInRefusedError,
    WeakPasswordError,
)
from pipeline.people.rights import rights_of
from pipeline.ports import Accounts
from tests.support.people import OWNER, PASSWORD, STRANGER, Place, add_person

NEW = "chiếc cầu tre lắc lẻo"


def refusal(accounts: Accounts, name: str, password: str) -> SignInRefusedError:
    with pytest.raises(SignInRefusedError) as caught:
        accounts.sign_ins.sign_in(name, password, STRANGER)
    return caught.value


def test_a_reader_signs_in_with_name_and_password(accounts: Accounts) -> None:
    account = add_person(accounts, "Lan.Anh")
    begun = accounts.sign_ins.sign_in("lan.anh", PASSWORD, OWNER)
    assert begun.session.step is SignInStep.DONE
    assert begun.session.account.id == account.id
    assert begun.device, "the browser is known from now on"
    found = accounts.sessions.find(begun.secret)
    assert found is not None
    assert rights_of(found) == {Right.SEARCH, Right.VIEW}
    assert (found.address, found.agent) == (OWNER.address, OWNER.agent)
    assert accounts.people.named("LAN.ANH").signed_in is not None


def test_marks_may_be_typed_in_either_way(accounts: Accounts) -> None:
    new = NewAccount("Thủy", frozenset({PersonRole.READER}))
    accounts.people.add(new, unicodedata.normalize("NFD", PASSWORD), must_change=False)
    name = unicodedata.normalize("NFD", "thủy")
    assert accounts.sign_ins.sign_in(name, unicodedata.normalize("NFC", PASSWORD), OWNER)


def test_a_refusal_never_says_why(accounts: Accounts) -> None:
    add_person(accounts, "an")
    add_person(accounts, "closed")
    accounts.people.set_disabled("closed", is_disabled=True)
    provided = NewAccount("provided", frozenset({PersonRole.READER}), subject=Subject("i", "s"))
    accounts.people.add(provided, "", must_change=False)
    told = {
        str(refusal(accounts, name, password))
        for name, password in [
            ("an", "wrong password"),
            ("nobody", PASSWORD),
            ("closed", PASSWORD),
            ("closed", "wrong password"),
            ("provided", ""),
        ]
    }
    assert len(told) == 1


@pytest.mark.parametrize(
    "name",
    ["", " ", "a\0b", "\ud800", "x" * 1_000_000, "'; DROP TABLE accounts; --", "an\n", "%", "🏛"],
    ids=["empty", "blank", "nul", "surrogate", "long", "sql", "line", "wildcard", "emoji"],
)
def test_any_name_and_password_are_answered(accounts: Accounts, name: str) -> None:
    add_person(accounts, "an")
    assert refusal(accounts, name, name)
    assert refusal(accounts, "anh", name)


def test_a_first_password_must_be_changed_before_anything_else(accounts: Accounts) -> None:
    add_person(accounts, "an", must_change=True)
    elsewhere = accounts.sign_ins.sign_in("an", PASSWORD, STRANGER)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    assert begun.session.step is SignInStep.PASSWORD
    assert not begun.device
    assert not rights_of(begun.session)

    done = accounts.sign_ins.change_password(begun.secret, PASSWORD, NEW, OWNER)
    assert rights_of(done.session)
    assert accounts.sessions.find(begun.secret) is None, "the secret from before is worth nothing"
    assert accounts.sessions.find(elsewhere.secret) is None
    assert refusal(accounts, "an", PASSWORD)
    again = accounts.sign_ins.sign_in("an", NEW, OWNER)
    assert again.session.step is SignInStep.DONE


@pytest.mark.parametrize("new", [PASSWORD, "ngắn", "matkhau123456", "x" * 300, "an.binh.an.binh"])
def test_a_bad_new_password_changes_nothing(accounts: Accounts, new: str) -> None:
    add_person(accounts, "an.binh", must_change=True)
    begun = accounts.sign_ins.sign_in("an.binh", PASSWORD, OWNER)
    with pytest.raises(WeakPasswordError):
        accounts.sign_ins.change_password(begun.secret, PASSWORD, new, OWNER)
    assert accounts.sessions.find(begun.secret)
    assert accounts.sign_ins.sign_in("an.binh", PASSWORD, OWNER)


def test_changing_asks_for_the_old_password(accounts: Accounts) -> None:
    add_person(accounts, "an")
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    with pytest.raises(SignInRefusedError):
        accounts.sign_ins.change_password(begun.secret, "wrong password", NEW, OWNER)
    with pytest.raises(SessionEndedError):
        accounts.sign_ins.change_password("no such session", PASSWORD, NEW, OWNER)


def test_of_two_changes_at_once_one_counts(accounts: Accounts) -> None:
    add_person(accounts, "an")
    secrets = [accounts.sign_ins.sign_in("an", PASSWORD, OWNER).secret for _ in range(2)]
    news, done = [f"{NEW} {number}" for number in range(2)], []

    def change(secret: str, new: str) -> None:
        try:
            accounts.sign_ins.change_password(secret, PASSWORD, new, OWNER)
        except (SessionEndedError, SignInRefusedError):
            return
        done.append(new)

    pairs = zip(secrets, news, strict=True)
    threads = [threading.Thread(target=change, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (counts,) = done
    assert accounts.sign_ins.sign_in("an", counts, OWNER)


def test_a_hash_of_weaker_settings_is_made_anew(place: Place, accounts: Accounts) -> None:
    add_person(accounts, "an")
    stronger = place.settings.model_copy(update={"hash_passes": 3})
    other = open_accounts(stronger, place.home, place.clock)
    place.opened.append(other)
    assert other.sign_ins.sign_in("an", unicodedata.normalize("NFD", PASSWORD), OWNER)
    assert accounts.sign_ins.sign_in("an", PASSWORD, OWNER), "either settings read it"


def test_a_provider_is_known_by_subject_and_issuer(accounts: Accounts) -> None:
    add_person(accounts, "an")
    reader = frozenset({PersonRole.READER})
    first = ProvidedIdentity(Subject("https://idp", "17"), "an", reader)
    begun = accounts.sign_ins.sign_in_by_provider(first, OWNER)
    assert begun.session.account.name == "an-2", "a name opens nobody's account"
    renamed = ProvidedIdentity(Subject("https://idp", "17"), "bình", reader)
    again = accounts.sign_ins.sign_in_by_provider(renamed, Visitor("192.0.2.99"))
    assert again.session.account.id == begun.session.account.id
    other = ProvidedIdentity(Subject("https://other", "17"), "an", reader)
    third = accounts.sign_ins.sign_in_by_provider(other, OWNER)
    assert third.session.account.id != begun.session.account.id

    with pytest.raises(SignInRefusedError):
        nothing = ProvidedIdentity(Subject("https://idp", "18"), "an", frozenset())
        accounts.sign_ins.sign_in_by_provider(nothing, OWNER)
    accounts.people.set_disabled("an-2", is_disabled=True)
    with pytest.raises(SignInRefusedError):
        accounts.sign_ins.sign_in_by_provider(first, OWNER)


def test_a_provider_gives_roles_and_never_a_wider_scope(accounts: Accounts) -> None:
    reader = frozenset({PersonRole.READER})
    known = ProvidedIdentity(Subject("https://idp", "17"), "an", reader)
    accounts.sign_ins.sign_in_by_provider(known, OWNER)
    of_one_unit = Scope(units=frozenset({"UBND xã Mẫu"}))
    accounts.people.set_roles("an", reader, of_one_unit)
    signed = accounts.sign_ins.sign_in_by_provider(known, OWNER)
    assert signed.session.account.scope == of_one_unit
    clerk = ProvidedIdentity(known.subject, "an", frozenset({PersonRole.CLERK}))
    account = accounts.sign_ins.sign_in_by_provider(clerk, OWNER).session.account
    assert (account.roles, account.scope) == (clerk.roles, of_one_unit)


def test_who_left_all_groups_at_the_provider_is_out_at_once(accounts: Accounts) -> None:
    known = ProvidedIdentity(Subject("https://idp", "17"), "an", frozenset({PersonRole.READER}))
    signed = accounts.sign_ins.sign_in_by_provider(known, OWNER)
    assert accounts.sessions.find(signed.secret)
    with pytest.raises(SignInRefusedError):
        left = ProvidedIdentity(known.subject, "an", frozenset())
        accounts.sign_ins.sign_in_by_provider(left, OWNER)
    assert accounts.sessions.find(signed.secret) is None


def test_a_provider_may_vouch_for_the_second_factor(accounts: Accounts) -> None:
    records = frozenset({PersonRole.RECORDS})
    for vouched, step in ((True, SignInStep.DONE), (False, SignInStep.ENROLMENT)):
        identity = ProvidedIdentity(
            Subject("https://idp", f"{vouched}"), "an", records, has_second_factor=vouched
        )
        assert accounts.sign_ins.sign_in_by_provider(identity, OWNER).session.step is step


def test_a_linked_account_signs_in_both_ways(accounts: Accounts) -> None:
    account = add_person(accounts, "an")
    add_person(accounts, "bình")
    subject = Subject("https://idp", "17")
    assert accounts.people.link("an", subject).subject == subject
    identity = ProvidedIdentity(subject, "whoever", account.roles)
    assert accounts.sign_ins.sign_in_by_provider(identity, OWNER).session.account.id == account.id
    assert accounts.sign_ins.sign_in("an", PASSWORD, OWNER).session.account.id == account.id
    with pytest.raises(AccountRefusedError):
        accounts.people.link("bình", subject)

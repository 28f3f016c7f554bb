"""Saved searches are their owner's alone, encrypted where they lie, and end with the key."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from accounts import replace_key
from accounts.database import open_database
from pipeline.people.errors import AccountRefusedError
from pipeline.ports import Accounts
from pipeline.ports.saved_searches import MOST_SAVED
from tests.support.people import Place, add_person

WORDS = {"q": "Nguyễn Đình Toàn", "nhan-tu": "2026-03-02"}


def test_another_process_lists_them_by_name_and_one_is_removed(place: Place) -> None:
    accounts, other = place.open(), place.open()
    an = add_person(accounts, "an").id
    kept = accounts.searches.keep(an, "  khai   sinh ", WORDS)
    accounts.searches.keep(an, "đất", {"loai": "Quyết định"})
    found = other.searches.of(an)
    assert [one.name for one in found] == ["khai sinh", "đất"]
    assert found[0] == kept
    assert found[0].parameters == WORDS
    assert other.searches.remove(an, kept.id)
    assert not other.searches.remove(an, kept.id)
    assert [one.name for one in accounts.searches.of(an)] == ["đất"]


def test_the_same_name_is_replaced(accounts: Accounts) -> None:
    an = add_person(accounts, "an").id
    accounts.searches.keep(an, "Đất", {"q": "một"})
    accounts.searches.keep(an, "đất", {"q": "hai"})
    (only,) = accounts.searches.of(an)
    assert (only.name, only.parameters) == ("đất", {"q": "hai"})


def test_nobody_sees_or_removes_those_of_others(accounts: Accounts) -> None:
    an, binh = (add_person(accounts, name).id for name in ("an", "binh"))
    kept = accounts.searches.keep(an, "đất", WORDS)
    assert accounts.searches.of(binh) == ()
    assert not accounts.searches.remove(binh, kept.id)
    assert accounts.searches.of(an) == (kept,)
    assert "Toàn" not in repr(kept)


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_search_without_a_name_is_refused(accounts: Accounts, name: str) -> None:
    an = add_person(accounts, "an").id
    with pytest.raises(AccountRefusedError):
        accounts.searches.keep(an, name, WORDS)


def test_there_is_an_end_to_them_even_when_many_come_at_once(accounts: Accounts) -> None:
    an = add_person(accounts, "an").id
    for number in range(MOST_SAVED - 2):
        accounts.searches.keep(an, f"{number}", WORDS)
    refused = []

    def keep(name: str) -> None:
        try:
            accounts.searches.keep(an, name, WORDS)
        except AccountRefusedError:
            refused.append(name)

    threads = [threading.Thread(target=keep, args=(f"thêm {at}",)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert len(accounts.searches.of(an)) == MOST_SAVED
    assert len(refused) == 4


def test_the_database_holds_neither_name_nor_words(place: Place) -> None:
    accounts = place.open()
    accounts.searches.keep(add_person(accounts, "an").id, "Hồ sơ ông Toàn", WORDS)
    database = open_database(place.settings, place.home)
    with database.reading() as connection:
        (row,) = connection.execute(text("SELECT * FROM saved_searches")).all()
    database.close()
    assert not [word for word in ("Toàn", "Nguy", "nhan-tu") if word in str(tuple(row))]


def test_a_lost_key_loses_them_and_nothing_fails(place: Place) -> None:
    accounts = place.open()
    an = add_person(accounts, "an").id
    accounts.searches.keep(an, "đất", WORDS)
    place.close()
    (place.home / "keys" / "accounts").unlink()
    replace_key(place.settings, place.home)
    accounts = place.open()
    assert accounts.searches.of(an) == ()
    accounts.searches.keep(an, "đất", WORDS)
    assert len(accounts.searches.of(an)) == 1

"""The review queue in SQLite and PostgreSQL: order, leases that no two people share, skips."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, text

from accounts import open_review
from accounts.database import open_database
from accounts.review.queue import FILE, ReviewStore
from pipeline.model import Scope
from pipeline.review.item_names import PAGE, ItemName, ScopeKeys, Wanted, rank_of_kind
from pipeline.review.items import ReviewItem, SampleAnswer
from tests.support.people import Place

pytestmark = pytest.mark.slow

LASTING = timedelta(minutes=10)
SCAN = "5c" * 32
DAY = datetime(2026, 1, 5, tzinfo=UTC)


def item(number: int, field: str = "number", confidence: float = 0.5) -> ReviewItem:
    dossier, rank = f"{number:022x}", rank_of_kind(field)
    since = DAY + timedelta(days=number)
    return ReviewItem(
        dossier, SCAN, 1, field, 2, 1, rank, confidence, since, False, "Bạch Mai", "máy 1"
    )


def fill(store: ReviewStore, *items: ReviewItem, sequence: int = 2) -> None:
    for dossier in dict.fromkeys(each.dossier for each in items):
        store.replace(dossier, sequence, [one for one in items if one.dossier == dossier], [])


@pytest.fixture
def store(place: Place) -> Iterator[ReviewStore]:
    place.open()  # its schema
    opened = open_review(place.settings, place.home, place.clock)
    yield opened
    opened.close()


def test_kinds_come_first_then_doubt_then_age(store: ReviewStore) -> None:
    wanted = [
        item(9, "dossier_code", 0.7),
        item(8, "full_name", 0.7),
        item(7, "number", 0.2),
        item(5, "number", 0.6),
        item(6, "number", 0.6),
        item(4, "received_on", 0.1),
        item(3, "summary", 0.1),
    ]
    fill(store, *reversed(wanted))
    assert store.waiting(99) == (7, tuple(wanted))
    assert store.waiting(2) == (7, tuple(wanted[:2]))


def test_two_people_never_get_the_same_until_a_lease_ends(place: Place, store: ReviewStore) -> None:
    fill(store, item(1), item(2))
    other_room = open_review(place.settings, place.home, place.clock)
    one, two = store.take("lan", LASTING), other_room.take("mai", LASTING)
    assert (one, two) == (item(1), item(2))
    assert store.take("lan", LASTING) == one, "who has one is given it again"
    assert other_room.take("cúc", LASTING) is None
    assert store.holder(item(1)) == "lan"
    place.clock.forward(minutes=9)
    assert store.take("cúc", LASTING) is None
    place.clock.forward(minutes=2)  # of somebody who went home, or whose room was killed
    assert (store.holder(item(1)), store.take("cúc", LASTING)) == ("", item(1))
    other_room.close()


def test_many_rooms_at_once_give_each_item_to_one_person(place: Place, store: ReviewStore) -> None:
    fill(store, *(item(number) for number in range(30)))
    rooms = [open_review(place.settings, place.home, place.clock) for _ in range(3)]
    got: list[ReviewItem] = []
    start = threading.Barrier(6)

    def ask(number: int) -> None:
        start.wait(timeout=300)
        for turn in range(5):
            if taken := rooms[number % 3].take(f"người {number} {turn}", LASTING):
                got.append(taken)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert sorted(got) == sorted(item(number) for number in range(30))
    for room in rooms:
        room.close()


def test_what_is_given_back_is_free_and_what_is_skipped_is_for_others(store: ReviewStore) -> None:
    fill(store, item(1))
    assert store.take("lan", LASTING)
    store.give_back(item(1), "mai")  # who does not have it
    assert store.take("mai", LASTING) is None
    store.give_back(item(1), "lan")
    assert store.take("mai", LASTING) == item(1)
    for _ in range(2):
        store.skip(item(1), "mai", "mờ quá")
    assert store.take("mai", LASTING) is None
    assert store.take("lan", LASTING) == item(1)


def test_a_newer_record_replaces_an_older_one_and_never_the_other_way(store: ReviewStore) -> None:
    fill(store, item(1), item(1, "summary"))
    assert store.take("lan", LASTING) == item(1)
    fill(store, item(1)._replace(sequence=3), sequence=3)
    fill(store, item(1, "issuer"), sequence=2)
    assert store.waiting(9) == (1, (item(1)._replace(sequence=3),))
    assert store.holder(item(1)) == "lan", "what stays, stays leased"
    assert store.sequences() == {item(1).dossier: 3}


def test_what_stays_is_known_by_its_page_of_a_scan(store: ReviewStore) -> None:
    fill(store, item(1))
    moved = item(1)._replace(page=2, sequence=3)
    other = moved._replace(page=1, number=2)
    assert store.take("lan", LASTING) == item(1)
    fill(store, moved, other, sequence=3)
    assert (store.holder(moved), store.holder(other)) == ("lan", "")
    store.skip(moved, "lan", "mờ quá")
    assert store.take("lan", LASTING) == other


def test_tables_of_another_shape_give_way(place: Place, store: ReviewStore) -> None:
    with closing(open_database(place.settings, place.home, FILE)) as database:
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE review_items (dossier VARCHAR, page INTEGER)"))
            connection.execute(text("CREATE INDEX review_order ON review_items (page)"))
        again = open_review(place.settings, place.home, place.clock)
        fill(again, item(1))
        assert again.waiting(9) == (1, (item(1),))
        again.close()
        with database.reading() as connection:
            assert not inspect(connection).has_table("review_items")


def test_somebody_is_given_and_told_of_their_own_dossiers_alone(store: ReviewStore) -> None:
    belongs = {
        1: ScopeKeys(frozenset({"bach mai"}), frozenset({"Đơn"})),
        2: ScopeKeys(frozenset({"bach mai", "h26.1.2"}), frozenset({"Tờ khai", "Đơn"})),
        3: ScopeKeys(),
    }
    for number, keys in belongs.items():
        answer = SampleAnswer(f"{number:022x}", SCAN, 1, "symbol", False, "", "")
        store.replace(f"{number:022x}", 2, [item(number), item(number, PAGE)], [answer], keys)
    everything = {1, 2, 3}
    for scope, theirs in (
        (Scope(), everything),
        (Scope(units=frozenset({"BẠCH MAI"})), {1, 2}),
        (Scope(units=frozenset({"H26.1.2"})), {2}),
        (Scope(document_types=frozenset({"Tờ khai"})), {2}),
        (Scope(frozenset({"Bạch Mai"}), frozenset({"Khác"})), set()),
        (Scope(units=frozenset()), set()),
        (Scope(levels=frozenset({"withheld"})), set()),
        (Scope(levels=frozenset({"open"})), everything),
    ):
        wanted, given = Wanted(scope), set()
        while taken := store.take("lan", LASTING, wanted):
            given.add(int(taken.dossier, 16))
            name = ItemName(taken.dossier, 99, taken.page, taken.field)
            wanted = wanted._replace(besides=(*wanted.besides, name))
        assert given == theirs, scope
        assert store.counted("mai", Wanted(scope)) == (len(theirs), len(theirs))
        assert store.counts(scope)[0] == ("all", "", len(theirs), len(theirs))
        store.give_back(None, "lan")


def test_what_is_forgotten_may_come_again_with_a_lower_number(store: ReviewStore) -> None:
    answer = SampleAnswer(item(1).dossier, SCAN, 1, "symbol", False, "", "")
    store.replace(item(1).dossier, 5, [item(1)], [answer], ScopeKeys(frozenset({"bach mai"})))
    fill(store, item(2))
    assert store.take("lan", LASTING) == item(1)
    store.forget([])
    store.forget([item(1).dossier, *(f"{number:022x}" for number in range(100, 1_200))])
    assert store.sequences() == {item(2).dossier: 2}
    assert (store.waiting(9), store.counts()) == ((1, (item(2),)), [("all", "", 0, 0)])
    fill(store, item(1), sequence=3)
    assert store.sequences()[item(1).dossier] == 3
    assert store.holder(item(1)) == ""
    assert store.counted("lan", Wanted(Scope(units=frozenset({"Bạch Mai"})))) == (0, 0)


def test_one_item_is_claimed_unless_somebody_else_has_it(place: Place, store: ReviewStore) -> None:
    fill(store, item(1), item(2, "summary"))
    assert store.claim(item(2, "summary"), "mai", LASTING)
    assert not store.claim(item(2, "summary"), "lan", LASTING)
    assert not store.claim(item(3), "lan", LASTING), "there is none"
    place.clock.forward(minutes=11)
    assert store.claim(item(2, "summary"), "lan", LASTING)
    only = Wanted(dossier=item(2).dossier, without=frozenset({"summary"}))
    assert store.take("cúc", LASTING, only) is None
    store.skip(item(1), "lan", "")
    assert store.counted("lan") == (1, 0)
    assert store.unskip(item(1), "lan") and not store.unskip(item(1), "lan")
    assert store.counted("lan") == (2, 0)


def test_answers_are_counted_by_field_unit_and_scanner(store: ReviewStore) -> None:
    assert store.counts() == [("all", "", 0, 0)]
    for number, is_right in enumerate((True, True, False)):
        dossier, field = f"{number:022x}", "number" if number else "summary"
        answer = SampleAnswer(dossier, SCAN, 1, field, is_right, "Bạch Mai", f"máy {number % 2}")
        store.replace(dossier, 1, [], [answer])
    assert store.counts() == [
        ("all", "", 3, 1),
        ("field", "number", 2, 1),
        ("field", "summary", 1, 0),
        ("unit", "Bạch Mai", 3, 1),
        ("scanner", "máy 0", 2, 1),
        ("scanner", "máy 1", 1, 0),
    ]

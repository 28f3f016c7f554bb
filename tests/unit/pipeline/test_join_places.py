"""A later drop goes where a person says: in a page's place, behind one, at the end; and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.corrections import Joined, JoinPlace, JoinWhere
from pipeline.errors import CorrectionRefusedError, WithheldError
from pipeline.model import Dossier
from pipeline.versions import Act
from tests.support.drops import CODE, Office

LAN = Act("lan", "quét lại")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def two(office: Office, again: str = "trang hai mới") -> tuple[str, str]:
    """A dossier of three pages, and a later drop of its code."""
    older = office.drops(f"{CODE}.pdf", "một\nhai\nba").dossier
    office.digitises_all()
    newer = office.drops(f"{CODE} trang 2 quét lại.pdf", again).dossier
    office.digitises_all()
    assert older
    assert newer
    return older, newer


def published(office: Office, done: Joined) -> None:
    """Bring both to the index, as whoever decides does."""
    for record in (done.older, done.newer):
        stages.publish(record, office.archive, office.index)


def told(office: Office, dossier: str) -> list[str]:
    """Return which page of which dossier each page is, once all was read again."""
    office.digitises_all()
    now: Dossier = office.newest(dossier).dossier
    first = now.scans[0].sha256
    return [f"{'cũ' if note.scan == first else 'mới'} {note.number}" for note in now.pages]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (JoinPlace(JoinWhere.INSTEAD, 2), ["cũ 1", "mới 1", "cũ 3"]),
        (JoinPlace(JoinWhere.BEHIND, 1), ["cũ 1", "mới 1", "cũ 2", "cũ 3"]),
        (JoinPlace(JoinWhere.BEHIND, 3), ["cũ 1", "cũ 2", "cũ 3", "mới 1"]),
        (JoinPlace(JoinWhere.END), ["cũ 1", "cũ 2", "cũ 3", "mới 1"]),
    ],
)
def test_pages_go_where_a_person_says_and_come_back(
    office: Office, place: JoinPlace, expected: list[str]
) -> None:
    older, newer = two(office)
    published(office, corrections.join_at(newer, older, place, office.archive, LAN))
    assert told(office, older) == expected
    assert office.newest(newer).dossier.joined_into == older
    published(office, corrections.part_again(newer, office.archive, LAN))
    assert told(office, older) == ["cũ 1", "cũ 2", "cũ 3"]
    assert office.newest(newer).dossier.proposed_join == older, "somebody decides again"
    office.assert_nothing_differs()


def test_several_pages_behind_one(office: Office) -> None:
    older, newer = two(office, "x\ny")
    with pytest.raises(CorrectionRefusedError, match="2 trang"):
        corrections.join_at(newer, older, JoinPlace(JoinWhere.INSTEAD, 2), office.archive, LAN)
    assert office.newest(newer).dossier.joined_into is None, "nothing was half done"
    corrections.join_at(newer, older, JoinPlace(JoinWhere.BEHIND, 2), office.archive, LAN)
    assert told(office, older) == ["cũ 1", "cũ 2", "mới 1", "mới 2", "cũ 3"]


@pytest.mark.parametrize("page", [0, 4])
def test_a_page_that_is_not_there(office: Office, page: int) -> None:
    older, newer = two(office)
    with pytest.raises(CorrectionRefusedError, match="không có trang"):
        corrections.join_at(newer, older, JoinPlace(JoinWhere.BEHIND, page), office.archive, LAN)


def test_a_version_that_changed_since_is_told(office: Office) -> None:
    older, newer = two(office)
    seen = office.newest(older).sequence
    target = corrections.PageSeen(older, 1)
    corrections.turn_page(target, 90, office.archive, Act("mai"))
    office.digitises_all()
    place = JoinPlace(JoinWhere.END, seen=seen)
    with pytest.raises(CorrectionRefusedError):
        corrections.join_at(newer, older, place, office.archive, LAN)


def test_fronts_and_backs_go_sheet_by_sheet(office: Office) -> None:
    fronts = office.drops("mặt trước.pdf", "t1\nt2\nt3").dossier
    backs = office.drops("mặt sau.pdf", "s3\ns2\ns1").dossier
    office.digitises_all()
    assert fronts
    assert backs
    published(office, corrections.join_sides(fronts, backs, office.archive, LAN))
    assert told(office, fronts) == ["cũ 1", "mới 3", "cũ 2", "mới 2", "cũ 3", "mới 1"]
    with pytest.raises(CorrectionRefusedError):
        other = office.drops("x.pdf", "a\nb\nc").dossier
        assert other
        corrections.join_sides(fronts, other, office.archive, LAN)
    published(office, corrections.part_again(backs, office.archive, LAN))
    assert told(office, fronts) == ["cũ 1", "cũ 2", "cũ 3"]
    office.assert_nothing_differs()


def test_passes_of_unequal_length_are_told(office: Office) -> None:
    fronts, backs = (office.drops(f"{n}.pdf", text).dossier for n, text in ((1, "a\nb"), (2, "c")))
    office.digitises_all()
    assert fronts
    assert backs
    with pytest.raises(CorrectionRefusedError, match="Mặt trước có 2 trang, mặt sau 1"):
        corrections.join_sides(fronts, backs, office.archive, LAN)


@pytest.mark.parametrize("held", [0, 1])
@pytest.mark.parametrize("where", [JoinWhere.INSTEAD, JoinWhere.BEHIND])
def test_a_refusal_never_tells_the_pages_of_a_withheld_dossier(
    office: Office, where: JoinWhere, held: int
) -> None:
    older, newer = two(office)
    office.withholds((older, newer)[held])
    with pytest.raises(WithheldError):
        corrections.join_at(newer, older, JoinPlace(where, 99), office.archive, LAN)

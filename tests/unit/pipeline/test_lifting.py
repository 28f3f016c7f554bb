"""Lifting what is withheld takes two people with the right, a reason, an unchanged dossier."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline import corrections
from pipeline.access import may_hand_out
from pipeline.errors import (
    CorrectionRefusedError,
    ObjectExistsError,
    ObjectMissingError,
    SohoaError,
    WithheldError,
)
from pipeline.model import Account, PersonRole, Record, Scope
from pipeline.people import lifting
from pipeline.people.lifting import standing_proposal
from pipeline.versions import Act, keep_next
from tests.support.drops import CODE, Office
from tests.support.officers import Officers

WHY = "Quyết định giải mật số 3 ngày 02/11/2026"


class Case(NamedTuple):
    """A withheld dossier that Lan proposed to let go, and Hòa who is to decide."""

    office: Office
    officers: Officers
    dossier: str
    lan: Account
    hoa: Account

    @property
    def newest(self) -> Record:
        return self.office.newest(self.dossier)

    def propose(self, by: Account | None = None, why: str = WHY) -> Record:
        return lifting.propose(self.dossier, self.office.archive, by or self.lan, why)

    def approve(self, by: Account | None = None, seen: int = 0) -> Record:
        people, seen = self.officers.people, seen or self.newest.sequence
        return lifting.approve(self.dossier, self.office.archive, people, by or self.hoa, seen=seen)

    def refuse(self, by: Account) -> Record:
        return lifting.refuse(self.dossier, self.office.archive, by, seen=self.newest.sequence)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    office, officers = Office(tmp_path), Officers()
    dossier = office.drops(CODE, {"01.pdf": "MẬT\ngiấy thứ nhất"}).dossier
    assert dossier
    office.digitises_all()
    assert not may_hand_out(office.newest(dossier))
    return Case(office, officers, dossier, officers.add("Lan"), officers.add("Hòa"))


def test_one_proposes_another_approves_and_it_is_read_and_found(case: Case) -> None:
    proposed = case.propose()
    assert not may_hand_out(proposed)
    standing = standing_proposal(proposed)
    assert standing
    assert (standing.by, standing.account, standing.why) == ("Lan", case.lan.id, WHY)
    lifted = case.approve()
    assert (lifted.actor, lifted.approved_by, lifted.reason) == ("Lan", "Hòa", WHY)
    assert lifted.dossier.proposed_lift is None
    case.office.digitises_all()
    assert may_hand_out(case.newest)
    assert case.newest.dossier.outcome is not None
    case.office.assert_nothing_differs()


def test_nobody_approves_what_they_proposed_under_whatever_name(case: Case) -> None:
    case.propose()
    for same in (
        case.lan,
        replace(case.lan, name="Lan Hương"),  # the account has another name now
        replace(case.lan, id="another", name="LAN"),  # or somebody is called alike
        replace(case.lan, id="another", name=" lan "),
    ):
        with pytest.raises(WithheldError, match="hai người"):
            case.approve(same)
    assert not may_hand_out(case.newest)


@pytest.mark.parametrize(
    "change",
    [
        {"is_disabled": True},
        {"roles": frozenset({PersonRole.READER})},
        {"scope": Scope(frozenset({"Đơn vị khác"}))},
        {"id": "ffff"},  # removed, and made anew for somebody else
    ],
)
@pytest.mark.parametrize("who", ["Lan", "Hòa"])
def test_both_must_have_the_right_when_it_is_decided(
    case: Case, who: str, change: dict[str, object]
) -> None:
    case.propose()
    case.officers.change(who, **change)
    if who == "Hòa" and "id" in change:
        return  # it is her account that acts, whatever its id
    with pytest.raises(SohoaError) as refused:
        case.approve(case.officers.named("Hòa"))
    assert not may_hand_out(case.newest)
    expected = CorrectionRefusedError if who == "Lan" else WithheldError | ObjectMissingError
    assert isinstance(refused.value, expected)


def test_whose_account_is_gone_proposes_nothing_any_more(case: Case) -> None:
    case.propose()
    del case.officers.known["lan"]
    with pytest.raises(CorrectionRefusedError, match="không còn quyền"):
        case.approve()
    case.refuse(case.hoa)
    case.propose(case.hoa)


def test_whatever_changes_the_dossier_ends_the_proposal(case: Case) -> None:
    seen = case.propose().sequence
    record = case.newest
    grown = replace(record.dossier, name="thêm giấy")
    keep_next(record, grown, "received", case.office.archive)
    with pytest.raises(ObjectExistsError):
        case.approve(seen=seen)
    with pytest.raises(CorrectionRefusedError, match="không có đề nghị"):
        case.approve()
    case.propose()
    assert may_hand_out(case.approve())


def test_a_decision_is_about_the_proposal_that_was_seen(case: Case) -> None:
    seen = case.propose().sequence
    assert case.refuse(case.lan).action == lifting.WITHDRAWN
    case.propose(why="một lý do khác hẳn, chưa ai xem")
    with pytest.raises(ObjectExistsError):
        case.approve(seen=seen)
    assert not may_hand_out(case.newest)


def test_it_is_refused_withdrawn_and_proposed_again(case: Case) -> None:
    case.propose()
    with pytest.raises(CorrectionRefusedError, match="đã có"):
        case.propose(case.hoa)
    refused = case.refuse(case.hoa)
    assert (refused.action, refused.actor) == (lifting.REFUSED, "Hòa")
    assert standing_proposal(refused) is None
    with pytest.raises(CorrectionRefusedError):
        case.approve()
    with pytest.raises(CorrectionRefusedError):
        case.refuse(case.hoa)
    case.propose(case.hoa)
    assert case.refuse(case.hoa).action == lifting.WITHDRAWN
    assert not may_hand_out(case.newest)


@pytest.mark.parametrize("why", ["", " " * 40, "ngắn", "x" * 501])
def test_a_reason_is_needed(case: Case, why: str) -> None:
    with pytest.raises(CorrectionRefusedError, match="Lý do"):
        case.propose(why=why)


@pytest.mark.parametrize("role", [role for role in PersonRole if role is not PersonRole.SECRECY])
def test_no_other_role_takes_part(case: Case, role: PersonRole) -> None:
    other = case.officers.add("Khác", role)
    with pytest.raises(WithheldError):
        case.propose(other)
    case.propose()
    for act in (case.approve, case.refuse):
        with pytest.raises(WithheldError):
            act(other)


def test_what_is_not_withheld_or_not_there_is_said(case: Case) -> None:
    open_one = case.office.drops("khác.pdf", "đơn xin").dossier
    assert open_one
    with pytest.raises(CorrectionRefusedError, match="không bị giữ lại"):
        lifting.propose(open_one, case.office.archive, case.lan, WHY)
    with pytest.raises(ObjectMissingError):
        lifting.propose("0fff", case.office.archive, case.lan, WHY)
    narrow = replace(case.lan, scope=Scope(frozenset({"Đơn vị khác"})))
    with pytest.raises(ObjectMissingError):
        case.propose(narrow)


def test_of_two_who_decide_at_once_one_does(case: Case) -> None:
    seen = case.propose().sequence
    minh = case.officers.add("Minh")
    assert may_hand_out(case.approve(seen=seen))
    with pytest.raises(CorrectionRefusedError):
        case.approve(minh, seen=seen)
    assert datetime.now(UTC) > case.newest.at
    assert [record.action for record in case.office.archive.history(case.dossier)][-2:] == [
        lifting.PROPOSED,
        "lifted",
    ]


def test_what_was_let_go_is_not_handed_to_another_dossier(case: Case) -> None:
    """There its marks would count again, and withhold a case that was open."""
    case.propose()
    case.approve()
    case.office.digitises_all()
    other = case.office.drops("khác.pdf", "đơn xin").dossier
    assert other
    case.office.digitises_all()
    with pytest.raises(CorrectionRefusedError, match="bỏ giữ"):
        corrections.join(case.dossier, other, case.office.archive, Act("lan"))
    assert may_hand_out(case.office.newest(other))

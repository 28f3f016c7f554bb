"""What a person decides about a dossier that waits: append, replace, keep apart, take back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.access import may_hand_out
from pipeline.errors import CorrectionRefusedError, JoinedError, ObjectExistsError, WithheldError
from pipeline.model import Outcome
from pipeline.versions import Act, keep_next
from tests.support.drops import CODE, Office, names

LAN = Act("lan", "đã xem giấy")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def older(office: Office) -> str:
    """A PARTIAL dossier that lacks its second file."""
    return office.partial()


def test_append_replace_and_separate_name_who_did_it_and_why(office: Office, older: str) -> None:
    appended = office.drops(CODE, {"04.pdf": "giấy mới"}).dossier
    replaced = office.drops(CODE, {"quét lại.pdf": "đơn xin rõ"}).dossier
    apart = office.drops(CODE, {"05.pdf": "của hồ sơ khác"}).dossier
    assert appended and replaced and apart
    office.digitises_all()
    corrections.join(appended, older, office.archive, LAN)
    corrections.join(replaced, older, office.archive, LAN, replaces="01 đơn.pdf")
    corrections.separate(apart, office.archive, LAN)
    office.digitises_all()
    dossier = office.newest(older).dossier
    assert names(dossier) == ["quét lại.pdf", "03 kèm.pdf", "04.pdf"]
    assert dossier.outcome is Outcome.PARTIAL, "02 to khai.pdf is still missing"
    assert office.newest(apart).dossier.proposed_join is None
    acts = [
        (each.action, each.actor, each.reason)
        for dossier in (older, appended, replaced, apart)
        for each in office.archive.history(dossier)
        if each.actor == "lan"
    ]
    assert [act[0] for act in acts] == ["joined", "joined", "joined", "joined", "separated"]
    assert {act[1:] for act in acts} == {tuple(LAN[:2])}


def test_a_person_may_say_which_missing_file_it_is(office: Office, older: str) -> None:
    newer = office.drops(CODE, {"scan0001.pdf": "tờ khai"}).dossier
    assert newer
    corrections.join(newer, older, office.archive, LAN, replaces="02 to khai.pdf")
    office.digitises_all()
    dossier = office.newest(older).dossier
    assert (dossier.outcome, dossier.reasons) == (Outcome.COMPLETE, ())


def test_originals_stay_and_a_join_is_undone_from_the_history(office: Office, older: str) -> None:
    newer = office.drops(CODE, {"quét lại.pdf": "đơn xin rõ"}).dossier
    assert newer
    office.digitises_all()
    before = office.newest(older).dossier, office.newest(newer).dossier
    originals = {scan.sha256 for each in before for scan in each.scans}
    corrections.join(newer, older, office.archive, LAN, replaces="01 đơn.pdf")
    office.digitises_all()
    assert not may_hand_out(office.newest(newer))
    corrections.part(newer, office.archive, LAN)
    office.digitises_all()
    after = office.newest(older).dossier, office.newest(newer).dossier
    assert after[0] == before[0]
    assert after[1] == replace(before[1], proposed_join=None)
    for sha256 in originals:
        with office.archive.original(sha256) as path:
            assert path.read_text()
    assert [each.action for each in office.archive.history(older)][-4:] == [
        "joined",
        "digitised",
        "split",
        "digitised",
    ]


def test_joins_that_make_no_sense_are_refused_with_a_sentence(office: Office, older: str) -> None:
    two = office.drops(CODE, {"a.pdf": "một", "b.pdf": "hai"}).dossier
    other = office.drops("H26.19.25-260105-0008", {"c.pdf": "ba"}).dossier
    assert two and other
    for newer, into, replaces, why in (
        (two, two, "", "chính nó"),
        (two, older, "01 đơn.pdf", "2 tệp mới"),
        (other, older, "", "hai mã khác nhau"),
    ):
        with pytest.raises(CorrectionRefusedError, match=why):
            corrections.join(newer, into, office.archive, LAN, replaces=replaces)
    with pytest.raises(CorrectionRefusedError, match="chưa được nhập"):
        corrections.part(two, office.archive, LAN)
    with pytest.raises(CorrectionRefusedError, match="không chờ"):
        corrections.separate(other, office.archive, LAN)
    one = office.drops(CODE, {"d.pdf": "bốn"}).dossier
    assert one
    with pytest.raises(CorrectionRefusedError, match=r"0 tệp tên «z\.pdf»"):
        corrections.join(one, older, office.archive, LAN, replaces="z.pdf")
    corrections.join(one, older, office.archive, LAN)
    with pytest.raises(JoinedError):
        corrections.join(one, two, office.archive, LAN)
    with pytest.raises(JoinedError):
        stages.ask_again(one, office.archive)


def test_no_person_joins_anything_with_a_withheld_dossier(office: Office, older: str) -> None:
    newer = office.drops(CODE, {"04.pdf": "giấy mới"}).dossier
    assert newer
    office.withholds(older)
    for giving, taking in ((newer, older), (older, newer)):
        with pytest.raises(WithheldError):
            corrections.join(giving, taking, office.archive, LAN)


def test_two_people_who_decide_at_once_are_told(office: Office, older: str) -> None:
    newer = office.drops(CODE, {"04.pdf": "giấy mới"}).dossier
    assert newer
    stale = office.newest(newer)
    corrections.separate(newer, office.archive, LAN)
    with pytest.raises(ObjectExistsError, match="sửa ở nơi khác"):
        keep_next(stale, replace(stale.dossier, unit="khác"), "corrected", office.archive)

"""A drop whose dossier code is known: it joins by itself, or waits for a person to decide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.errors import SearchUnavailableError
from pipeline.intake import Reception
from pipeline.joining import codes
from pipeline.model import Dossier, Outcome, Query, ReceiptStatus, Record
from pipeline.versions import Act
from tests.support.drops import BAD, CODE, FIXED, PARTIAL, Files, Office, names
from tests.support.written_by_0_1 import write_old

LAN = Act("lan", "đã xem giấy")
ARCHIVED, DUPLICATE, REFUSED = (
    ReceiptStatus.ARCHIVED,
    ReceiptStatus.DUPLICATE,
    ReceiptStatus.REFUSED,
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def older(office: Office) -> str:
    """A PARTIAL dossier that lacks its second file."""
    return office.partial()


def said(reception: Reception) -> list[tuple[ReceiptStatus, str | None]]:
    return [(line.status, line.dossier) for line in reception.receipts]


def test_exactly_the_refused_file_joins_its_dossier_by_itself(office: Office, older: str) -> None:
    reception = office.drops(CODE, FIXED)
    (line,) = reception.receipts
    assert reception.dossier == older
    assert said(reception) == [(ARCHIVED, older)]
    assert line.reason == f"Đã thay 02 to khai.pdf trong hồ sơ {CODE}."
    assert office.newest(older).dossier.reasons == (), "the problem closes at once"
    office.digitises_all()
    dossier = office.newest(older).dossier
    assert names(dossier) == ["01 đơn.pdf", "02 to khai.pdf", "03 kèm.pdf"]
    assert (dossier.outcome, dossier.reasons, dossier.missing) == (Outcome.COMPLETE, (), ())
    hits = office.index.find(Query(CODE)).hits
    assert [hit.dossier for hit in hits] == [older]
    assert [hit.dossier for hit in office.index.find(Query("tờ khai")).hits] == [older]
    assert office.index.find(Query("")).total == 1
    office.assert_nothing_differs()


def test_the_whole_folder_dropped_again_brings_only_what_lacked(office: Office, older: str) -> None:
    reception = office.drops(CODE, PARTIAL | FIXED)
    assert said(reception) == [(DUPLICATE, older), (ARCHIVED, older), (DUPLICATE, older)]
    office.digitises_all()
    assert office.newest(older).dossier.outcome is Outcome.COMPLETE


def test_what_comes_back_with_its_note_joins_as_well(office: Office, older: str) -> None:
    note: Files = {"02 to khai.pdf.ly-do.txt": f"{BAD} Tệp bị hỏng."}
    reception = office.drops(CODE, FIXED | note)
    assert said(reception) == [(ARCHIVED, older), (REFUSED, None)]
    office.digitises_all()
    assert office.newest(older).dossier.outcome is Outcome.COMPLETE


def test_a_dossier_that_was_not_read_yet_gets_its_file_at_once(office: Office) -> None:
    older = office.drops(CODE, PARTIAL).dossier
    assert office.drops(CODE, FIXED).dossier == older
    office.digitises_all()
    assert office.newest(older).dossier.outcome is Outcome.COMPLETE


def other_folder(office: Office, older: str) -> Reception:
    return office.drops(CODE, FIXED, "văn thư")


def no_folder(office: Office, older: str) -> Reception:
    return office.drops(CODE, FIXED, None)


def other_file(office: Office, older: str) -> Reception:
    return office.drops(CODE, {"04 mới.pdf": "giấy mới"})


def more_than_that(office: Office, older: str) -> Reception:
    return office.drops(CODE, FIXED | {"04 mới.pdf": "giấy mới"})


def a_rescan_of_what_it_has(office: Office, older: str) -> Reception:
    return office.drops(CODE, {"01 đơn.pdf": "đơn xin rõ hơn"})


def to_one_that_is_complete(office: Office, older: str) -> Reception:
    office.drops(CODE, FIXED)
    office.digitises_all()
    return office.drops(CODE, {"02 to khai.pdf": "tờ khai khác"})


def to_one_that_failed(office: Office, older: str) -> Reception:
    stages.give_up(office.newest(older), "Đã thử 3 lần.", office.archive)
    return office.drops(CODE, FIXED)


def to_one_that_is_withheld(office: Office, older: str) -> Reception:
    office.withholds(older)
    return office.drops(CODE, FIXED)


def to_one_that_is_withheld_and_partial(office: Office, older: str) -> Reception:
    """The field decides and nothing else: it may come to stand beside any outcome."""
    office.withholds(older, Outcome.PARTIAL)
    return office.drops(CODE, FIXED)


def to_one_that_is_withheld_and_waits(office: Office, older: str) -> Reception:
    office.withholds(older, None)
    return office.drops(CODE, FIXED)


@pytest.mark.parametrize(
    "drop",
    [
        other_folder,
        no_folder,
        other_file,
        more_than_that,
        a_rescan_of_what_it_has,
        to_one_that_is_complete,
        to_one_that_failed,
        to_one_that_is_withheld,
        to_one_that_is_withheld_and_partial,
        to_one_that_is_withheld_and_waits,
    ],
)
def test_anything_else_waits_as_a_dossier_of_its_own_and_says_so(
    office: Office, older: str, drop: Callable[[Office, str], Reception]
) -> None:
    reception = drop(office, older)
    before = office.newest(older)
    newer = reception.dossier
    assert newer not in (older, None)
    assert {line.dossier for line in reception.receipts} == {newer}
    assert all("chờ người quyết định" in line.reason for line in reception.receipts)
    assert all(f"sohoa join {newer}" in line.remedy for line in reception.receipts)
    office.digitises_all()
    dossier = office.newest(newer).dossier
    assert (dossier.proposed_join, dossier.joined_into) == (older, None)
    assert dossier.outcome is Outcome.COMPLETE
    assert office.newest(older) == before


def test_a_code_read_on_the_paper_proposes_when_it_is_digitised(office: Office, older: str) -> None:
    reception = office.drops("scan0001.pdf", f"Mã hồ sơ: {CODE}")
    assert reception.receipts[0].reason == ""
    office.digitises_all()
    dossier = office.newest(reception.dossier).dossier
    assert (dossier.code, dossier.proposed_join) == (CODE, older)
    again = office.newest(reception.dossier)
    corrections.separate(again.dossier.id, office.archive, LAN)
    assert office.digitises(again.dossier.id).dossier.proposed_join is None, "asked only once"


def test_the_missing_file_joins_when_its_paper_tells_the_code(office: Office, older: str) -> None:
    newer = office.drops("02 to khai.pdf", f"Mã hồ sơ: {CODE}").dossier
    office.digitises_all()
    assert office.newest(newer).dossier.joined_into == older
    assert office.newest(older).dossier.outcome is Outcome.COMPLETE
    assert [hit.dossier for hit in office.index.find(Query("")).hits] == [older]


def test_a_dossier_of_0_1_is_known_by_the_index(office: Office) -> None:
    received = office.newest(office.drops("khác.pdf", "khác").dossier).at
    old = Dossier("0c", f"{CODE}.pdf", received, code=CODE, outcome=Outcome.COMPLETE)
    write_old(office.home, Record(1, old.received, "intake", "received", old))
    stages.publish(office.newest("0c"), office.archive, office.index)
    assert office.archive.carriers(CODE) == ()
    newer = office.drops(CODE, FIXED).dossier
    assert office.newest(newer).dossier.proposed_join == "0c"


def test_bytes_of_a_joined_dossier_are_duplicates_of_the_one_that_has_them(
    office: Office, older: str
) -> None:
    office.drops(CODE, FIXED)
    reception = office.drops("bản sao.pdf", FIXED["02 to khai.pdf"])
    assert said(reception) == [(DUPLICATE, older)]


def test_an_index_that_is_away_holds_no_drop_up(office: Office, older: str) -> None:
    """It is asked once, then left alone for a while; the archive knows what was received since."""

    class Away:
        asked = 0

        def find(self, _: Query) -> object:
            self.asked += 1
            raise SearchUnavailableError("Chỉ mục không trả lời.")

    index = Away()
    codes.index_pause.until = 0.0
    office.index = index  # type: ignore[assignment]
    for number in range(3):
        newer = office.drops(CODE, {f"0{number + 4}.pdf": f"giấy {number}"}).dossier
        assert office.newest(newer).dossier.proposed_join == older
    assert index.asked == 1
    codes.index_pause.until = 0.0

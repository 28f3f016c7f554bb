"""What is withheld stays withheld, whatever is written after it and whoever writes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.access import LIFTED, WITHHELD, may_hand_out, withholding
from pipeline.errors import WithheldError
from pipeline.model import Document, Dossier, Finding, Outcome, Record, Scan, Source, Withheld
from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from pipeline.versions import Act, keep_first, keep_next
from search.text.entries import index_rows
from search.text.hidden_numbers import NumberHash
from storage import open_archive
from tests.support.deeds import callers
from tests.support.written_by_0_1 import write_old
from tests.unit.pipeline.test_stages import NOW, SickReader, digitised

SECRET = SickReader(printed="TUYỆT MẬT", recipe="sick-2")
CONFIRMED = Finding("12", "12", 1.0, Source.TYPED, 1, None, "lan")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(StorageSettings(), tmp_path)


@pytest.fixture
def record(archive: Archive, tmp_path: Path) -> Record:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF of three pages")
    scan = Scan(archive.keep_original(path), "scan.pdf", 19, "application/pdf", 3)
    return keep_first(Dossier("0a", "scan.pdf", NOW, scans=(scan,)), archive, actor="intake")


@pytest.fixture
def secret(record: Record, archive: Archive) -> Record:
    """A dossier that was read, corrected by a person, and then found to be secret."""
    read = digitised(record, archive, SickReader())
    documents = (Document("Quyết định", (1, 2), {"number": CONFIRMED}),)
    corrected = replace(read.dossier, documents=documents)
    keep_next(read, corrected, "corrected", archive, actor="lan")
    return digitised(stages.newest_record("0a", archive), archive, SECRET)


def newest(archive: Archive) -> Record:
    return stages.newest_record("0a", archive)


def test_withholding_is_a_field_that_says_since_when_by_whom_and_why(
    secret: Record, archive: Archive
) -> None:
    withheld = newest(archive).dossier.withheld
    assert withheld is not None
    assert (secret.action, withheld.by) == (WITHHELD, stages.SYSTEM)
    assert "«TUYỆT MẬT»" in withheld.why
    assert withheld.since.tzinfo is not None
    assert not may_hand_out(secret)
    assert not may_hand_out(secret.dossier)


def test_giving_up_a_withheld_dossier_does_not_hand_it_out(
    secret: Record, archive: Archive
) -> None:
    """Once a drain that lost three attempts wrote a record «failed» behind which all was open."""
    assert stages.give_up(secret, "Đã thử 3 lần. Bấm «Thử lại».", archive) == secret
    assert not may_hand_out(newest(archive))
    assert newest(archive).dossier.withheld == secret.dossier.withheld


def test_a_withheld_dossier_is_not_read_again(secret: Record, archive: Archive) -> None:
    with pytest.raises(WithheldError, match="không đọc lại"):
        stages.ask_again("0a", archive)
    assert archive.queued() == ()
    assert stages.pages_to_read(secret) == ()
    assert digitised(secret, archive, SickReader(recipe="sick-3")) == secret


def test_no_writer_can_let_go_of_it_even_by_mistake(secret: Record, archive: Archive) -> None:
    forgetful = Dossier("0a", "scan.pdf", NOW, scans=secret.dossier.scans)
    changed = replace(secret.dossier, withheld=Withheld(NOW, "lan", "khác"))
    for state in (forgetful, changed):
        for action in ("digitised", "failed", WITHHELD, LIFTED):
            with pytest.raises(WithheldError):
                keep_next(secret, state, action, archive, actor="lan")
            with pytest.raises(WithheldError):
                following = Record(secret.sequence + 1, NOW, "lan", action, state, "", "lan")
                archive.keep_record(following)
    assert newest(archive) == secret


def test_only_one_module_writes_records() -> None:
    assert callers({"keep_record"}) == {
        "pipeline.versions.keep_first",
        "pipeline.versions.keep_next",
    }


@pytest.mark.parametrize(
    "act",
    [
        Act("lan", "giải mật"),
        Act("lan", "giải mật", "lan"),
        Act("lan", "giải mật", stages.SYSTEM),
        Act("intake", "giải mật", "lan"),
        Act("", "giải mật", "lan"),
        Act("lan", " ", "hoa"),
        Act("lan", "giải mật", "LAN"),
        Act("H\u00f2a", "giải mật", "Ho\u0300a"),  # the same name, composed otherwise
    ],
)
def test_lifting_takes_two_people_and_a_reason(
    secret: Record,
    archive: Archive,
    act: Act,
) -> None:
    with pytest.raises(WithheldError):
        corrections.lift(secret, archive, act)
    assert newest(archive) == secret


def test_only_who_asks_for_both_people_lifts_it() -> None:
    assert callers({"lift"}) == {"pipeline.people.lifting.approve"}


def test_what_was_confirmed_comes_back_on_the_day_it_is_lifted(
    secret: Record, archive: Archive
) -> None:
    assert secret.dossier.documents == ()
    lifted = corrections.lift(secret, archive, Act("lan", "đọc nhầm dấu", "hoa"))
    assert (lifted.actor, lifted.approved_by) == ("lan", "hoa")
    again = digitised(lifted, archive, SickReader(recipe="sick-3"))
    assert may_hand_out(again)
    assert again.dossier.documents[0].findings["number"] == CONFIRMED


def test_a_mark_that_two_people_let_go_withholds_it_no_more(
    secret: Record, archive: Archive
) -> None:
    lifted = corrections.lift(secret, archive, Act("lan", "đọc nhầm dấu", "hoa"))
    assert may_hand_out(digitised(lifted, archive, SECRET))


def test_a_mark_on_a_scan_that_comes_later_withholds_it_again(
    secret: Record, archive: Archive, tmp_path: Path
) -> None:
    lifted = corrections.lift(secret, archive, Act("lan", "đọc nhầm dấu", "hoa"))
    path = tmp_path / "later.pdf"
    path.write_bytes(b"%PDF of another page")
    later = Scan(archive.keep_original(path), "later.pdf", 20, "application/pdf", 1)
    state = replace(lifted.dossier, scans=(*lifted.dossier.scans, later))
    grown = keep_next(lifted, state, "received", archive)
    assert not may_hand_out(digitised(grown, archive, SECRET))


def test_nobody_says_alone_that_a_mark_counts_no_more(record: Record, archive: Archive) -> None:
    state = replace(record.dossier, cleared=(record.dossier.scans[0].sha256,))
    with pytest.raises(WithheldError):
        keep_next(record, state, "corrected", archive, actor="lan")


def test_nothing_of_a_withheld_dossier_is_indexed(
    secret: Record,
    archive: Archive,
) -> None:
    (row,) = index_rows(stages.publication(secret, archive), NumberHash(bytes))
    assert (row.text, row.fields, row.keys) == ("", "", ())
    assert row.facets == ("", "", "", "FAILED", "", "")


def old_chain(home: Path, *actions: str) -> None:
    """Write records as 0.1 did, one for each action."""
    for number, action in enumerate(actions, 1):
        failed = Outcome.FAILED if number > 1 else None
        said = ("Trang 1 đóng dấu «MẬT»",) if action == WITHHELD else ()
        state = Dossier("0c", "mật.pdf", NOW, outcome=failed, reasons=said)
        write_old(home, Record(number, NOW, "sohoa", action, state))


@pytest.mark.parametrize(
    "actions",
    [
        ("received", "withheld"),
        ("received", "withheld", "failed"),
        ("received", "withheld", "received", "digitised", "failed"),
        ("received", "digitised", "withheld", "failed", "failed"),
    ],
)
def test_what_0_1_withheld_once_is_withheld_for_good(
    tmp_path: Path,
    archive: Archive,
    actions: tuple[str, ...],
) -> None:
    old_chain(tmp_path, *actions)
    now = stages.newest_record("0c", archive)
    withheld = now.dossier.withheld
    assert withheld is not None
    assert (withheld.since, withheld.by, withheld.why) == (NOW, "sohoa", "Trang 1 đóng dấu «MẬT»")
    at = actions.index("withheld")
    open_until = [may_hand_out(each) for each in archive.history("0c")]
    assert open_until == [True] * at + [False] * (len(actions) - at)
    with pytest.raises(WithheldError):
        stages.ask_again("0c", archive)
    with pytest.raises(WithheldError):
        state = replace(now.dossier, withheld=None)
        archive.keep_record(Record(len(actions) + 1, NOW, "lan", "corrected", state))
    following = keep_next(now, replace(now.dossier, unit="Một cửa"), "corrected", archive)
    assert withholding(following) == withheld
    assert archive.find_record("0c") == following


def test_other_records_of_0_1_are_as_they_were(tmp_path: Path, archive: Archive) -> None:
    old_chain(tmp_path, "received", "digitised", "failed")
    assert may_hand_out(stages.newest_record("0c", archive))
    assert stages.newest_record("0c", archive).dossier.missing is None


def test_a_name_cannot_pass_for_the_field(tmp_path: Path, archive: Archive) -> None:
    """Whether 0.1 wrote a record is told from its bytes; a dropper chooses some of them."""
    name = '", "withheld": null, "x.pdf'
    old_chain(tmp_path, "received", "withheld")
    state = Dossier("0c", name, NOW, outcome=Outcome.FAILED, reasons=('"withheld": {}',))
    write_old(tmp_path, Record(3, NOW, "sohoa", "failed", state))
    assert not may_hand_out(stages.newest_record("0c", archive))

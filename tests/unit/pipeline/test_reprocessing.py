"""Better rules understand kept words again: listed first; people's decisions and records stay."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.upkeep.reprocess_progress import FILE, ReprocessProgress
from pipeline import corrections
from pipeline.access import may_hand_out
from pipeline.corrections import FieldAct, FieldChange
from pipeline.documents import catalogue
from pipeline.documents.fields import FIELDS
from pipeline.errors import CorrectionRefusedError
from pipeline.masking.dossiers import mask_dossier
from pipeline.model import Document, Dossier, Finding, Source
from pipeline.reprocessing.changes import changes_of
from pipeline.reprocessing.rules import _PARTS, meaning_of, rules_version
from pipeline.reprocessing.understand import Understanding, understand_again
from pipeline.versions import Act, keep_next
from tests import ROOT
from tests.support.drops import CODE, Office
from tests.support.reprocessed import OLD, PAGES, digitised, made_by_older_rules, walked
from tests.support.stored import of_kind

LAN = Act("lan")
DRAWN = Dossier(
    "0190000000000000000001", "một.pdf", datetime.now(UTC), documents=(Document("Đơn", (1,)),)
)
PEOPLE = (FieldAct.CONFIRM, FieldAct.CORRECT, FieldAct.REJECT)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def progress(office: Office) -> Iterator[ReprocessProgress]:
    with closing(ReprocessProgress(office.home, rules_version())) as opened:
        yield opened


def test_a_record_says_which_rules_made_it_and_is_left_alone_by_the_same(office: Office) -> None:
    record = office.newest(digitised(office))
    assert record.dossier.rules == rules_version() != ""
    understood = understand_again(record, office.archive, office.index)
    assert understood == (Understanding.CURRENT, record.dossier)


def test_changes_are_listed_before_they_count_and_then_found(
    office: Office, progress: ReprocessProgress
) -> None:
    dossier, same = digitised(office), digitised(office, "khác.pdf", "trang không tiêu đề")
    read = office.newest(dossier).dossier
    older = made_by_older_rules(office, dossier)
    other = office.newest(same)
    unmoved = replace(other.dossier, rules="older")
    keep_next(other, unmoved, "digitised", office.archive)
    assert not list(walked(office, progress).apply(LAN))  # nothing was listed yet
    (changed,) = walked(office, progress).changes()
    assert (changed.record, office.newest(dossier)) == (older, older)
    told = changes_of(changed.record.dossier, changed.after, lambda one: one)
    summary = next(one for one in told if one.field == "summary")
    assert (summary.pages, summary.before, summary.after) == ((1, 2), "Về việc cũ", "")
    walk = walked(office, progress)
    assert [each.record.dossier.id for each in walk.apply(LAN)] == [dossier]
    now = office.newest(dossier)
    assert (now.action, now.actor, now.dossier) == ("understood", "lan", read)
    assert office.newest(same).dossier == unmoved, "what says the same gets no other version"
    assert dict(office.index.sequences())[dossier] == now.sequence
    again = walked(office, progress)
    assert (list(again.changes()), again.counts[Understanding.SAME]) == ([], 1)


def test_what_somebody_changed_since_the_list_waits_for_the_next_list(
    office: Office, progress: ReprocessProgress
) -> None:
    dossier = digitised(office)
    made_by_older_rules(office, dossier)
    assert list(walked(office, progress).changes())
    mine = [FieldChange(1, "signer", FieldAct.CORRECT, "Người Mẫu")]
    decided = corrections.amend(dossier, mine, office.archive, Act("mai"))
    walk = walked(office, progress)
    assert not list(walk.apply(LAN))
    assert (walk.counts["unlisted"], office.newest(dossier)) == (1, decided)
    assert list(walked(office, progress).changes())
    assert list(walked(office, progress).apply(LAN))
    assert office.newest(dossier).dossier.documents[0].findings["signer"].confirmed_by == "mai"


def test_a_damaged_page_changes_nothing_and_is_told(
    office: Office, progress: ReprocessProgress
) -> None:
    dossier = digitised(office)
    older = made_by_older_rules(office, dossier)
    page = of_kind(office.home, "pages.json")[0]
    kept = page.read_bytes()
    for spoil in (page.unlink, lambda: page.write_bytes(kept[:-9])):
        spoil()
        walk = walked(office, progress)
        assert (list(walk.changes()), walk.damaged) == ([], [dossier])
        assert office.newest(dossier) == older
    page.write_bytes(kept)
    assert list(walked(office, progress).changes()), "what was repaired is looked at again"


def test_what_is_withheld_joined_or_waits_is_left(
    office: Office, progress: ReprocessProgress
) -> None:
    withheld, joined = digitised(office, "một.pdf"), digitised(office, "hai.pdf", PAGES + "\nba")
    into = digitised(office, "ba.pdf", "TỜ TRÌNH\nnăm")
    for dossier in (withheld, joined):
        made_by_older_rules(office, dossier)
    office.withholds(withheld)
    corrections.join(joined, into, office.archive, LAN)
    walk = walked(office, progress)
    assert (list(walk.changes()), walk.counts[Understanding.CURRENT]) == ([], 3)
    assert not may_hand_out(office.newest(withheld))


def test_a_mark_of_secrecy_that_is_known_now_withholds(
    office: Office, progress: ReprocessProgress, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr("pipeline.page_edits.secret_pages.find_secrecy_mark", lambda _: None)
        dossier = digitised(office, "mật.pdf", "TUYỆT MẬT\nTỜ TRÌNH")
    record = office.newest(dossier)
    keep_next(record, replace(record.dossier, rules="older"), "digitised", office.archive)
    (changed,) = walked(office, progress).changes()
    told = changes_of(changed.record.dossier, changed.after, lambda one: one)
    assert any(one.field == "withheld" and "MẬT" in one.after for one in told)
    assert list(walked(office, progress).apply(LAN))
    assert not may_hand_out(office.newest(dossier))


def test_a_code_that_was_misread_goes_and_the_one_of_the_name_stays(office: Office) -> None:
    read, named = digitised(office), digitised(office, f"{CODE}.pdf", "đơn xin")
    for dossier in (read, named):
        record = office.newest(dossier)
        paper = record.dossier.documents[0]
        code = Finding("H26.19.25-260105-0009", "", 0.95, Source.OCR, 1)
        wrong = replace(paper, findings={**paper.findings, "dossier_code": code})
        papers = (wrong, *record.dossier.documents[1:])
        older = replace(record.dossier, code=code.value, documents=papers, rules="older")
        keep_next(record, older, "digitised", office.archive)
        after = understand_again(office.newest(dossier), office.archive, office.index).dossier
        assert after.code == (CODE if dossier == named else None)


def test_a_list_hides_personal_data_and_still_says_what_changes() -> None:
    def with_number(dossier: Dossier, number: str) -> Dossier:
        found = {"personal_id": Finding(number, number, 0.95, Source.OCR, 1)}
        return replace(dossier, documents=(replace(paper, findings=found),))

    (paper,) = DRAWN.documents
    pair = (with_number(DRAWN, "031085012345"), with_number(DRAWN, "031085012346"))
    (change,) = changes_of(*pair, lambda one: mask_dossier(one, ()))
    assert "•" in change.before and "•" in change.after
    assert "0850123" not in change.before + change.after


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_no_rules_change_what_people_decided(
    office: Office, progress: ReprocessProgress, seed: int
) -> None:
    chance, dossier = random.Random(seed), digitised(office)
    for _ in range(6):
        papers = office.newest(dossier).dossier.documents
        paper = chance.randrange(len(papers)) + 1
        name = chance.choice([*papers[paper - 1].findings, *(one.name for one in FIELDS[4:8])])
        try:
            if chance.random() < 0.3:
                move = chance.choice([corrections.begin_paper, corrections.continue_paper])
                move(dossier, chance.randint(2, 4), office.archive, LAN)
            deed = FieldChange(paper, name, chance.choice(PEOPLE), f"số {chance.random()}")
            corrections.amend(dossier, [deed], office.archive, LAN)
        except CorrectionRefusedError:
            continue
    decided = office.newest(dossier).dossier
    spoilt = []
    for one in decided.documents:
        confirmed = {name: each for name, each in one.findings.items() if each.confirmed_by}
        spoilt.append(replace(one, findings={"place": OLD, **confirmed}))
    older = replace(decided, documents=tuple(spoilt), rules="older")
    keep_next(office.newest(dossier), older, "digitised", office.archive)
    list(walked(office, progress).changes())
    assert list(walked(office, progress).apply(Act("máy")))
    after = office.newest(dossier).dossier
    assert after.boundaries == decided.boundaries
    assert [one.pages for one in after.documents] == [one.pages for one in decided.documents]
    for now, then in zip(after.documents, decided.documents, strict=True):
        assert now.absent == then.absent
        confirmed = {name: one for name, one in then.findings.items() if one.confirmed_by}
        assert confirmed.items() <= now.findings.items()
        assert not now.absent.keys() & now.findings.keys()
        assert now.findings.get("place") != OLD


def test_papers_whose_pages_lie_apart_are_told_by_each_run() -> None:
    papers = Document("Đơn", (1, 3, 4)), Document("Sổ", (2,))
    before = replace(DRAWN, documents=papers)
    after = replace(DRAWN, documents=(Document("Đơn", (4, 1)), Document("Sổ", (2, 3))))
    (change,) = changes_of(before, after, lambda one: one)
    assert (change.before, change.after) == ("1, 3-4 Đơn; 2 Sổ", "4, 1 Đơn; 2-3 Sổ")


def test_a_remembered_list_may_be_lost_or_spoiled(office: Office) -> None:
    dossier = digitised(office)
    made_by_older_rules(office, dossier)
    (office.home / FILE).write_bytes(b"no database" * 999)
    for _ in range(2):
        with closing(ReprocessProgress(office.home, rules_version())) as progress:
            assert list(walked(office, progress).changes())
    with closing(ReprocessProgress(office.home, "other rules")) as progress:
        assert not list(walked(office, progress).apply(LAN)), "another list under other rules"


def test_rules_are_what_they_do_and_the_catalogue_is_one_of_them(tmp_path: Path) -> None:
    code = tmp_path / "rule.py"
    meanings = []
    for text in ('"""Says."""\nX = 1  # one\n', '"""Tells."""\n\nX = (1)\n', "X = 2\n"):
        code.write_text(text)
        meanings.append(meaning_of(code))
    assert meanings[0] == meanings[1] != meanings[2]
    before = rules_version()
    catalogue.set_home(tmp_path)
    try:
        assert rules_version() == before
        (tmp_path / catalogue.FILE_NAME).write_text(",".join(catalogue.COLUMNS) + "\n")
        assert rules_version() != before
    finally:
        catalogue._home = None


def test_all_that_rules_consist_of_is_documented() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text.partition("## Rules and understanding again\n")[2].partition("\n## ")[0]
    assert [part for part in _PARTS if f"`pipeline/{part}" not in section] == []

"""Which missing file a scan is, where its pages come to stand, and how a join is undone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.intake import refused_files
from pipeline.joining import missing_files
from pipeline.joining.merge import joined, parted, with_scans
from pipeline.joining.missing_files import filled_by
from pipeline.joining.passes import is_pass
from pipeline.model import (
    Document,
    Dossier,
    Finding,
    MissingFile,
    Outcome,
    PageNote,
    PageState,
    Record,
    ReusedPaper,
    Scan,
    Source,
)
from pipeline.model.two_sides import TwoSides
from tests.support.drops import CODE

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def scan(name: str, pages: int = 1) -> Scan:
    return Scan(f"sha of {name}", name, 10, "application/pdf", pages)


def dossier(*names: str, **values: object) -> Dossier:
    scans = tuple(scan(name) for name in names)
    return replace(Dossier("0a", CODE, NOW, code=CODE, scans=scans), **values)  # type: ignore[arg-type]


def missing(*names: str) -> tuple[MissingFile, ...]:
    return tuple(MissingFile(f"{CODE}/{name}", "hỏng") for name in names)


@pytest.mark.parametrize(
    ("offered", "lacked"),
    [
        (f"{CODE}/02 to khai.pdf", "02 to khai.pdf"),
        ("02 to khai.pdf", "02 to khai.pdf"),
        ("02 TO KHAI.PDF", "02 to khai.pdf"),
        (f"{CODE} 02 to khai.pdf", "02 to khai.pdf"),
        (f"{CODE.lower()}_02 to khai.pdf", "02 to khai.pdf"),
        (f"{CODE}/02 to khai.pdf", "02 to khai.docx"),
        (f"{CODE}/02 to khai.pdf", "02 to khai.pdf.part"),
        (f"{CODE}/giấy tờ/02.png", "giấy tờ/02.png"),
    ],
)
def test_a_scan_is_the_missing_file_of_its_name(offered: str, lacked: str) -> None:
    older, newer = dossier(f"{CODE}/01 don.pdf"), dossier(offered, id="0b")
    found = filled_by(older, newer, missing(lacked))
    assert found == {f"sha of {offered}": f"{CODE}/{lacked}"}


@pytest.mark.parametrize(
    ("offered", "lacked"),
    [
        ("02 to khai moi.pdf", ["02 to khai.pdf"]),
        ("2 to khai.pdf", ["02 to khai.pdf"]),
        ("02.pdf", ["giấy tờ/02.pdf"]),
        ("01 don.pdf", ["02 to khai.pdf"]),
        ("01 don.jpg", ["01 don.docx"]),  # may also be meant for 01 don.pdf, which is there
        (CODE, ["02 to khai.pdf"]),
        ("02 to khai.pdf", []),
    ],
)
def test_any_other_name_is_for_a_person_to_decide(offered: str, lacked: list[str]) -> None:
    older, newer = dossier(f"{CODE}/01 don.pdf"), dossier(offered, id="0b")
    assert filled_by(older, newer, missing(*lacked)) == {}


def test_standing_folders_above_a_drop_do_not_count() -> None:
    older = dossier(f"cô Lan/{CODE}/01.pdf")
    lacked = (MissingFile(f"cô Lan/{CODE}/02.pdf", "hỏng"),)
    for name, drop in ((f"cô Lan/{CODE}/02.pdf", CODE), ("cô Lan/02.pdf", "02.pdf")):
        newer = dossier(name, id="0b", name=drop)
        assert list(filled_by(older, newer, lacked).values()) == [lacked[0].name]


def test_a_drop_with_more_than_what_lacks_is_for_a_person_to_decide() -> None:
    older = dossier(f"{CODE}/01.pdf")
    assert filled_by(older, dossier("02.pdf", "03.pdf", id="0b"), missing("02.pdf")) == {}
    again = dossier(f"{CODE}/01.pdf", f"{CODE}/02.pdf", id="0b")
    assert list(filled_by(older, again, missing("02.pdf"))) == [f"sha of {CODE}/02.pdf"]


def test_what_is_refused_again_stays_missing_and_our_own_note_is_no_paper() -> None:
    older = dossier(f"{CODE}/01.pdf")
    lacked = missing("02.pdf", "03.pdf")
    newer = dossier(f"{CODE}/02.pdf", id="0b", missing=missing("03.pdf", "02.pdf.ly-do.txt"))
    assert list(filled_by(older, newer, lacked).values()) == [f"{CODE}/02.pdf"]
    with_another = replace(newer, missing=missing("04.pdf"))
    assert filled_by(older, with_another, lacked) == {}


def test_the_note_beside_a_refused_file_has_one_name() -> None:
    assert missing_files.NOTE_SUFFIX == refused_files.NOTE_SUFFIX


def test_records_of_0_1_say_in_their_reasons_what_is_missing() -> None:
    reasons = ("Tệp a/b: c.pdf bị từ chối: Tệp bị khóa: có mật khẩu.", "Điều khác.")
    history = [Record(1, NOW, "intake", "received", dossier("a/1.pdf", reasons=reasons))]
    assert missing_files.missing_files(history) == (
        MissingFile("a/b: c.pdf", "Tệp bị khóa: có mật khẩu."),
    )
    assert missing_files.intake_reasons(history) == reasons


def digitised(*scans: Scan) -> Dossier:
    notes = tuple(
        PageNote(each.sha256, number, "r", PageState.READ, 0.9, 1.0)
        for each in scans
        for number in range(1, each.pages + 1)
    )
    return dossier(scans=scans, pages=notes, outcome=Outcome.PARTIAL)


def found(page: int, by: str | None = None) -> Finding:
    return Finding(f"page {page}", "", 0.9, Source.OCR, page, None, by)


def test_a_scan_that_was_missing_takes_its_place_and_all_pages_move_along() -> None:
    older = digitised(scan(f"{CODE}/01.pdf", 2), scan(f"{CODE}/03.pdf", 2))
    older = replace(
        older, documents=(Document("Đơn", (1, 2)), Document("Kê", (3, 4), {"number": found(3)}))
    )
    newer = dossier(scans=(scan("02.pdf", 3),), id="0b")
    whole = joined(older, newer, {"sha of 02.pdf": f"{CODE}/02.pdf"}, missing("02.pdf", "09.pdf"))
    assert [each.name for each in whole.scans] == [f"{CODE}/01.pdf", "02.pdf", f"{CODE}/03.pdf"]
    assert [note.scan for note in whole.pages] == [ref.scan for ref in whole.page_refs()]
    assert [note.recipe for note in whole.pages] == ["r", "r", "", "", "", "r", "r"]
    assert [document.pages for document in whole.documents] == [(1, 2), (6, 7)]
    assert whole.documents[1].findings["number"].page == 6
    assert (whole.missing, whole.outcome) == (missing("09.pdf"), None)
    assert whole.joined_from == ("0b",)


def test_names_in_no_order_get_what_was_missing_at_their_end() -> None:
    older = digitised(scan(f"{CODE}/z.pdf"), scan(f"{CODE}/a.pdf"))
    newer = dossier("m.pdf", id="0b")
    whole = joined(older, newer, {"sha of m.pdf": f"{CODE}/m.pdf"}, missing("m.pdf"))
    assert [each.name for each in whole.scans][-1] == "m.pdf"


def test_a_replaced_file_takes_its_findings_with_it_but_not_what_was_confirmed() -> None:
    older = digitised(scan("1.pdf", 2), scan("2.pdf"))
    findings = {"number": found(1, "lan"), "issuer": found(2)}
    older = replace(
        older, documents=(Document("Đơn", (1, 2), findings), Document("Kê", (3,), {"x": found(3)}))
    )
    newer = dossier("mới.pdf", id="0b")
    whole = joined(older, newer, {"sha of mới.pdf": "1.pdf"}, ())
    assert [each.name for each in whole.scans] == ["mới.pdf", "2.pdf"]
    first, second = whole.documents
    assert first.pages == ()
    assert first.findings == {"number": replace(findings["number"], page=None)}
    assert (second.pages, second.findings["x"].page) == ((2,), 2)


def test_what_the_newer_one_lacked_too_is_lacked_now() -> None:
    newer = dossier("5.pdf", id="0b", missing=missing("6.pdf", "5.pdf.ly-do.txt"))
    assert joined(dossier("1.pdf"), newer, {}, missing("2.pdf")).missing == missing(
        "2.pdf", "6.pdf"
    )


@pytest.mark.parametrize("seed", range(30))
def test_a_join_that_is_undone_leaves_scans_pages_and_what_lacks_as_they_were(seed: int) -> None:
    chance = random.Random(seed)
    scans = [scan(f"{CODE}/{n}.pdf", chance.randint(1, 3)) for n in range(1, 5)]
    before = digitised(*scans)
    lacked = missing("7.pdf", "8.pdf")
    before = replace(before, missing=lacked, reasons=tuple(each.reason for each in lacked))
    before = replace(before, documents=(Document("Đơn", (1,), {"number": found(1, "lan")}),))
    names = [*(each.name for each in scans[1:]), *(each.name for each in lacked)]
    newer = dossier(scans=(scan("mới.pdf", chance.randint(1, 3)),), id="0b")
    places = {"sha of mới.pdf": chance.choice(names)} if chance.random() < 0.8 else {}
    after = joined(before, newer, places, lacked)
    again = parted(after, "0b", before, after)
    assert [each.name for each in again.scans] == [each.name for each in before.scans]
    assert set(again.missing or ()) == set(lacked)
    assert set(again.reasons) == set(before.reasons)
    assert again.joined_from == ()
    assert [(note.scan, note.number) for note in again.pages] == [
        (note.scan, note.number) for note in before.pages
    ]
    assert again.documents == before.documents


def test_parting_leaves_no_sides_of_scans_that_are_gone_and_no_reuse_that_came_along() -> None:
    mine, theirs, later = (
        ReusedPaper(name, "0c", 1, "sha", "lan") for name in ("CCCD", "Hộ khẩu", "Đơn")
    )
    before = replace(digitised(scan("hai_mat/1.pdf", 2)), missing=(), reused=(mine,))
    backs = replace(digitised(scan("hai_mat/2.pdf", 2)), id="0b", reused=(theirs,))
    sides = TwoSides("sha of hai_mat/1.pdf", "sha of hai_mat/2.pdf")
    after = joined(replace(before, two_sides=sides), backs, {}, ())
    assert {*after.reused} == {mine, theirs}
    now = replace(after, reused=(*after.reused, later))
    again = parted(now, "0b", before, after)
    assert (again.two_sides, again.reused) == (None, (mine, later))
    assert is_pass(again)
    assert again.pages == before.pages


def test_parting_a_third_scan_leaves_the_two_sides_of_a_stack() -> None:
    sides = TwoSides("sha of 1.pdf", "sha of 2.pdf")
    before = replace(digitised(scan("1.pdf", 2), scan("2.pdf", 2)), missing=(), two_sides=sides)
    after = joined(before, replace(digitised(scan("3.pdf")), id="0b"), {}, ())
    again = parted(after, "0b", before, after)
    assert again.two_sides == sides
    places = [(note.scan, note.number) for note in again.pages]
    assert places == [(ref.scan, ref.number) for ref in again.page_refs()]


def test_pages_and_notes_always_agree_with_the_scans() -> None:
    whole = digitised(scan("1", 2), scan("2", 1))
    for order in ([1], [0], [1, 0], []):
        scans = [whole.scans[place] for place in order]
        moved = with_scans(whole, scans)
        assert [(n.scan, n.number) for n in moved.pages] == [
            (ref.scan, ref.number) for ref in moved.page_refs()
        ]

"""What QR codes and machine-readable zones say of a paper, and when it counts."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from pipeline.documents.extract.receipts import RECEIPT
from pipeline.documents.machine_readable import mrz
from pipeline.documents.machine_readable.coded_fields import CODED, DIFFERS, coded_fields
from pipeline.documents.machine_readable.mrz import check_digit, find_zone
from pipeline.documents.machine_readable.qr_texts import card_text, paper_text
from pipeline.documents.rows import PageRows, rows_of
from pipeline.model import Box, Finding, PageCode, Source
from tests.support import typeset
from tests.support.coded_paper import CARD, NUMBER, card_zone

CARD_TYPE = "Thẻ căn cước công dân"
OTHER = CARD.replace(NUMBER, "001990000022").replace("Nguyễn Thị Mẫu", "Trần Thị Thử")
BOX = Box(10, 20, 30, 40)


def page(*texts: str, lines: tuple[str, ...] = ()) -> PageRows:
    numbered = typeset.page(lines)
    codes = tuple(PageCode("QRCode", text, BOX) for text in texts)
    return rows_of(numbered._replace(page=replace(numbered.page, codes=codes)))


def read(value: str, confidence: float = 0.95, source: Source = Source.OCR) -> Finding:
    return Finding(value, value, confidence, source, 1, BOX)


def test_a_cards_code_gives_its_fields_with_their_source_and_place() -> None:
    found = coded_fields([page(CARD)], CARD_TYPE, {})
    assert {name: one.value for name, one in found.items()} == {
        "personal_id": NUMBER,
        "born_on": "1990-08-15",
        "full_name": "Nguyễn Thị Mẫu",
        "subject": "Nguyễn Thị Mẫu",
        "address": "Số 5, Ngõ Mẫu, Phường Thử, Hà Nội",
        "issued_on": "2021-07-01",
    }
    assert all(one.source is Source.QR and one.box == BOX for one in found.values())
    assert all(one.is_certain and not one.reasons for one in found.values())


def test_a_doubtful_reading_that_differs_is_beaten_and_leaves_its_reason() -> None:
    found = coded_fields([page(CARD)], CARD_TYPE, {"personal_id": read("001990000074", 0.6)})
    assert found["personal_id"].value == NUMBER
    assert found["personal_id"].is_certain and found["personal_id"].reasons == (DIFFERS,)


def test_a_certain_reading_that_differs_doubts_the_code() -> None:
    found = coded_fields([page(CARD)], CARD_TYPE, {"personal_id": read("001990000074")})
    assert found["personal_id"].value == NUMBER
    assert not found["personal_id"].is_certain and DIFFERS in found["personal_id"].reasons


def test_a_name_in_capitals_agrees_and_so_does_an_address_that_is_cut() -> None:
    address = read("Số 5 Ngõ Mẫu, Phường Thử, TP Hà Nội")
    before = {"full_name": read("NGUYỄN THỊ MẪU"), "address": address}
    found = coded_fields([page(CARD)], CARD_TYPE, before)
    assert all(one.is_certain and not one.reasons for one in found.values())


def test_on_another_paper_a_card_counts_for_its_own_person_alone() -> None:
    assert coded_fields([page(CARD)], "Tờ khai đăng ký khai sinh", {}) == {}
    stranger = {"full_name": read("Lê Văn Khác")}
    assert coded_fields([page(CARD)], "Tờ khai đăng ký khai sinh", stranger) == {}
    named = {"full_name": read("Nguyễn Thị Mẫu", 0.7), "applicant": read("Nguyễn Thị Mẫu", 0.7)}
    found = coded_fields([page(CARD)], "Tờ khai đăng ký khai sinh", named)
    assert set(found) == {"personal_id", "born_on", "full_name", "applicant"}  # no address
    assert all(one.is_certain for one in found.values())
    number_of_another = named | {"personal_id": read("001990000022")}
    assert coded_fields([page(CARD)], "Tờ khai đăng ký khai sinh", number_of_another) == {}


def test_of_two_cards_the_one_that_is_read_counts_else_both_are_doubted() -> None:
    both = [page(OTHER, CARD)]
    found = coded_fields(both, CARD_TYPE, {"full_name": read("NGUYỄN THỊ MẪU", 0.7)})
    assert found["personal_id"].value == NUMBER and found["personal_id"].is_certain
    found = coded_fields(both, CARD_TYPE, {})
    assert found and not any(one.is_certain for one in found.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|" * 6,
        "|" * 5_000,
        CARD[:-30],  # a part is missing
        CARD.replace(NUMBER, "00199000001"),
        CARD.replace(NUMBER, "００１９９０００００１４"),
        CARD.replace("15081990", "31021990"),
        CARD.replace("15081990", "1508199O"),
        CARD.replace("Nữ", "khác"),
        CARD.replace("Nguyễn Thị Mẫu", "<script>alert(1)</script>"),
        CARD.replace("Nguyễn Thị Mẫu", "Nguyễn\u202eThị"),
        CARD.replace("Nguyễn Thị Mẫu", "A" * 500),
        CARD + "|" + "x" * 2_000,
        "https://example.invalid/?" + CARD.replace("|", "&"),
    ],
)
def test_what_is_no_cards_code_says_nothing(text: str) -> None:
    assert card_text(text) is None
    assert coded_fields([page(text)], CARD_TYPE, {}) == {}


def test_newer_cards_carry_more_parts_and_an_old_number_may_lack() -> None:
    said = card_text(CARD + "|Nguyễn Văn Cha|Trần Thị Mẹ")
    assert said and said.personal_id == NUMBER
    assert card_text(CARD.replace("|012345678|", "||"))


def test_a_receipts_code_gives_what_its_grammar_tells() -> None:
    text = "MaHoSo: H26.12.23-260701-0001; TTHC: 1.001193.000.00.00.H26; Ngày hẹn trả: 08/07/2026"
    found = coded_fields([page(text)], "", {"dossier_code": read("H26.12.23-260701-0007", 0.6)})
    assert {name: one.value for name, one in found.items()} == {
        "dossier_code": "H26.12.23-260701-0001",
        "procedure_code": "1.001193",
        "due_on": "2026-07-08",
    }
    assert all(one.is_certain for one in found.values())


def test_a_dossier_code_counts_on_receipts_and_where_one_is_printed_alone() -> None:
    text = "https://example.invalid/?ma=H26.12.23-260701-0001"
    assert coded_fields([page(text)], "Quyết định", {}) == {}
    assert set(coded_fields([page(text)], RECEIPT, {})) == {"dossier_code"}


def test_a_code_that_names_two_dossiers_says_nothing() -> None:
    assert paper_text("H26.12.23-260701-0001 H26.12.23-260701-0002") is None
    assert paper_text("H26.12.23-269901-0001") is None  # no such day


def passport_zone() -> tuple[str, ...]:
    number, born, expires, person = "B1234567<", "900815", "300815", NUMBER + "<<"
    fields = [one + check_digit(one) for one in (number, born, expires, person)]
    second = f"{fields[0]}VNM{fields[1]}F{fields[2]}{fields[3]}{check_digit(''.join(fields))}"
    return "P<VNMNGUYEN<<THI<MAU".ljust(44, "<"), second


def test_check_digits_are_those_of_the_standard() -> None:
    assert check_digit("D23145890734") == "9"  # ICAO Doc 9303, part 3, 4.9
    assert check_digit("001199012345") == "7" and check_digit("199012345") == "6"


@pytest.mark.parametrize("zone", [card_zone(), passport_zone()], ids=["card", "passport"])
def test_a_zone_gives_number_and_day_and_a_name_without_marks_is_doubted(
    zone: tuple[str, ...],
) -> None:
    assert {len(one) for one in zone[:2]} in ({30}, {44})
    found = coded_fields([page(lines=("BỘ CÔNG AN", *zone))], CARD_TYPE, {})
    assert found["personal_id"].value == NUMBER and found["personal_id"].source is Source.MRZ
    assert found["born_on"].value == "1990-08-15" and found["born_on"].confidence == CODED
    assert found["full_name"].value == "NGUYEN THI MAU" and not found["full_name"].is_certain


def test_a_name_that_was_read_keeps_its_marks_and_is_doubted_where_the_zone_differs() -> None:
    pages = [page(lines=card_zone())]
    alike = coded_fields(pages, CARD_TYPE, {"full_name": read("Nguyễn Thị Mẫu")})
    assert "full_name" not in alike
    other = {"full_name": read("Trần Văn Khác"), "subject": read("Trần Văn Khác")}
    unlike = coded_fields(pages, CARD_TYPE, other)
    for role in other:
        assert unlike[role].value == "Trần Văn Khác" and DIFFERS in unlike[role].reasons


def test_letters_read_for_digits_are_mended_and_fillers_may_lack() -> None:
    first, second, names = card_zone()
    worn = (first.replace("0", "O").replace("<<", "«"), second.replace("<<<<<", "<", 1), names)
    found = find_zone(page(lines=worn).rows)
    assert found and found.personal_id == NUMBER


def test_a_code_beats_a_zone() -> None:
    born = CARD.replace("15081990", "16081990")
    found = coded_fields([page(born, lines=card_zone())], CARD_TYPE, {})
    assert found["born_on"].value == "1990-08-16" and found["born_on"].source is Source.QR


def test_no_zone_with_one_wrong_digit_counts() -> None:
    random = Random("zones")
    for zone in (card_zone(), passport_zone()):
        for _ in range(150):
            which = random.randrange(2) if zone[0].startswith("I") else 1
            digits = [at for at, sign in enumerate(zone[which]) if sign.isdigit()]
            at = random.choice(digits)
            other = random.choice([d for d in "0123456789" if d != zone[which][at]])
            bad = list(zone)
            bad[which] = zone[which][:at] + other + zone[which][at + 1 :]
            assert find_zone(page(lines=tuple(bad)).rows) is None, bad[which]


def test_random_text_is_no_zone_and_costs_nothing() -> None:
    random = Random("noise")
    for _ in range(40):
        lines = tuple(
            "".join(random.choices("IDVNM<P0123456789O", k=random.choice((30, 44, 400))))
            for _ in range(4)
        )
        assert find_zone(page(lines=lines).rows) is None
    assert mrz.check_digit("<") == "0"

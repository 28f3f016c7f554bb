"""Numbers are the same with and without gaps, dots, dashes and +84; a part finds no whole."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from search.query.identifiers import may_stand_for_whole
from search.text.mentions import mention_keys
from search.text.numbers import find_numbers, normal_number
from tests.unit.search.understood import finds, page

PHONE = ["0900000123", "0900 000 123", "0900.000.123", "090-000-0123", "+84900000123",
         "+84 900 000 123", "(+84) 900.000.123", "84900000123", "+84 (0)900 000 123",
         "0084 900 000 123"]  # fmt: skip
LAND_LINE = ["02438253536", "024.3825.3536", "(024) 3825 3536", "+84 24 3825 3536"]
CITIZEN = ["001285000017", "001 285 000 017", "0012 8500 0017", "001.285.000.017"]
FORMER_CITIZEN = ["012345678", "012 345 678", "012.345.678"]
FIRM = ["0100000017", "0100 000 017", "0100.000.017", "0100000 017"]
BRANCH = ["0100109106-001", "0100109106001", "0100 109 106-001"]
MONEY = ["1500000", "1.500.000", "1,500,000", "1 500 000", "1.500.000,00", "1.500.000đ",
         "1500000 đồng", "1,500,000 đồng", "1.500.000 đồng"]  # fmt: skip
SMALL = ["1500", "1.500", "1,500"]
TITLE = ["DP 947330", "dp947330", "Dp 947330"]
KINDS = {
    "phone": PHONE, "land line": LAND_LINE, "citizen": CITIZEN, "former": FORMER_CITIZEN,
    "firm": FIRM, "branch": BRANCH, "money": MONEY, "small": SMALL,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_is_found_however_either_is_written(kind: str) -> None:
    for printed in KINDS[kind]:
        for typed in KINDS[kind]:
            text = f"Ông Mẫu, số: {printed} đồng tại xã Bản Mẫu"
            assert finds(typed, page(text)), (typed, printed)
            assert finds(f"bản mẫu {typed}", page(text)), (typed, printed)


def test_a_land_title_is_found_however_it_is_written() -> None:
    for printed in ("DP 947330", "DP947330"):
        for typed in TITLE:
            assert finds(typed, page(f"Số phát hành {printed}, vào sổ"))


@pytest.mark.parametrize("kind", KINDS)
def test_no_other_number_is_found(kind: str) -> None:
    printed = page(" ; ".join(KINDS[kind]))
    for other, numbers in KINDS.items():
        if other != kind:
            assert not [typed for typed in numbers if finds(typed, printed)]


@pytest.mark.parametrize(
    "typed",
    ["000017", "285000017", "285 000 017", "001285", "001285*", "00128500001", "*000017", "0123",
     "900000123", "900 000 123", "500000", "500.000", "1.500", "15000000", "01234567"],
)  # fmt: skip
def test_a_part_finds_no_whole(typed: str) -> None:
    text = "\n".join(
        ["001285000017 và 001 285 000 017", "0900.000.123; 1.500.000 đồng", *FIRM[1:3]]
    )
    assert not finds(typed, page(text))


def test_fields_hold_the_same_form() -> None:
    card = page("mờ", personal_id="001 285 000 017", phone="+84 900.000.123", tax_code="0100000017")
    for typed in (*PHONE, *CITIZEN, *FIRM):
        assert finds(typed, card), typed


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("1 0900 000 123 2", "0900000123"),  # the number of its row
        ("001 285 000 017 0900 000 123", "0900000123"),  # two columns
        ("0900 000 123 1.500.000 200.000", "1500000"),
        ("0 0 1 2 8 5 0 0 0 0 1 7", "001285000017"),  # a box for each digit
        ("SĐT:0900.000.123.", "0900000123"),
        ("phí 1.500.000/tháng", "1500000"),
        ("0900 000\u00a0123", "0900000123"),
        ("0900\u2013000\u2013123", "0900000123"),
        ("Tài khoản 1903 4567 8901 23", "19034567890123"),
    ],
)
def test_numbers_among_others(printed: str, typed: str) -> None:
    assert finds(typed, page(printed))


@pytest.mark.parametrize(
    "text", ["12/05/2024", "05-03-2024", "2020-2025", "Điều 12, 15", "1811/QĐ"]
)
def test_what_is_no_number(text: str) -> None:
    assert not [found for found in find_numbers(text) if not found.is_joined]


def test_years_typed_side_by_side_stay_words() -> None:
    assert finds("nhiệm kỳ 2020-2025", page("nhiệm kỳ 2020 - 2025"))
    assert finds("kế hoạch 2020 2021", page("kế hoạch 2021, của năm 2020"))


@pytest.mark.parametrize("phrase", ['"1,500,000 đồng"', '"1500000 đồng"', '"1.500.000 đồng"'])
def test_numbers_in_quotes_may_have_other_gaps(phrase: str) -> None:
    for printed in ("1.500.000 đồng", "1500000 đồng", "1,500,000 đồng"):
        assert finds(phrase, page(f"nộp {printed} lệ phí"))
    assert not finds(phrase, page("1.500.000 và đồng"))


def test_parts_of_numbers_are_decided_in_one_place() -> None:
    assert may_stand_for_whole("nguy")
    assert not any(map(may_stand_for_whole, ["001285", "n", "", "h26", "dp9473"]))


def _gapped(digits: str, random: Random) -> str:
    gap = random.choice([" ", ".", "-"])
    return "".join(f"{digit}{gap if random.random() < 0.3 else ''}" for digit in digits).strip(gap)


@pytest.mark.parametrize("make", ["0" + "3579", "00", "02"])
def test_any_gaps_make_the_same_number(make: str) -> None:
    """Property: numbers of every kind, gaps anywhere."""
    random = Random(f"gaps {make}")
    length: Callable[[], int] = lambda: {"03579": 10, "00": 12, "02": 11}[make]  # noqa: E731
    for _ in range(300):
        first = "0" + random.choice(make[1:])
        digits = first + "".join(random.choice("123456789") for _ in range(length() - 2))
        printed, typed = _gapped(digits, random), _gapped(digits, random)
        assert normal_number(printed) == digits
        assert finds(typed, page(f"số {printed}, cấp")), (typed, printed)
        assert finds(f"số {typed} cấp", page(f"số {printed}, cấp")), (typed, printed)


def test_keywords_of_a_page_are_bounded() -> None:
    table = "\n".join(
        f"{n}.{n:03}.000 đồng 0{n:03} 000 {n:03} 01/02/{1000 + n}" for n in range(999)
    )
    assert len(mention_keys(table)) == 256

"""Marks that the reader lost or confused are given back; what may be a name or a code stays."""

from __future__ import annotations

import pytest

from pipeline.vietnamese import WordReading, repair
from pipeline.vietnamese.candidates import candidates
from pipeline.vietnamese.language_model import language_model
from pipeline.vietnamese.spelling import match_case


def repaired(*lines: str, **choices: list[tuple[str, float]]) -> str:
    """Repair lines; ``choices`` gives other letters for the first vowel with a mark of a word."""
    readings = [
        [reading(word, choices.get(word.lower())) for word in line.split()] for line in lines
    ]
    changed = repair(readings)
    return "\n".join(
        " ".join(changed.get((row, place), word.text) for place, word in enumerate(line))
        for row, line in enumerate(readings)
    )


def reading(word: str, other: list[tuple[str, float]] | None) -> WordReading:
    if other is None:
        return WordReading(word)
    marked = next(place for place, char in enumerate(word) if not char.isascii())
    return WordReading(word, tuple(other if place == marked else () for place in range(len(word))))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("QUYÊT ĐỊNH:", "QUYẾT ĐỊNH:"),
        ("câp giấy chứng nhận (quyên sở hữu);", "cấp giấy chứng nhận (quyền sở hữu);"),
        ("Ủy ban nhân dân thành phó Hà Nội", "Ủy ban nhân dân thành phố Hà Nội"),
        ("phát triên kinh tê - xã hội", "phát triển kinh tế - xã hội"),
        ("cua Ủy ban nhân dân", "của Ủy ban nhân dân"),
        ("Cộng hòa xã hội chủ nghĩa Viêt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("hoà giải ở cơ sớ", "hoà giải ở cơ sở"),
        ("ỦY BAN NHÂN DÂN THÀNH PHÔ HÀ NỘI", "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI"),
        ("CÁC CƠ QUAN VÀ TỎ CHỨC", "CÁC CƠ QUAN VÀ TỔ CHỨC"),
        ("GIẤY TIẾP NHẬN HỖ SƠ", "GIẤY TIẾP NHẬN HỒ SƠ"),
        ("KT. CHU TỊCH", "KT. CHỦ TỊCH"),
        ("II. CHỦ ĐÈ, NỘI DUNG", "II. CHỦ ĐỀ, NỘI DUNG"),
        ("Sở Tài chính, Kê hoạch phát triển", "Sở Tài chính, Kế hoạch phát triển"),
        ("luận của Phó Chú tịch tỉnh", "luận của Phó Chủ tịch tỉnh"),
    ],
)  # fmt: skip
def test_lost_and_confused_marks_are_given_back(read: str, printed: str) -> None:
    assert repaired(read) == printed


@pytest.mark.parametrize(
    "printed",
    [
        "Số: 1811/QĐ-TTPVHCC",
        "Căn cứ Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025",
        "TTPVHCC, UBND, HĐND và Sở KHĐT",
        "gửi qua website: hanoi.gov.vn hoặc email ttcbth@quangngai.gov.vn",
        "Ông Nguyên Vàn Tô, bà Trân Thi Hoá",
        "Họ và tên: Lò Thị Ún; vợ Giàng Thị Mỷ",
        "Ông TRẦN MINH PHI NHẠN là chủ hộ, bà PHAN THỊ THANH LAN",
        "Tôi là GIÀNG MINH VIỆT; cấp cho bà HUỲNH THỊ DIỄM CHI",
        "cấp cho ông LÂM CÔNG NHẪN HỚT; CHỦ TỊCH TỐNG CÔNG NÂU; bà ĐÀO ĐỨC SẮN",
        "sử dụng mã H26.19.25-260105-0007",
        "Việt Nam Đắk Lắk Kon Tum",
        "bà Trần Thị Hiên nay thường trú tại xã; ông Lê Văn Ngươi dân tộc Kinh",
        "Ông Phạm Quy định cư tại xã",
        "a) Hoà giải; đ) thuỷ lợi, Uỷ ban",
        "a e g đ",
    ],
)
def test_numbers_codes_names_and_what_is_right_stay(printed: str) -> None:
    assert repaired(printed) == printed


def test_what_may_be_a_name_stays_even_when_the_picture_supports_another() -> None:
    seen = [("ắ", 0.6)]
    assert repaired("NGUYỄN PHAN HÒA BẶC", bặc=seen) == "NGUYỄN PHAN HÒA BẶC"
    assert repaired("ông Vân Bằc làm chủ", bằc=seen) == "ông Vân Bằc làm chủ"


def test_the_picture_decides_between_two_that_can_be() -> None:
    assert repaired("các câu của dân") == "các câu của dân"
    assert repaired("các câu của dân", câu=[("ầ", 0.6)]) == "các cầu của dân"


def test_a_phrase_goes_on_over_the_end_of_a_line() -> None:
    assert repaired("theo quy", "đinh của pháp luật") == "theo quy\nđịnh của pháp luật"


def test_candidates_are_other_marks_and_letters_that_were_seen() -> None:
    model = language_model()
    unseen = {found.syllable: found for found in candidates(model, "quyêt", ())}
    assert set(unseen) == {"quyết", "quyệt"}
    assert not unseen["quyết"].supported
    places = [(), (), (), (("ế", 0.4),), ()]
    seen = {found.syllable: found for found in candidates(model, "quyêt", places)}
    assert seen["quyết"].supported
    assert seen["quyết"].cost < unseen["quyết"].cost
    letters = [(("v", 0.3),), (), (), ()]
    assert "viên" in {found.syllable for found in candidates(model, "niên", letters)}
    assert "viên" not in {found.syllable for found in candidates(model, "niên", ())}


@pytest.mark.parametrize(
    ("syllable", "printed", "written"),
    [
        ("hòa", "HOẢ", "HOÀ"),
        ("hòa", "HỎA", "HÒA"),
        ("ủy", "Uỳ", "Uỷ"),
        ("quyết", "Quyêt", "Quyết"),
        ("thủy", "thuy", "thủy"),
    ],
)
def test_case_and_place_of_the_tone_stay_as_printed(
    syllable: str, printed: str, written: str
) -> None:
    assert match_case(syllable, printed) == written


def test_nothing_comes_of_nothing() -> None:
    assert repair([]) == {}
    assert repair([[], [WordReading("...")], [WordReading("12")]]) == {}

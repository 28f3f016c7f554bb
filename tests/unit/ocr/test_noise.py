"""Dirt is no word, and a lost space is given back."""

from __future__ import annotations

import pytest

from ocr.engines.port import LetterChoice, OcrWord
from ocr.page.noise import without_false_words, without_scrawls
from pipeline.model import Box


def word(text: str, confidence: float = 0.95, *, left: int = 100, height: int = 20) -> OcrWord:
    choices = tuple((LetterChoice(char, 0.5),) for char in text)
    return OcrWord(text, confidence, Box(left, 50, 12 * len(text), height), choices=choices)


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("|Số", ["Số"]),
        ("ˆMai", ["Mai"]),
        ("`Thị~", ["Thị"]),
        ("'TRUNG", ["TRUNG"]),
        ("'một'", ["'một'"]),
        ("¦", []),
        ("ˆ", []),
        ("[]", []),
        ("[_}", []),
        ("L]", []),
        ("[X]", ["[X]"]),
        ("[1]", ["[1]"]),
        ("./.", ["./."]),
        ("ngày23", ["ngày", "23"]),
        ("04tháng", ["04", "tháng"]),
        ("ngày24tháng", ["ngày", "24", "tháng"]),
        ("Điều5.", ["Điều", "5."]),
        ("Giớitính:", ["Giới", "tính:"]),
        ("Số:575/UBND-NC", ["Số:", "575/UBND-NC"]),
        ("Số:…/QĐ", ["Số:…/QĐ"]),
        ("Fax:02793026577", ["Fax:", "02793026577"]),
        ("MST:0289506362.", ["MST:", "0289506362."]),
        ("sơ:H63.12-524298", ["sơ:", "H63.12-524298"]),
        ("tên:Nguyễn", ["tên:", "Nguyễn"]),
        ("tộc:Kinh", ["tộc:", "Kinh"]),
        ("chỉ:thôn", ["chỉ:", "thôn"]),
        ("sinh:7/5/1990", ["sinh:", "7/5/1990"]),
        ("số:TN-0457", ["số:", "TN-0457"]),
        ("GCN:BO123456", ["GCN:", "BO123456"]),
        ("Fax:(024)38251235", ["Fax:", "(024)38251235"]),
        ("localhost:8080", ["localhost:8080"]),
        ("01:2021/BTNMT", ["01:2021/BTNMT"]),
        ("LêMẫu", ["Lê", "Mẫu"]),
        ("VănNam,", ["Văn", "Nam,"]),
        ("MobiFone", ["MobiFone"]),
        ("QuýIV", ["Quý", "IV"]),
        ("lụcII:", ["lục", "II:"]),
        ("QUÝI", ["QUÝI"]),
        ("khoáXV", ["khoá", "XV"]),
        *[(name, [name]) for name in "PhúX TiếnV ThịI LêI HạI LớpX NguyễnVI".split()],
        *[(name, [name]) for name in "http:8080 ISO:9001 MAC:00:1A SHA:1a2b WIN:10".split()],
        *[(name, [name]) for name in "BT:1/500 the:1 com:80 an:12 Lan:A1".split()],
        ("1\u20442", ["1/2"]),
        ("trang1\u204412", ["trang1/12"]),
        ("VPCP:BTCN", ["VPCP:BTCN"]),
        ("http://a.vn", ["http://a.vn"]),
        ("A:12", ["A:12"]),
        ("1.MỤC", ["1.", "MỤC"]),
        ("II.NỘI", ["II.", "NỘI"]),
        ("H26.I1.13", ["H26.I1.13"]),
        ("1.QH", ["1.QH"]),
        ("T.HẠNH", ["T.HẠNH"]),
        ("10:30", ["10:30"]),
        ("(Quabưu", ["(Qua", "bưu"]),
        ("CHỦTỊCH", ["CHỦ", "TỊCH"]),
        ("HàNội,", ["Hà", "Nội,"]),
        ("nghiêng", ["nghiêng"]),
        ("quyêt", ["quyêt"]),
        ("Đắk", ["Đắk"]),
        ("ttcbth", ["ttcbth"]),
        ("KTTHh5", ["KTTHh5"]),
        ("QĐ12", ["QĐ12"]),
        ("24h", ["24h"]),
        ("vie2", ["vie2"]),
        ("H26.11.13-251229-0132", ["H26.11.13-251229-0132"]),
        ("12/QĐ-UBND", ["12/QĐ-UBND"]),
    ],
)
def test_words_come_without_dirt_and_with_their_spaces(read: str, printed: list[str]) -> None:
    assert [each.text for each in without_false_words([word(read)])] == printed


def test_parts_lie_side_by_side_and_keep_what_was_read() -> None:
    day, figure = without_false_words([word("ngày23", left=100)])
    assert (day.box.left, day.box.right) == (100, 148)
    assert (figure.box.left, figure.box.right) == (148, 172)
    assert day.raw == figure.raw == "ngày23"
    assert "".join(place[0].letter for place in day.choices) == "ngày"
    assert "".join(place[0].letter for place in figure.choices) == "23"
    (plain,) = without_false_words([word("ˆMai")])
    assert "".join(place[0].letter for place in plain.choices) == "Mai"


def test_letters_alone_on_a_line_are_scrawls_unless_they_are_sure() -> None:
    line = [word("Giám"), word("đốc"), word("trung"), word("tâm"), word("phục"), word("vụ")]
    kept = without_scrawls(
        [
            line,
            [word("k", 0.4)],
            [word("xe", 0.7)],
            [word("tỉ", 0.96, height=3)],  # flat as no letter is
            [word("x", 0.93)],
            [word("2", 0.3)],
            [word("đã", 0.9)],
            [word("anh", 0.4)],
            [word("Nữ", 0.01)],  # the answer of a form
        ]
    )
    assert [" ".join(each.text for each in one) for one in kept] == [
        "Giám đốc trung tâm phục vụ",
        "x",
        "2",
        "đã",
        "anh",
        "Nữ",
    ]
    assert without_scrawls([]) == []


def test_a_page_that_is_hardly_read_seems_no_better_without_its_scrawls() -> None:
    hand = [[word("k", 0.2)], [word("xe", 0.3)], [word("duong", 0.6)]]
    assert without_scrawls(hand) == hand

"""Lines of a text layer count where their words are words of a language."""

from __future__ import annotations

import pytest

from ocr.page.layer_lines import Verdict, bullets, judged_lines, verdict_on
from pipeline.model import Box, Line, PageText, Word

LANGUAGE = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "ỦY BAN NHÂN DÂN XÃ MẪU LÂM",
    "Nơi nhận:",
    "- Lưu: VT, KT.",
    "- CT, PCT UBND tỉnh;",
    "Xem tại https://dichvucong.example.vn hoặc gửi thư về Văn phòng",
    "Ông Giàng A Páo, thôn Pá Hu",
    "Ông d´Artagnan đọc 5~10 trang",
    "Kính gửi: Sở Nông nghiệp và Môi trường (qua hệ thống Office 365)",
)
NEUTRAL = (
    "417/QĐ-UBND",
    "12.500.000",
    "30/11/2025",
    "So: 15",
    "- VPUB: CVP, PCVP, KTN, NC;",
    "…………",
    "ktxh@example.vn",
)
FOREIGN = (
    "The project shall be carried out by the district office",
    "Kinh gui Uy ban nhan dan phuong xem xet giai quyet",
    "CQNG BOA xA HQI CHU NGHiA vrer NAM",
)
ODD = (
    "测试文件 第一条 本办法适用于本市",
    "هذه وثيقة رسمية صادرة عن المكتب",
    "ឯកសារនេះចេញដោយការិយាល័យ",
    "ꨀꨇꩉ ꨣꨮꩀ ꨅꩀ",
    "Vê` kê´t quả và ki~ thuật",
    "V~ vi~c ta ch..rc §¬ng Ð¸m ¬¬¬ ®®",
)


def layer(*lines: str) -> PageText:
    return PageText(
        tuple(
            Line(
                tuple(
                    Word(word, 1.0, Box(50 * at, 40 * number, 40, 20))
                    for at, word in enumerate(line.split())
                )
            )
            for number, line in enumerate(lines)
        )
    )


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (LANGUAGE, Verdict.LANGUAGE),
        (NEUTRAL, Verdict.NEUTRAL),
        (FOREIGN, Verdict.FOREIGN),
        (ODD, Verdict.ODD),
    ],
)
def test_each_line_is_judged_alone(lines: tuple[str, ...], verdict: Verdict) -> None:
    assert {line: verdict_on(line.split()) for line in lines} == dict.fromkeys(lines, verdict)


def test_signs_that_no_script_has_are_no_words() -> None:
    text = layer("\uf0b7 Đơn đề nghị cấp giấy phép", "\uf012\uf045 \uf023", "\uf0fc")
    (judged,) = judged_lines(text)
    assert judged.line.text == "Đơn đề nghị cấp giấy phép"
    assert [word.text for word in bullets(text)] == ["\uf0b7", "\uf0fc"]


@pytest.mark.parametrize("line", ["\uf031\uf036 \uf036", "\uf051 \uf055 \uf059 \uf045 \uf054"])
def test_single_signs_of_a_line_in_private_codes_are_letters(line: str) -> None:
    assert bullets(layer("Đơn đề nghị cấp giấy phép xây dựng nhà ở", line)) == []
    assert bullets(layer("\uf031\uf036 \uf036", "\uf036", "\uf051\uf055")) == []


def test_a_converted_line_keeps_what_the_file_says() -> None:
    (judged,) = judged_lines(layer("Céng hßa x· héi chñ nghÜa ViÖt Nam"))
    word = judged.line.words[0]
    assert (word.text, word.raw, judged.verdict) == ("Cộng", "Céng", Verdict.LANGUAGE)
    assert word.confidence < 1

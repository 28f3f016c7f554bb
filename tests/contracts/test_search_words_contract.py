"""The search contract for Vietnamese words, and the order of what they find."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.model import Query
from pipeline.ports import SearchIndex
from tests.support.indexed import UnicodeForm, found, marked, only_hit, publication, with_findings


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["quyet dinh", "quyết định", "QUYẾT ĐỊNH", "Quyêt đinh"])
@pytest.mark.parametrize("printed", ["QUYẾT ĐỊNH", "quyết định", "quyêt đinh", "Quyet dinh"])
def test_finds_whatever_the_marks_case_and_form(
    index: SearchIndex, printed: str, typed: str, form: UnicodeForm
) -> None:
    index.publish([publication("d1", f"Số 12 {printed} về việc"), publication("d2", "Tờ trình")])
    assert found(index, unicodedata.normalize(form, typed)) == ["d1"]


@pytest.mark.parametrize("printed_form", ["NFC", "NFD"])
def test_finds_pages_stored_in_decomposed_form(
    index: SearchIndex, printed_form: UnicodeForm
) -> None:
    """Peers cut NFD text into fragments and do not find it."""
    index.publish([publication("d1", unicodedata.normalize(printed_form, "Quyền sử dụng đất"))])
    assert found(index, "đất") == found(index, "su dung dat") == ["d1"]


@pytest.mark.parametrize(("typed", "printed"), [("hoà", "hòa"), ("hòa", "hoà"), ("thủy", "thuỷ")])
def test_tone_placement_does_not_count_as_another_mark(
    index: SearchIndex, typed: str, printed: str
) -> None:
    other = unicodedata.normalize("NFC", typed).translate(str.maketrans("àòủỷ", "áóúý"))
    index.publish([publication("d1", f"xã {printed} bình"), publication("d2", f"xã {other} bình")])
    assert found(index, typed) == ["d1", "d2"], "the newer d2 has another tone"


def test_typed_marks_rank_first_and_others_are_still_found(index: SearchIndex) -> None:
    pages = ["giao dạt", "giao đất", "giao dat", "giao dát", "giao đắt"]
    index.publish([publication(f"d{n}", page) for n, page in enumerate(pages)])
    assert found(index, "đất")[0] == "d1"
    assert found(index, "giao đất")[0] == "d1"
    assert sorted(found(index, "đất")) == ["d0", "d1", "d2", "d3", "d4"]
    assert found(index, "dat") == ["d4", "d3", "d2", "d1", "d0"], "without marks all are equal"


def test_lookalikes_of_đ_are_đ(index: SearchIndex) -> None:
    index.publish([publication("d1", "quyết Ðịnh"), publication("d2", "quyết dính")])
    assert found(index, "định") == ["d1", "d2"]


def test_rank_is_identifier_phrase_words_then_folded(index: SearchIndex) -> None:
    words = "văn đất một hai ba bốn năm sáu bảy tám chín mười mười một mười hai mười ba công"
    index.publish(
        [
            publication("d6", "giao thông"),
            publication("d1", "khác hẳn", name="công văn đất.pdf"),
            publication("d2", "gửi công văn đất đai"),
            publication("d3", words),
            publication("d4", "gửi cong van dat dai"),
            publication("d5", words.replace("văn đất", "van dat").replace(" công", " cong")),
        ]
    )
    assert found(index, "công văn đất") == ["d1", "d2", "d3", "d4", "d5"]


def test_within_a_rank_the_newest_come_first(index: SearchIndex) -> None:
    order = [3, 0, 4, 1, 2]
    index.publish([publication(f"d{number}", "đơn đề nghị") for number in order])
    assert found(index, "đề nghị") == ["d4", "d3", "d2", "d1", "d0"]


def test_order_holds_whatever_order_dossiers_came_in(index: SearchIndex) -> None:
    """Latecomers squeeze in between their neighbours, however many there are."""
    numbers = [(number * 73) % 256 for number in range(256)]
    halving = sorted(range(64), key=lambda number: format(number, "06b")[::-1])
    numbers += [1000 + number for number in halving] + [2000 - number for number in range(64)]
    for start in range(0, len(numbers), 32):
        batch = numbers[start : start + 32]
        index.publish([publication(f"d{number:05}", "đơn đề nghị") for number in batch])
    expected = [f"d{number:05}" for number in sorted(numbers, reverse=True)]
    assert found(index, "đề nghị") == found(index, "") == expected


def test_narrowing_gaps_keep_the_order(index: SearchIndex) -> None:
    """Each dossier comes between the two that came last: no gap between places is wide enough."""
    low, high = "a", "b"
    ids = [low, high]
    for step in range(60):
        middle = f"{low}~" if step % 2 else f"{low}!"
        ids.append(middle)
        low = middle
    index.publish([publication(dossier, f"trang {dossier}") for dossier in ids])
    assert found(index, "trang") == sorted(ids, reverse=True)


def test_fields_of_the_document_rank_above_its_running_text(index: SearchIndex) -> None:
    page = publication("d1", "chữ không đọc được")
    named = with_findings(page, summary="Quy hoạch chi tiết khu đô thị")
    index.publish([named, publication("d2", "theo quy hoạch chi tiết đã duyệt")])
    assert found(index, "quy hoạch chi tiết") == ["d1", "d2"]


def test_better_ranks_have_higher_scores(index: SearchIndex) -> None:
    index.publish([publication("d1", "giao đất"), publication("d2", "giao dat")])
    first, second = index.find(Query("giao đất")).hits
    assert first.score > second.score


def test_all_words_must_be_on_the_page_or_in_its_fields(index: SearchIndex) -> None:
    scattered = publication("d1", "giấy phép xây dựng", "nhà ở riêng lẻ")
    together = with_findings(publication("d2", "nhà ở riêng lẻ"), summary="Giấy phép xây dựng")
    index.publish([scattered, together])
    assert found(index, "giấy phép nhà ở") == ["d2"]


def test_most_words_when_no_page_has_all(index: SearchIndex) -> None:
    index.publish(
        [
            publication("d1", "thành lập trung tâm phục vụ"),
            publication("d2", "thành lập hội đồng phục vụ"),
            publication("d3", "báo cáo phục vụ"),
        ]
    )
    assert found(index, "thành lập trung tâm phục hồi") == ["d1"]
    assert found(index, "hội đồng thành lập abcxyz") == ["d2"]


def test_quoted_words_must_follow_each_other(index: SearchIndex) -> None:
    index.publish([publication("d1", "đất giao cho hộ"), publication("d2", "việc giao đất cho hộ")])
    assert sorted(found(index, "giao đất")) == ["d1", "d2"]
    assert found(index, '"giao đất"') == found(index, "“giao đất” cho") == ["d2"]
    assert found(index, '"giao dat"') == ["d2"]


def test_a_misread_word_is_found_when_nothing_has_it_right(index: SearchIndex) -> None:
    index.publish([publication("d1", "Tập ưung phát triển"), publication("d2", "Điều khoản chung")])
    assert found(index, "tập trung phát triển") == ["d1"]
    assert found(index, "khoán chugn") == ["d2"]
    assert marked(only_hit(index, "dieu khoam").snippet) == ["Điều khoản"]


def test_a_number_is_never_taken_for_a_similar_number(index: SearchIndex) -> None:
    index.publish([publication("d1", "thửa 1234 tờ 56")])
    assert found(index, "1235") == []

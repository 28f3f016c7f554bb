"""The search contract for Vietnamese words, and the order of what they find."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.model import Query
from pipeline.ports import SearchIndex
from tests.contracts.conftest import Holding
from tests.support.indexed import UnicodeForm, found, marked, only_hit, publication, with_findings


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["quyet dinh", "quyết định", "QUYẾT ĐỊNH", "Quyêt đinh"])
@pytest.mark.parametrize("printed", ["QUYẾT ĐỊNH", "quyết định", "quyêt đinh", "Quyet dinh"])
def test_finds_whatever_the_marks_case_and_form(
    holding: Holding, printed: str, typed: str, form: UnicodeForm
) -> None:
    index = holding([publication("d1", f"Số 12 {printed} về việc"), publication("d2", "Tờ trình")])
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


def test_rank_is_field_phrase_folded_phrase_then_scattered_words(index: SearchIndex) -> None:
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
    assert found(index, "công văn đất") == ["d1", "d2", "d4", "d3", "d5"]


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


def test_all_words_must_be_in_the_dossier_and_together_ranks_first(index: SearchIndex) -> None:
    scattered = publication("d3", "giấy phép xây dựng", "nhà ở riêng lẻ")
    together = publication("d2", "giấy phép nhà ở")
    field = with_findings(publication("d1", "nhà ở riêng lẻ"), summary="Giấy phép xây dựng")
    index.publish([scattered, together, field, publication("d4", "giấy phép xây dựng")])
    assert found(index, "giấy phép nhà ở") == ["d2", "d1", "d3"], "a field before running text"


def test_a_name_and_a_word_of_another_page_find_their_dossier(index: SearchIndex) -> None:
    index.publish(
        [
            publication("d1", "đơn của Nguyễn Văn Mẫu", "trang trống", "giấy phép xây dựng"),
            publication("d2", "đơn của Nguyễn Văn Mẫu", "giấy chứng tử"),
        ]
    )
    hit = only_hit(index, "nguyễn văn mẫu xây dựng")
    assert (hit.dossier, hit.pages) == ("d1", (1, 3)), "pages that show the words, the best first"


def test_no_phrase_runs_from_one_page_or_field_into_the_next(index: SearchIndex) -> None:
    dossier = with_findings(
        publication("d1", "cuối là giao", "đất đầu"), summary="đăng ký", signer="kết hôn"
    )
    index.publish([dossier])
    for typed in ('"giao đất"', '"đăng ký kết hôn"', '"ký kết"'):
        assert found(index, typed) == [], typed
    assert found(index, "giao đất") == ["d1"]


def test_a_title_and_a_type_rank_before_the_same_words_in_a_sentence(index: SearchIndex) -> None:
    typed = with_findings(publication("d1", "mờ"), "Quyết định")
    index.publish(
        [typed, publication("d2", "căn cứ Quyết định số 5"), publication("d3", "quyet dinh")]
    )
    assert found(index, "Quyết định") == ["d1", "d2", "d3"]


def test_folded_phrase_before_scattered_typed_words(index: SearchIndex) -> None:
    index.publish(
        [
            publication("d1", "chứng nhận quyền sử dụng dat"),
            publication("d2", "đất, sử dụng và chứng nhận; quyền"),
        ]
    )
    assert found(index, "quyền sử dụng đất") == ["d1", "d2"]


def test_most_words_when_no_dossier_has_all(index: SearchIndex) -> None:
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


def test_a_phrase_misread_in_one_word_ranks_before_scattered_words(index: SearchIndex) -> None:
    """Tesseract wrote ``uung`` for ``trung``; the newer d2 has the words, but not together."""
    index.publish(
        [
            publication("d1", "địa điểm tập uung đông người"),
            publication("d2", "tập hồ sơ, người đông, số trung bình"),
        ]
    )
    assert found(index, "tập trung đông người") == ["d1", "d2"]


def test_a_phrase_with_any_letter_wrong_is_found_beside_its_neighbours(index: SearchIndex) -> None:
    index.publish(
        [publication("d1", "thôn Yên Xá Tân Triều"), publication("d2", "Yên Xạ, Triều Tân")]
    )
    for typed in ("yên xá tâm triều", "yen xa tan trieeu", "yên xs tân triều"):
        results = index.find(Query(typed))
        assert results.hits[0].dossier == "d1", typed
        assert results.approximate
        assert len(results.given_up) == 1


def test_what_was_given_up_is_said(index: SearchIndex) -> None:
    index.publish([publication("d1", "thành lập hội đồng phục vụ")])
    exactly = index.find(Query("hội đồng"))
    assert (exactly.approximate, exactly.given_up) == (False, ())
    near = index.find(Query("hội đồng thành lập abcxyz"))
    assert (near.approximate, near.given_up) == (True, ("abcxyz",))


def test_words_that_stand_nowhere_with_the_typed_marks_are_said(index: SearchIndex) -> None:
    index.publish([publication("d1", "giao dat"), publication("d2", "giao đất")])
    assert index.find(Query("giao đắt")).never_so_marked == ("đắt",)
    assert index.find(Query("giao đất")).never_so_marked == ()


def test_only_marked_finds_words_with_these_marks_alone(index: SearchIndex) -> None:
    index.publish([publication("d1", "giao dat"), publication("d2", "giao đất")])
    assert [hit.dossier for hit in index.find(Query("giao đất", only_marked=True)).hits] == ["d2"]
    assert index.find(Query("giao đắt", only_marked=True)).total == 0
    assert index.find(Query("giao dat", only_marked=True)).total == 2, "without marks all are meant"

"""Makes up dossiers of any number, and queries for them, for measurements of an index.

250 words a page, five pages in one to three documents a dossier; the same seed gives the same
pages and queries. Words are as frequent as in real legal text: the words of a random stretch of 2,
4 and 8 syllables stand together on 0.33, 0.10 and 0.01 of the pages (median; 5,000 held-out
sentences cut to pages: 0.35, 0.12, 0.01).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from pipeline.model import (
    Document,
    Dossier,
    Finding,
    IndexEntry,
    Outcome,
    PageState,
    Publication,
    Query,
    Source,
)
from pipeline.vietnamese import fold

WORDS, PAGES, QUERIES = 250, 5, 40  # words a page, pages a dossier, queries of each kind
FLATTENED = 30  # ranks before the most frequent word; plain Zipf puts it on every page

ONSETS = "b c ch d đ g h kh l m n nh ng ph qu r s t th tr v x".split()
RHYMES = (
    "a á à ả ạ an án àn ản ạn anh ánh ành ạnh at át ạt ăn ắn ằn ặn âm ấm ầm ất ật ấu ậu e é è ẻ ẹ"
    " ên ến ền ệ ế ề iên iến iền iện iết iệt inh ính ình ịnh o ó ò ỏ ọ oan oán oàn oạn ong óng òng"
    " ọng ô ố ồ ổ ộ ôi ối ồi ổi ội ơ ớ ờ ở ợ u ú ù ủ ụ uông uống uồng ương ướng ường ượng ưu ứu y ý"
).split()
PHRASES = (
    "quyết định|ủy ban nhân dân|thành phố|Hà Nội|căn cứ|nghị định|thông tư|hồ sơ|thủ tục hành chính"
    "|trung tâm phục vụ hành chính công|giấy chứng nhận|quyền sử dụng đất|phường|xã|cấp|ngày|tháng"
    "|năm|của|và|các|theo|được|việc|về|cho|người|cơ quan|tổ chức|cá nhân|đăng ký|khai sinh|kết hôn"
    "|thường trú|địa chỉ|họ và tên|số|điều|khoản|thực hiện|giải quyết|tiếp nhận|trả kết quả"
    "|chủ tịch|phó chủ tịch|nơi nhận|lưu|văn thư|công chứng|xây dựng|giấy phép|kinh doanh|thuế"
    "|tài nguyên|môi trường|diện tích|thửa đất|tờ bản đồ|mục đích|thời hạn"
    "|cộng hòa xã hội chủ nghĩa việt nam|độc lập tự do hạnh phúc|báo cáo|kế hoạch"
    "|thông báo|đề nghị|xác nhận|trách nhiệm|quy định"
).split("|")
FAMILY, GIVEN = (
    "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi".split(),
    "An Bình Chi Dũng Giang Hà Hải Hạnh Hòa Khánh Lan Linh Mai Minh Nam Nga Phúc Quân Sơn".split(),
)
TYPES = {
    "Quyết định": "QĐ",
    "Thông báo": "TB",
    "Tờ trình": "TTr",
    "Báo cáo": "BC",
    "Giấy mời": "GM",
}
UNITS = [f"Chi nhánh số {number}" for number in range(1, 31)]


class Paper:
    """Makes up dossiers."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        rare = sorted({onset + rhyme for onset in ONSETS for rhyme in RHYMES})
        self._random.shuffle(rare)
        self._vocabulary = PHRASES + rare
        self._weights = list(
            accumulate(1 / (rank + FLATTENED) for rank in range(len(self._vocabulary)))
        )

    def dossiers(self, pages: int) -> Iterator[Publication]:
        """Yield dossiers, oldest first, that hold so many pages together."""
        for number in range(pages // PAGES):
            yield self._dossier(number)

    def _dossier(self, number: int) -> Publication:
        choice = self._random.choice
        received = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=4 * number)
        papers = [self._document(number, received) for _ in range(choice([1, 1, 2, 3]))]
        entries = []
        for page in range(PAGES):
            kind, findings = papers[page * len(papers) // PAGES]
            entries.append(IndexEntry(page + 1, self._page(), PageState.READ, kind, findings))
        code = f"H26.19.{number % 30:02}-{received:%y%m%d}-{number % 10000:04}"
        outcome = choice([Outcome.COMPLETE] * 9 + [Outcome.PARTIAL])
        dossier = Dossier(
            f"{number:08}", f"scan{number:05}.pdf", received, code, choice(UNITS),
            f"{number % 3 + 1}.{number % 300:06}", documents=_titled(*papers[0]), outcome=outcome,
        )  # fmt: skip
        return Publication(dossier, 2, tuple(entries))

    def _document(self, number: int, received: datetime) -> tuple[str, dict[str, str]]:
        kind = self._random.choice(list(TYPES))
        issued = received - timedelta(days=self._random.randrange(700))
        return kind, {
            "number": str(number % 4000 + 1),
            "symbol": f"{TYPES[kind]}-UBND",
            "issued_on": issued.date().isoformat(),
            "summary": f"Về việc {self._text(8)}",
            "signer": self._name(),
            "issuer": f"Ủy ban nhân dân phường số {number % 200}",
        }

    def _page(self) -> str:
        return f"{self._text(WORDS // 2)}\n{self._name()}\n{self._text(WORDS // 2)}"

    def _text(self, words: int) -> str:
        drawn = self._random.choices(self._vocabulary, cum_weights=self._weights, k=words)
        return " ".join(" ".join(drawn).split()[:words])

    def _name(self) -> str:
        return " ".join([self._random.choice(FAMILY), *self._random.choices(GIVEN, k=2)])


def _titled(kind: str, findings: dict[str, str]) -> tuple[Document, ...]:
    """Return the first document of a dossier, whose type, number and summary are its title."""
    found = {name: Finding(value, value, 1.0, Source.OCR, 1) for name, value in findings.items()}
    return (Document(kind, (1,), found),)


def beginnings(sample: list[Publication], seed: int) -> dict[str, list[str]]:
    """Return what people may have typed so far, by kind, drawn from dossiers in the index."""
    draw = random.Random(f"beginnings {seed}")

    def title(words: int, letters: int) -> str:
        typed = draw.choice(sample).dossier.title.split()
        start = draw.randrange(len(typed))
        *whole, last = typed[start : start + words]
        return " ".join([*whole, last[:letters]])

    kinds: dict[str, Callable[[], str]] = {
        "2 letters of a word": lambda: title(1, 2),
        "3 words of a title": lambda: fold(title(3, 2)),
        "its beginning": lambda: draw.choice(sample).dossier.title[: draw.randint(3, 25)],
        "part of a code": lambda: str(draw.choice(sample).dossier.code)[: draw.randint(2, 16)],
        "a unit": lambda: draw.choice(UNITS)[: draw.randint(2, 15)],
    }
    return {kind: [make() for _ in range(QUERIES)] for kind, make in kinds.items()}


def queries(sample: list[Publication], seed: int) -> dict[str, list[Query]]:
    """Return queries by kind, drawn from dossiers that are in the index."""
    draw = random.Random(seed)

    def stretch(words: int) -> str:
        page = draw.choice(draw.choice(sample).entries).text.split()
        start = draw.randrange(len(page) - words)
        return " ".join(page[start : start + words])

    def number() -> str:
        findings = draw.choice(sample).entries[0].findings
        return f"{findings['number']}/{findings['symbol']}".lower()

    def damaged() -> str:
        words = stretch(4)
        at = draw.randrange(len(words))
        return f"{words[:at]}{draw.choice('aeiou')}{words[at + 1 :]}"

    kinds: dict[str, Callable[[], Query]] = {
        "dossier code": lambda: Query(str(draw.choice(sample).dossier.code)),
        "document number": lambda: Query(number()),
        "name, marks": lambda: Query(draw.choice(sample).entries[0].findings["signer"]),
        "name, no marks": lambda: Query(fold(draw.choice(sample).entries[0].findings["signer"])),
        "4 words, marks": lambda: Query(stretch(4)),
        "4 words, no marks": lambda: Query(fold(stretch(4))),
        "8 words": lambda: Query(stretch(8)),
        "4 words, one damaged": lambda: Query(damaged()),
        "common words": lambda: Query(draw.choice(PHRASES)),
        "common, filtered": lambda: Query(draw.choice(PHRASES), {"unit": draw.choice(UNITS)}),
        "nothing typed": lambda: Query("", {"document_type": draw.choice(list(TYPES))}),
    }
    return {kind: [make() for _ in range(QUERIES)] for kind, make in kinds.items()}

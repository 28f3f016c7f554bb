"""Measure an index: pages/s published, bytes a page, p50/p95/p99 of a mixed list of queries.

    .venv/bin/python bench/search_index.py --pages 100000 --clients 1,4,16
    .venv/bin/python bench/search_index.py --pages 1000000 --form elasticsearch --clients 1,4,16

The first is the embedded index; the second needs ``SOHOA_TEST_ELASTICSEARCH_*`` (an alias of its
own is made there, and taken away at the end). Publishing is streamed, ``--batch`` dossiers a call,
as ``sohoa reindex`` does; making the pages up is not counted. Of the embedded index also: memory,
replacing one dossier, and the first search of a fresh process (``--cold`` is that process).

Pages are made up: 250 words, five pages in one to three documents a dossier; the same seed gives
the same pages and queries. Words are as frequent
as in real legal text: the words of a random stretch of 2, 4 and 8 syllables stand together on
0.33, 0.10 and 0.01 of the pages (median; 5,000 held-out sentences cut to pages: 0.35, 0.12, 0.01).
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate, islice
from pathlib import Path

from pipeline.model import Dossier, IndexEntry, Outcome, PageState, Publication, Query
from pipeline.ports import Rebuild, SearchIndex
from pipeline.settings import SearchSettings
from pipeline.vietnamese import fold
from search import open_index
from tests.support.servers import client_of, fresh_alias

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
            f"{number:08}", f"scan{number:05}.pdf", received, code, choice(UNITS), outcome=outcome
        )
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
        }

    def _page(self) -> str:
        return f"{self._text(WORDS // 2)}\n{self._name()}\n{self._text(WORDS // 2)}"

    def _text(self, words: int) -> str:
        drawn = self._random.choices(self._vocabulary, cum_weights=self._weights, k=words)
        return " ".join(" ".join(drawn).split()[:words])

    def _name(self) -> str:
        return " ".join([self._random.choice(FAMILY), *self._random.choices(GIVEN, k=2)])


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


def index_all(
    index: SearchIndex | Rebuild, arguments: argparse.Namespace
) -> tuple[float, list[Publication]]:
    """Publish everything; return the seconds spent in the index and a sample of dossiers."""
    spent, sample = 0.0, []
    number = arguments.pages // PAGES
    dossiers = Paper(arguments.seed).dossiers(arguments.pages)
    for start in range(0, number, arguments.batch):
        batch = list(islice(dossiers, arguments.batch))
        spent += seconds(partial(index.publish, batch))
        if start // arguments.batch % max(1, number // arguments.batch // 500) == 0:
            sample.append(batch[0])
    return spent, sample


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def timings(index: SearchIndex, asked: list[Query], clients: int) -> list[float]:
    """Return the milliseconds of each query, asked once, by so many clients at the same time."""
    with ThreadPoolExecutor(clients) as threads:
        return list(threads.map(lambda query: index.find(query).took_ms, asked))


def row(label: str, times: list[float]) -> str:
    """Return a line of the table: median, 95th and 99th percentile, worst, in milliseconds."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"{label:22}{len(times):5}{cuts[49]:9.1f}{cuts[94]:9.1f}{cuts[98]:9.1f}{max(times):9.1f}"


def bytes_in(folder: Path) -> int:
    """Return what the files of a folder take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def opened(form: str, kept: str) -> Iterator[tuple[SearchIndex, Callable[[], int], Path]]:
    """Lend a fresh index, what tells its bytes on disk, and its home; nothing is left of it."""
    if form == "elasticsearch":
        with fresh_alias() as settings, client_of(settings) as client:
            stats = partial(client.indices.stats, index=settings.index, metric="store")
            yield (
                open_index(settings, Path("nowhere")),
                lambda: int(stats().body["_all"]["primaries"]["store"]["size_in_bytes"]),
                Path("nowhere"),
            )
        return
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as home:
        place = Path(kept or home)
        yield open_index(SearchSettings(), place), lambda: bytes_in(place), place


def publish_all(index: SearchIndex, size: Callable[[], int], arguments: argparse.Namespace) -> None:
    """Build the index and print what that took."""
    built = index.rebuild()
    processor = time.process_time()
    spent, sample = index_all(built, arguments)
    spent += seconds(built.serve)
    kibibytes, speed = size() / arguments.pages / 1024, arguments.pages / spent
    print(f"{arguments.form}, {arguments.pages} pages: {speed:.0f} pages/s", end=", ")
    print(f"{kibibytes:.2f} KiB a page, {spent:.1f} s", end=", ")
    print(f"{time.process_time() - processor:.1f} s of processor with making the pages", end=", ")
    print(f"{resident():.0f} MiB resident at most", flush=True)
    SAMPLES.extend(sample)


SAMPLES: list[Publication] = []


def resident() -> float:
    """Return the largest memory of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def replaced(index: SearchIndex, times: int) -> list[float]:
    """Return the milliseconds of replacing one dossier, each time another."""
    return [
        seconds(partial(index.publish, [replace(one, sequence=one.sequence + 1)])) * 1000
        for one in SAMPLES[:times]
    ]


def cold_start(home: Path) -> str:
    """Return what the first searches of a fresh process take."""
    command = [sys.executable, __file__, "--cold", str(home)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=60, env=environment
    ).stdout.strip()


def first_searches(home: Path) -> None:
    """Print the milliseconds of the first searches of this process, and its memory."""
    index = open_index(SearchSettings(), home)
    times = [
        seconds(partial(index.find, Query(text))) * 1000 for text in ("giấy phép xây dựng",) * 2
    ]
    print(f"first search {times[0]:.0f} ms, again {times[1]:.0f} ms, {resident():.0f} MiB resident")


def ask_all(index: SearchIndex, arguments: argparse.Namespace) -> None:
    """Ask by kind, then all kinds mixed by several clients, and print the times."""
    print(f"{'queries':22}{'n':>5}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    kinds = queries(SAMPLES, arguments.seed)
    everything = []
    for kind, asked in kinds.items():
        times = timings(index, asked, 1)
        everything += times
        print(row(kind, times), flush=True)
    print(row("all, 1 client", everything))
    mixed = [query for together in zip(*kinds.values(), strict=True) for query in together]
    for clients in map(int, arguments.clients.split(",")):
        if clients > 1:
            print(row(f"all, {clients} clients", timings(index, mixed, clients)), flush=True)


def main() -> None:
    """Index, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", choices=["embedded", "elasticsearch"], default="embedded")
    parser.add_argument("--clients", default="1", help="for example 1,4,16")
    parser.add_argument("--batch", type=int, default=400, help="dossiers a call")
    parser.add_argument("--home", default="", help="embedded: where the index is made and stays")
    parser.add_argument("--cold", default="", help="only the first searches in this home")
    arguments = parser.parse_args()
    if arguments.cold:
        first_searches(Path(arguments.cold))
        return
    with opened(arguments.form, arguments.home) as (index, size, home):
        publish_all(index, size, arguments)
        if arguments.form == "embedded":
            print("fresh process:", cold_start(home), flush=True)
        ask_all(index, arguments)
        print(row("replace one dossier", replaced(index, 40)))


if __name__ == "__main__":
    main()

"""Whatever is typed or printed, parsing and keywords are never an error, bounded and quick."""

from __future__ import annotations

import time
import unicodedata
from random import Random

import pytest

from search import matcher
from search.query.parser import MOST_TERMS, parse
from search.text.mentions import MOST, mention_keys

LUCENE = (
    '+ - && || ! ( ) { } [ ] ^ " ~ * ? : \\ / AND OR NOT TO field:value [a TO b] {a TO b} a^2 a~1'
)
TANTIVY = "IN [a b] a:* +a -b <5 >=5 \"a b\"~2 'a b' title:(a OR b) *:* _exists_:a a||b !a /re.*x/"
PIECES = [
    *LUCENE.split(), *TANTIVY.split(), "đơn", "Nguyễn", "qđ", "-", "*", '"', "“", "”", "«", ".",
    ",", "1", "12", "2024", "0900", "000", "123", "+84", "(0", ")", "/", "ngày", "tháng", "năm",
    "quý", "II", "H26.19.25", "260105", "0007", "29snvcchc", "😀", "👨‍👩‍👧",
    "\u0301", "\u200b", "\u00ad", "\ufeff",
    "\x00", "\ud800", "ﬁ", "½", "٣", "²", "İ", "ß", "漢字", "\n", "\t", "\u00a0", "–", "−",
]  # fmt: skip
HARD = [
    "đ" * 3_600, "a" * 3_600, "1" * 3_600, "*" * 3_600, "-" * 3_600, "-a" * 1_800, " -a" * 1_200,
    "a*" * 1_800, "1 " * 1_800, "1." * 1_800, "1.000" * 720, "0900 000 123 " * 280, "1 . " * 900,
    "-1 " * 1_200, "1/2/2024 " * 400, "ngày 1 tháng 2 năm 2024" * 150, "a-" * 1_800, "(1" * 1_800,
    '"' * 3_600, '-"' * 1_800, "quý i" * 700, "H26." * 900, "0" * 12 + "-" * 3_000, "+84" * 1_200,
    " ".join(f"chữ{n}" for n in range(200)), " ".join(f"-chữ{n}*" for n in range(200)),
    " ".join(str(n) for n in range(3_000)), "\u0301" * 3_600, "😀" * 1_800, "9a" * 1_800,
    LUCENE * 30, TANTIVY * 30, "a b " * 30 + '"' + "c " * 60 + '"', "29snv" * 700, "thứ " * 900,
]  # fmt: skip


def check(text: str) -> None:
    parsed = parse(text)
    assert len(parsed.terms) <= MOST_TERMS
    assert len(parsed.excluded) <= MOST_TERMS
    for term in (*parsed.terms, *parsed.excluded):
        assert term.phrases
        assert all(phrase and all(word.folded for word in phrase) for phrase in term.phrases)
        assert not term.is_prefix or len(term.phrases[0]) == 1
    keywords = [*parsed.keys, *parsed.prefixes, *(term.key for term in parsed.terms)]
    keywords += [key for term in parsed.terms for key in term.mentions]
    assert all("·" in key and " " not in key for key in keywords if key)
    assert len(mention_keys(text)) <= MOST
    matcher(text).marked(text.split()[:50])


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("number", range(len(HARD)))
def test_hard_input(number: int, form: str) -> None:
    text = HARD[number] if form == "NFC" else unicodedata.normalize("NFD", HARD[number])
    begin = time.thread_time()
    check(text)
    assert time.thread_time() - begin < 1, "ten times what it takes on a slow machine"


def test_pieces_in_any_order() -> None:
    """Property: 2,000 queries put together by chance of all operators, letters and numbers."""
    random = Random("pieces")
    for _ in range(2_000):
        count = random.choice([1, 2, 3, 5, 8, 30])
        check("".join(random.choice(PIECES) + random.choice(["", "", " "]) for _ in range(count)))


def test_any_characters() -> None:
    """Property: letters drawn from all of Unicode."""
    random = Random("characters")
    for _ in range(500):
        check("".join(chr(random.randrange(0x11_0000)) for _ in range(random.randrange(60))))


def test_parsing_twice_is_the_same() -> None:
    random = Random("twice")
    for _ in range(200):
        text = " ".join(random.choice(PIECES) for _ in range(6))
        assert parse(text) == parse(text)


@pytest.mark.parametrize("text", ["*", "* *", "***", "?", "-*", '"*"', "- * -"])
def test_wildcards_alone_ask_for_nothing(text: str) -> None:
    parsed = parse(text)
    assert not parsed.terms
    assert not parsed.excluded

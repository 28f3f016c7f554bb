"""320 graded queries over synthetic dossiers: what people ask for, and which dossiers answer it.

The first 200 are five kinds of 40; three more: typing errors, spread words, single damaged words.

The dossiers are those of ``tests/paper``, as text; some pages are misread in known ways, as scans
are. A dossier is relevant when its papers, as printed, hold what was meant: the judge looks at the
truth and never at an index. Everything comes from one seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from random import Random
from typing import NamedTuple

from pipeline.model import Dossier, IndexEntry, Outcome, PageState, Publication
from pipeline.ports import SearchIndex
from pipeline.vietnamese import canonical, fold, syllables
from tests.paper import typeface
from tests.paper.cases import PROCEDURES, Case, make_case
from tests.paper.layouts import certificate, form, named_paper, official_letter, receipt
from tests.paper.sheet import Sheet

DOSSIERS, OF_A_KIND = 160, 40
MOST_RELEVANT = 10  # a query that more dossiers answer says nothing about the first ten

_FACE = typeface("termes")
_MOST_DRAWN = 100_000  # tries for the queries of a kind
_MISREAD = (("tr", "u"), ("h", "li"), ("m", "rn"), ("d", "cl"), ("ă", "â"), ("ế", "é"), ("ơ", "o"))
_HOMONYMS = (
    ("Nguyễn Thị Hòa", "Nguyễn Thị Hoa", "Nguyễn Thị Hóa", "Nguyễn Thị Hoà"),
    ("Trần Văn Bình", "Trần Văn Bính", "Trần Vân Bình"),
    ("Lê Minh Đức", "Lê Minh Dực", "Lê Mình Đức"),
    ("Phạm Thu Hường", "Phạm Thu Hương", "Phạm Thư Hưởng"),
)


class Graded(NamedTuple):
    """A query and the dossiers that answer it."""

    kind: str
    text: str
    relevant: frozenset[str]


@dataclass(frozen=True)
class Told:
    """A dossier as it goes to the index, and what is printed on its pages."""

    publication: Publication
    case: Case
    printed: tuple[str, ...]
    numbers: tuple[str, ...]  # of its papers, as people write them


def make_told(seed: int) -> list[Told]:
    """Make the dossiers; every fourth is of somebody whose name others nearly share."""
    random = Random(f"graded {seed}")
    return [_told(number, random) for number in range(DOSSIERS)]


def _told(number: int, random: Random) -> Told:
    case = make_case(random, PROCEDURES[number % len(PROCEDURES)])
    if number % 4 == 0:
        name = random.choice(_HOMONYMS[number // 4 % len(_HOMONYMS)])
        case = replace(case, applicant=replace(case.applicant, name=name))
    lay_out = (certificate, named_paper, official_letter)[number % 3]
    sheets = [*receipt(case, random, _FACE), *form(case, random, _FACE)]
    sheets += lay_out(case, random, _FACE)
    rate = random.choice([0, 0, 0.02, 0.06])
    entries = [_entry(page, sheet, rate, random) for page, sheet in enumerate(sheets, 1)]
    received = datetime.combine(case.received, time(9), UTC)
    dossier = Dossier(
        f"{number:04}", f"{number:04}.pdf", received, case.code, case.office.name,
        outcome=Outcome.COMPLETE,
    )  # fmt: skip
    values = [sheet.values for sheet in sheets]
    numbers = [f"{of['number']}/{of['symbol']}" for of in values if {"number", "symbol"} <= set(of)]
    printed = tuple(sheet.text for sheet in sheets)
    return Told(Publication(dossier, 2, tuple(entries)), case, printed, tuple(numbers))


def _entry(page: int, sheet: Sheet, rate: float, random: Random) -> IndexEntry:
    lines = [
        " ".join(_misread(word, random) if random.random() < rate else word for word in words)
        for words in (line.split() for line in sheet.text.splitlines())
    ]
    findings = {name: value for name, value in sheet.values.items() if random.random() < 0.8}
    return IndexEntry(page, "\n".join(lines), PageState.READ, sheet.type, findings)


def _misread(word: str, random: Random) -> str:
    pairs = [pair for pair in _MISREAD if pair[0] in word]
    return word.replace(*random.choice(pairs), 1) if pairs else word


def queries(told: list[Told], seed: int) -> list[Graded]:
    """Return 200 queries, as many of each of five kinds."""
    random = Random(f"queries {seed}")
    kinds: dict[str, Callable[[Told], Graded | None]] = {
        "accented": lambda one: phrase_query("accented", one, told, random),
        "plain": lambda one: phrase_query("plain", one, told, random),
        "damaged": lambda one: phrase_query("damaged", one, told, random),
        "identifier": lambda one: _identifier(one, told, random),
        "homonym": lambda one: _homonym(one, told),
    }
    return [query for make in kinds.values() for query in drawn(make, told, random)]


def further_queries(told: list[Told], seed: int) -> list[Graded]:
    """Return 120 queries: a random letter wrong, words of several pages, one damaged word."""
    random = Random(f"further queries {seed}")
    kinds: dict[str, Callable[[Told], Graded | None]] = {
        "typo": lambda one: typo_query(one, told, random),
        "spread": lambda one: _spread(one, told, random),
        "single": lambda one: single_word_query(one, told, random),
    }
    return [query for make in kinds.values() for query in drawn(make, told, random)]


def drawn(
    make: Callable[[Told], Graded | None], told: list[Told], random: Random
) -> Iterator[Graded]:
    """Yield as many queries of a kind as there are of each, made of dossiers drawn by chance."""
    made = 0
    for _ in range(_MOST_DRAWN):
        query = make(random.choice(told))
        if query and 0 < len(query.relevant) <= MOST_RELEVANT:
            made += 1
            yield query
        if made == OF_A_KIND:
            return
    raise AssertionError("these dossiers do not answer so many queries of the kind")


def phrase_query(kind: str, one: Told, told: list[Told], random: Random) -> Graded | None:
    """Ask for three to six words that stand together on a page; None for a poor stretch."""
    words = syllables(random.choice(one.printed))
    start = random.randrange(max(1, len(words) - 6))
    meant = words[start : start + random.randint(3, 6)]
    if not any(word.isalpha() and len(word) > 2 for word in meant):
        return None
    form = fold if kind == "plain" else canonical
    relevant = _holding([form(word) for word in meant], told, form)
    if kind != "damaged":
        return Graded(kind, " ".join(map(form, meant)), relevant)
    at = random.randrange(len(meant))
    damaged = [*meant[:at], _misread(meant[at], random), *meant[at + 1 :]]
    return Graded(kind, " ".join(damaged), relevant) if damaged != meant else None


def typo_query(one: Told, told: list[Told], random: Random) -> Graded | None:
    """Ask for words that stand together, one letter of one of them replaced, lost or doubled."""
    query = phrase_query("accented", one, told, random)
    if query is None:
        return None
    words = query.text.split()
    at = random.randrange(len(words))
    if len(words[at]) < 3 or not words[at].isalpha():
        return None
    letter = random.randrange(len(words[at]))
    head, tail = words[at][:letter], words[at][letter + 1 :]
    written = random.choice(["", random.choice("aeioumnhtc"), 2 * words[at][letter]])
    typed = [*words[:at], head + written + tail, *words[at + 1 :]]
    return Graded("typo", " ".join(typed), query.relevant) if typed != words else None


def _spread(one: Told, told: list[Told], random: Random) -> Graded | None:
    """Ask for the applicant's name and three words that stand together on any page."""
    words = syllables(random.choice(one.printed))
    start = random.randrange(max(1, len(words) - 3))
    meant = [canonical(word) for word in words[start : start + 3]]
    if not any(word.isalpha() and len(word) > 2 for word in meant):
        return None
    name = [canonical(word) for word in syllables(one.case.applicant.name)]
    relevant = _holding(name, told, canonical) & _holding(meant, told, canonical)
    return Graded("spread", " ".join([*name, *meant]), relevant)


def single_word_query(
    one: Told, told: list[Told], random: Random, *, is_damaged: bool = True
) -> Graded | None:
    """Ask for one word that few dossiers have, such as a name alone; as it may be misread."""
    word = canonical(random.choice(syllables(random.choice(one.printed))))
    typed = _misread(word, random) if is_damaged else word
    if len(word) < 4 or not word.isalpha() or (is_damaged and fold(typed) == fold(word)):
        return None
    return Graded("single", typed, _holding([word], told, canonical))


def _holding(meant: list[str], told: list[Told], form: Callable[[str], str]) -> frozenset[str]:
    """Return the dossiers with a page on which these words stand together."""
    sought = f" {' '.join(meant)} "
    return frozenset(
        one.publication.dossier.id
        for one in told
        if any(sought in spaced(page, form) for page in one.printed)
    )


@cache
def spaced(text: str, form: Callable[[str], str]) -> str:
    """Return the syllables of a text in a form, a space around each."""
    return f" {' '.join(syllables(form(text)))} "


def _identifier(one: Told, told: list[Told], random: Random) -> Graded | None:
    person = one.case.applicant.personal_id
    gapped = " ".join(person[at : at + 4] for at in range(0, len(person), 4))
    code = one.case.code
    typed = random.choice([code, code.lower(), person, gapped, *map(str.lower, one.numbers)])
    bare = "".join(syllables(fold(typed)))
    relevant = frozenset(
        other.publication.dossier.id
        for other in told
        if bare in {"".join(syllables(fold(known))) for known in _identifiers(other)}
    )
    return Graded("identifier", typed, relevant)


def _identifiers(one: Told) -> list[str]:
    return [one.case.code, one.case.applicant.personal_id, *one.numbers]


def _homonym(one: Told, told: list[Told]) -> Graded | None:
    """Ask for a name; only those whose marks are the same answer, however tones are placed."""
    name = one.case.applicant.name
    alike = [other for other in told if fold(other.case.applicant.name) == fold(name)]
    if len({canonical(other.case.applicant.name) for other in alike}) < 2:
        return None
    words = [canonical(word) for word in syllables(name)]
    return Graded("homonym", name, _holding(words, told, canonical))


def fill(index: SearchIndex, told: list[Told]) -> None:
    """Publish the dossiers, newest first: order must not come from the order of writing."""
    index.publish([one.publication for one in reversed(told)])

"""Parses a search from the parameters of its URL, and builds the URL of a search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import get_args
from urllib.parse import urlencode

from pipeline.model import Query, Sort
from search.query.filters import DAYS
from search.query.receptions_typed import RECEPTION, without_reception
from web.searches import names
from web.searches.links import Seal
from web.searches.periods import periods_of, without_periods
from web.urls import SEALED, SoughtText

PER_PAGE = 20
PARAMETERS = {  # filter -> parameter of the URL
    "state": "trang-thai",
    "document_type": "loai",
    "unit": "don-vi",
    "year": "nam",
    "received_from": "nhan-tu",
    "received_to": "nhan-den",
    "reception_from": "tiep-nhan-tu",
    "reception_to": "tiep-nhan-den",
    "issued_from": "ban-hanh-tu",
    "issued_to": "ban-hanh-den",
    "procedure": "thu-tuc",
    "issuer": "co-quan",
    "missing": "thieu",
    "duplicate": "trung",
    "no_reception": "khong-ngay-tiep-nhan",
}
PERIODS = "thoi-gian"  # typed dates that stand as chips, beside what stands in the box
LONGEST_TEXT = 300  # characters of what is looked for
_SORT, _ONLY_MARKED, _PAGE, _AFTER = "sap-xep", "dung-dau", "trang", "sau"
_DAY_NAMES = {"received": "quét", "reception": "tiếp nhận", "issued": "ban hành"}
_TYPED = {"issuer", "procedure"}  # filters that people type: words, like the text itself
_SORTS: dict[Sort, str] = {  # sort -> value of its parameter
    "relevance": "",
    "received": "ngay-nhan",
    "reception": "ngay-tiep-nhan",
    "issued": "ngay-ban-hanh",
    "code": "ma",
}
assert set(_SORTS) == set(get_args(Sort))


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as the parameters of a URL state it."""

    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    sort: Sort = "relevance"
    only_marked: bool = False  # typed marks count: «Chỉ đúng dấu»
    problems: tuple[str, ...] = ()  # Vietnamese; what of the URL was left aside, and why
    after: str = ""  # ``Results.next`` of the page of results before this one
    seal: Seal | None = field(default=None, compare=False, repr=False)  # None: words in the URL

    @property
    def parameters(self) -> dict[str, str]:
        """All that a URL of this search tells, by parameter; what is left at its default is not."""
        values = {"q": self.text, **self.filter_parameters, **self.other_parameters}
        values |= {_PAGE: str(self.page) if self.page > 1 else "", _AFTER: self.after}
        return {name: value for name, value in values.items() if value}

    @property
    def url(self) -> str:
        """The URL of this search; words that somebody typed are sealed in it."""
        values = self.parameters
        if self.seal and (self.text or _TYPED & set(self.filters)):
            values = {SEALED: self.seal(values)}
        return f"/?{urlencode(values)}" if values else "/"

    @property
    def sought(self) -> SoughtText:
        """The text, for links to what was found; they lead back to this search."""
        return SoughtText(self.text, self.seal(self.parameters) if self.seal else "")

    @property
    def periods(self) -> tuple[str, ...]:
        """The dates, months and quarters in the text, as typed."""
        return tuple(one.typed for one in periods_of(self.text))

    @property
    def typed(self) -> str:
        """The text without its periods, which stand as chips."""
        return without_periods(self.text)

    @property
    def filter_parameters(self) -> dict[str, str]:
        """The filters by parameter of the URL."""
        return {
            name: self.filters[wanted]
            for wanted, name in PARAMETERS.items()
            if self.filters.get(wanted)
        }

    @property
    def other_parameters(self) -> dict[str, str]:
        """The parameters beside text, filters and page; those left at their default are empty."""
        return {_SORT: _SORTS[self.sort], _ONLY_MARKED: "1" if self.only_marked else ""}

    @property
    def query(self) -> Query:
        """The query for the index."""
        offset = 0 if self.after else (self.page - 1) * PER_PAGE
        return Query(
            self.text,
            dict(self.filters),
            PER_PAGE,
            offset,
            only_marked=self.only_marked,
            sort=self.sort,
            after=self.after,
        )

    @property
    def is_plain(self) -> bool:
        """Whether nothing at all was asked for."""
        return not self.text and not self.filters and self.page == 1 and self.sort == "relevance"

    def with_filter_toggled(self, facet: str, value: str) -> SearchRequest:
        """Return the search with a filter set, or removed when it is set already, at page 1."""
        filters = {name: current for name, current in self.filters.items() if name != facet}
        if self.filters.get(facet) != value:
            filters[facet] = value
        return replace(self, filters=filters, page=1, after="")

    def for_text(self, text: str) -> SearchRequest:
        """Return the search for another text, at page 1."""
        return replace(self, text=" ".join(text.split()), page=1, after="")

    def with_days(self, column: str, first: str, last: str) -> SearchRequest:
        """Return the search with days (ISO) of one of ``DAY_COLUMNS``, at page 1."""
        days = {f"{column}_from": first, f"{column}_to": last}
        filters = {name: day for name, day in {**self.filters, **days}.items() if day}
        return replace(self, filters=filters, page=1, after="")

    def with_marks_toggled(self) -> SearchRequest:
        """Return the search with «Chỉ đúng dấu» the other way round, at page 1."""
        return replace(self, only_marked=not self.only_marked, page=1, after="")

    def sorted_by(self, sort: Sort) -> SearchRequest:
        """Return the search in another order, at page 1."""
        return replace(self, sort=sort, page=1, after="")

    def at_page(self, page: int) -> SearchRequest:
        """Return the same search at another page of results, from 1."""
        return replace(self, page=page, after="")

    def following(self, after: str) -> SearchRequest:
        """Return the same search at the next page of results, which begins after a place."""
        return replace(self, page=self.page + 1, after=after)


def parse_request(
    parameters: Mapping[str, str], page: int, seal: Seal | None = None
) -> SearchRequest:
    """Parse a search from the parameters of its URL; unknown ones are ignored.

    A filter that makes no sense is left aside, and ``problems`` says so.

    Args:
        parameters: the parameters of the URL by name.
        page: the page of results, from 1.
        seal: seals what was typed in the URLs of the search; None: words stand in them.
    """
    filters: dict[str, str] = {}
    text = " ".join(filter(None, (parameters.get(name, "").strip() for name in ("q", PERIODS))))
    text, typed = without_reception(text)
    problems = [f"Chỉ tìm {LONGEST_TEXT} chữ đầu."] if len(text) > LONGEST_TEXT else []
    for wanted, name in PARAMETERS.items():
        value = " ".join(parameters.get(name, "").split())
        if wanted in DAYS and value:
            day = _day(value)
            if not day:
                problems.append(_no_day(wanted, value))
            value = day
        if value:
            filters[wanted] = value
    for switch in ("missing", "duplicate", "no_reception"):
        if filters.get(switch, "1") != "1":
            del filters[switch]
    if typed:  # what is typed last holds
        filters = {name: day for name, day in filters.items() if name not in RECEPTION} | typed
    return SearchRequest(
        text[:LONGEST_TEXT],
        filters,
        page,
        next(
            (sort for sort, value in _SORTS.items() if value == parameters.get(_SORT)), "relevance"
        ),
        parameters.get(_ONLY_MARKED) == "1",
        (*problems, *_turned_round(filters)),
        parameters.get(_AFTER, ""),
        seal,
    )


def _day(typed: str) -> str:
    """Return a day as ISO writes it; empty when it is none.

    Args:
        typed: a day as a date field sends it (2024-03-05), or as people write it (5/3/2024).
    """
    parts = typed.replace(".", "/").replace("-", "/").split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return ""
    if len(parts[0]) == 4:
        parts.reverse()
    day, month, year = parts
    try:
        return date(int(year) if len(year) == 4 else 0, int(month), int(day)).isoformat()
    except (ValueError, OverflowError):
        return ""


def _no_day(wanted: str, typed: str) -> str:
    shown = typed if len(typed) <= 20 else f"{typed[:20]}…"
    name = names.DAY_FILTERS[wanted]
    return f"“{shown}” không phải một ngày có thật, nên chưa lọc {name}. Viết như 05/03/2024."


def _turned_round(filters: Mapping[str, str]) -> Iterator[str]:
    for column, name in _DAY_NAMES.items():
        first, last = filters.get(f"{column}_from", ""), filters.get(f"{column}_to", "")
        if first and last and first > last:
            yield f"Khoảng ngày {name} bị ngược: ngày đầu đứng sau ngày cuối."

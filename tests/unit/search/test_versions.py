"""The versions of the indexes change when what they hold does, and only then.

A change of Elasticsearch's mapping, or of anything indexed, changes its number on purpose: write
the new one here, and the reindex into ``CHANGELOG.md``. The embedded index is built anew by itself.
"""

from __future__ import annotations

from importlib import metadata
from types import ModuleType

import pytest

from search.elastic import mapping
from search.embedded import schema
from search.text import (
    beginnings,
    columns,
    days,
    entries,
    hidden_numbers,
    keywords,
    mentions,
    tokens,
    version,
)

ELASTICSEARCH = 189407144  # version of the index


def no_terms(*_: object) -> list[str]:
    return []


def one_word(*_: object) -> str:
    return "word"


CHANGES: list[tuple[ModuleType, str, object]] = [
    (version, "PROBE", "other words"),
    (columns, "skeleton", one_word),
    (columns, "field_keys", no_terms),
    (columns, "pair_terms", lambda *_: {"pair"}),
    (tokens, "LONGEST", 3),
    (entries, "mention_keys", no_terms),
    (mentions, "find_serials", no_terms),
    (mentions, "MOST", 255),
    (mentions, "find_numbers", lambda *_, **__: []),
    (mentions, "find_dossier_codes", no_terms),
    (mentions, "find_word_dates", no_terms),
    (keywords, "_LONGEST", 7),
    (hidden_numbers, "normal_number", one_word),
    (hidden_numbers, "personal_numbers", no_terms),
    (hidden_numbers, "SHORTEST_PART", 5),
    (entries, "code_end_key", one_word),
    (entries, "day_keys", no_terms),
    (entries, "year_key", one_word),
    (entries, "value_key", one_word),
    (entries, "number_key", one_word),
    (entries, "_KEYWORDS", []),
    (entries, "_IN_HEADING", set()),
    (entries, "folded_value", lambda value: value),
    (entries, "reception_day", lambda _: ()),
    (days, "day_number", lambda _: 1),
    (entries, "WITHHELD_TITLE", "kín"),
    (entries, "may_hand_out", lambda _: True),
    (beginnings, "LONGEST_KEY", 5),
    (beginnings, "has_long_number", lambda _: True),
]


@pytest.mark.parametrize(
    ("place", "name", "other"), CHANGES, ids=[f"{one[0].__name__}.{one[1]}" for one in CHANGES]
)
def test_whatever_changes_what_is_indexed_changes_both_versions(
    monkeypatch: pytest.MonkeyPatch, place: ModuleType, name: str, other: object
) -> None:
    tokens.token_of.cache_clear()
    before = version.version_of(["parts"])
    assert version.version_of(["parts"]) == before != version.version_of(["others"])
    with monkeypatch.context() as patched:
        patched.setattr(place, name, other)
        tokens.token_of.cache_clear()
        assert version.version_of(["parts"]) != before
    tokens.token_of.cache_clear()
    assert version.version_of(["parts"]) == before


def test_the_version_of_the_embedded_index_depends_on_fields_and_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = schema.version()
    for place, name, other in (
        (version, "PROBE", "other words"),
        (schema, "MOST_TOGETHER", 33),
        (metadata, "version", lambda _: "0.28.0"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(place, name, other)
            schema.version.cache_clear()
            assert schema.version() != before, name
    schema.version.cache_clear()
    assert schema.version() == before


def test_the_version_of_the_elasticsearch_index() -> None:
    assert mapping.version() == ELASTICSEARCH
    assert mapping.template("sohoa")["index_patterns"] == [f"sohoa-{ELASTICSEARCH}-*"]

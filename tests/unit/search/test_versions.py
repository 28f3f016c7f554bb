"""The versions of the indexes change when what they hold does, and only then.

A change of Elasticsearch's mapping, or of tokens, changes its number on purpose: write the new one
here, and the reindex into ``CHANGELOG.md``. The embedded index is built anew by itself.
"""

from __future__ import annotations

from importlib import metadata

import pytest

from search.elastic import mapping
from search.embedded import schema
from search.text import tokens


def test_the_version_of_the_embedded_index_depends_on_fields_tokens_and_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = schema.version()
    for place, name, other in (
        (tokens, "PROBE", "other words"),
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
    assert mapping.version() == 2116724965
    assert mapping.template("sohoa")["index_patterns"] == ["sohoa-2116724965-*"]

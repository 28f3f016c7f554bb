"""The versions of both indexes are those of release 0.1, so that no home has to reindex.

The numbers come from running the code of 0.1 (``search/schema.py`` and ``search/mapping.py`` at
commit 88861e8). A change that needs other tables, another mapping or other tokens changes them on
purpose: write the new number here, and the reindex into ``CHANGELOG.md``.
"""

from __future__ import annotations

from search.elastic import mapping
from search.sqlite import schema


def test_the_version_of_the_sqlite_index_is_that_of_release_0_1() -> None:
    assert schema.version() == 1296961485


def test_the_version_of_the_elasticsearch_index_is_that_of_release_0_1() -> None:
    assert mapping.version() == 393688593
    assert mapping.template("sohoa")["index_patterns"] == ["sohoa-393688593-*"]

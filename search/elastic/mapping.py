"""Defines the mapping, settings and template of the index.

Pure: knows no client. A dossier is one flat document: its pages and the lines of its fields are
values of its columns, with a gap between two, so no phrase runs across. So a dossier is replaced
as a whole under the number of its record, no search sees half of one, and dossiers are counted
exactly. Text is tokenised in Python, as for the embedded index: Elasticsearch only splits at the
spaces between tokens, so both engines compare the same terms.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from search.text.columns import ORDERED, WORD_COLUMNS
from search.text.entries import FACETS, FOLDED
from search.text.hidden_numbers import PARTS, WHOLE
from search.text.version import version_of

Json = dict[str, Any]

MOST_PAGES = 1_000_000  # pages of one dossier

_VALUE = {"type": "keyword"}
_FOUND = {"type": "keyword", "doc_values": False}  # only sought, never shown or counted
_WORDS = {"type": "text", "analyzer": "read", "norms": False}  # with positions, for phrases
_SET = {**_WORDS, "index_options": "docs"}  # only whether a term is there
_KEPT = {"type": "binary", "doc_values": True}  # read by itself, unlike a stored field
# Pages of a large dossier, so that showing it reads its best ones only. Their words are sent once.
_PAGE = {
    "number": {"type": "integer"},
    "folded": {**_WORDS, "copy_to": "folded"},
    "skeleton": {**_WORDS, "index": False, "copy_to": "skeleton"},
    WHOLE: _FOUND,
    "kept": _KEPT,
}
_PROPERTIES = {
    "dossier": {"type": "keyword"},  # ids sort by time
    "place": {"type": "long"},  # sorts as the dossier, as far as numbers go
    "sequence": {"type": "long"},
    "code": {"type": "keyword"},
    **{name: _WORDS if name in ORDERED else _SET for name in WORD_COLUMNS},
    **{name: _VALUE for name in (*FACETS, "level", "missing", "no_reception")},
    **{f"{name}_folded": _FOUND for name in FOLDED},
    "duplicate": _FOUND,  # keys of who may know of a duplicate
    "of_unit": _FOUND,  # names and codes of the units it belongs to
    "beginnings": _FOUND,
    WHOLE: _FOUND,
    PARTS: _FOUND,
    "title": {"type": "keyword", "index": False},  # what is suggested of it
    **{name: {"type": "long"} for name in ("received", "reception", "issued", "issued_last")},
    "kept": _KEPT,  # what is shown of it (``search.elastic.documents``)
    "pages": {"type": "nested", "dynamic": "strict", "properties": _PAGE},
}
_SETTINGS = {
    "number_of_shards": 1,  # a million pages are a few gigabytes, and one shard counts exactly
    "auto_expand_replicas": "0-1",
    "gc_deletes": "0s",  # a dossier that was withdrawn may come back under any number
    # Each term of a query is looked up in each segment: a few larger ones cost half of many.
    "merge.policy.segments_per_tier": 6,
    "merge.policy.floor_segment": "16mb",
    "mapping.nested_objects.limit": MOST_PAGES,
    "sort": {"field": ["place", "dossier"], "order": ["desc", "desc"]},  # newest first
    "analysis": {
        "tokenizer": {"spaces": {"type": "char_group", "tokenize_on_chars": [" "]}},
        "analyzer": {"read": {"type": "custom", "tokenizer": "spaces"}},
    },
}


@cache
def version() -> int:
    """Return the checksum of this mapping and of what is indexed; another asks for a reindex."""
    return version_of([json.dumps([_PROPERTIES, _SETTINGS], sort_keys=True)])


def template(alias: str, key: str = "") -> Json:
    """Return the template that the indexes behind an alias are created from.

    Args:
        alias: the alias.
        key: fingerprint of the key that hashes numbers of people.
    """
    return {
        "index_patterns": [f"{alias}-{version()}-*"],
        "priority": 500,
        "version": version(),
        "template": {
            "settings": _SETTINGS,
            "mappings": {
                "dynamic": "strict",
                "_meta": {"version": version(), "alias": alias, "key": key},
                "_source": {"enabled": False},  # what is shown is kept beside, compressed
                "properties": _PROPERTIES,
            },
        },
    }

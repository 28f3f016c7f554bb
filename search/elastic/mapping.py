"""Defines the mapping, settings and template of the index, and builds a dossier's document.

Pure: knows no client. A dossier is one document and each of its pages a nested one, an entry of
its own with its dossier's fields. So a dossier is replaced as a whole under the number of its
record, pages that a newer record no longer has are gone with the older one, no search sees half a
dossier, and dossiers are counted exactly. Text is tokenised in Python, as for the embedded index:
Elasticsearch only splits at the spaces between tokens, so both engines compare the same terms.
"""

from __future__ import annotations

import json
from typing import Any

from pipeline.model import Publication
from search.text.columns import columns, field_terms
from search.text.entries import IndexRow, heading, index_rows
from search.text.tokens import version_of

Json = dict[str, Any]

MOST_PAGES = 1_000_000  # pages of one dossier, as in the embedded index

_FACET = {"type": "keyword"}
_STORED = {"type": "text", "index": False, "store": True, "norms": False}
_DISPLAYED = {"type": "keyword", "index": False, "doc_values": False}
_WORDS = {"type": "text", "analyzer": "read", "norms": False}
# Two words that stand together are a term of their own: phrases of common words cost no positions.
_TEXT = {**_WORDS, "index_phrases": True}
_PAGE = {
    "number": {"type": "integer"},
    "text": _STORED,
    "fields": _STORED,
    "exact": _TEXT,
    "folded": {**_TEXT, "copy_to": "vocabulary"},
    "keys": _WORDS,
    "unit": _FACET,
    "document_type": _FACET,
    "year": _FACET,
    "state": _FACET,
}
_PROPERTIES = {
    "dossier": {"type": "keyword"},  # ids sort by time
    "place": {"type": "long"},  # sorts as the dossier, as far as numbers go
    "sequence": {"type": "long"},
    "size": {"type": "integer", "index": False},  # pages
    "code": _DISPLAYED,
    "title": _DISPLAYED,
    "unit": _FACET,
    "state": _FACET,
    "document_types": _FACET,
    "years": _FACET,
    "vocabulary": {**_WORDS, "index_options": "docs"},  # which words are on any page at all
    "pages": {"type": "nested", "dynamic": "strict", "properties": _PAGE},
}
_SETTINGS = {
    "number_of_shards": 1,  # a million pages are a few gigabytes, and one shard counts exactly
    "auto_expand_replicas": "0-1",
    "gc_deletes": "0s",  # a dossier that was withdrawn may come back under any number
    "mapping.nested_objects.limit": MOST_PAGES,
    "analysis": {
        "tokenizer": {"spaces": {"type": "char_group", "tokenize_on_chars": [" "]}},
        "analyzer": {"read": {"type": "custom", "tokenizer": "spaces"}},
    },
}


def version() -> int:
    """Return the checksum of this mapping and of the tokens; another one asks for a reindex."""
    return version_of([json.dumps([_PROPERTIES, _SETTINGS], sort_keys=True)])


def template(alias: str) -> Json:
    """Return the template that the indexes behind an alias are created from."""
    return {
        "index_patterns": [f"{alias}-{version()}-*"],
        "priority": 500,
        "version": version(),
        "template": {
            "settings": _SETTINGS,
            "mappings": {
                "dynamic": "strict",
                "_meta": {"version": version(), "alias": alias},
                # Page text is stored beside, so that showing one page does not read them all.
                "_source": {"includes": ["sequence", "code", "title"]},
                "properties": _PROPERTIES,
            },
        },
    }


def document(publication: Publication) -> Json:
    """Return a dossier's document, its pages nested."""
    dossier = publication.dossier
    rows = index_rows(publication)  # none of a dossier whose scans are in another one
    unit, _, _, state = rows[0].facets if rows else ("", "", "", "")
    facets = {
        "unit": unit,
        "state": state,
        "document_types": sorted({row.facets[1] for row in rows if row.facets[1]}),
        "years": sorted({row.facets[2] for row in rows if row.facets[2]}),
    }
    return {
        "dossier": dossier.id,
        "place": _sort_number(dossier.id),
        "sequence": publication.sequence,
        "size": max((row.page for row in rows), default=0),
        **heading(dossier)._asdict(),
        **{name: value for name, value in facets.items() if value},
        "pages": [_page(row) for row in rows],
    }


def _sort_number(dossier: str) -> int:
    """Return a number made of an id's first 8 bytes: ids with different ones sort as they do.

    Elasticsearch sorts by a number eight times faster than by a keyword (8,000 dossiers: 5 ms
    against 41 ms), for it skips blocks of documents that are too old.
    """
    return int.from_bytes(dossier.encode()[:8].ljust(8, b"\0")) >> 1  # a long has a sign


def _page(row: IndexRow) -> Json:
    lines = row.fields.split("\n")
    values = [columns(value) for value in (row.text, *lines)]
    keys = [" ".join(row.keys), *(terms for line in lines for terms in field_terms(line))]
    unit, document_type, year, state = row.facets
    facets = {"unit": unit, "document_type": document_type, "year": year, "state": state}
    return {
        "number": row.page,
        "text": row.text,
        "fields": row.fields,
        "exact": [value.exact for value in values],
        "folded": [value.folded for value in values],
        "keys": keys,
        **{name: value for name, value in facets.items() if value},
    }

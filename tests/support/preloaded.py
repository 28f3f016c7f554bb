"""Loads once, in a process that forks, what each of its children would load anew.

Of the second of processor time that a child took for one job, four fifths went into modules that
are imported late, tables of words, and the hash of the rules. All of that is read from the software
itself; nothing of a home is loaded, so a child works as a process of its own would.
"""

from __future__ import annotations

from importlib import import_module

from pipeline import records
from pipeline.documents.catalogue import sample_catalogue
from pipeline.reprocessing.rules import rules_version
from pipeline.vietnamese.language_model import language_model
from search.embedded.schema import schema, version

LATE = ("ocr.reader", "owners.duplicates", "owners.store", "sqlalchemy.dialects.sqlite")


def preload() -> None:
    """Import what the product imports when it is first used, and fill its tables."""
    for name in LATE:
        import_module(name)
    for fill in (language_model, rules_version, sample_catalogue, schema, version):
        fill()
    for form in vars(records).values():
        if isinstance(form, records.Codec):
            assert form._adapter

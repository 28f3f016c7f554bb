"""Papers of a dossier: where they begin, what they are, what stands in their heads and feet.

What reads whole papers is loaded when it is first asked for: a search needs the numbers alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.documents.confusions import squeeze_code
from pipeline.documents.extract.identifiers import (
    find_document_number,
    find_document_numbers,
    find_dossier_code,
    find_dossier_codes,
    find_procedure_codes,
)

if TYPE_CHECKING:
    from pipeline.documents.assembling import assemble
    from pipeline.documents.rows import PageOfDossier
    from pipeline.documents.secrecy import find_secrecy_mark

__all__ = [
    "PageOfDossier",
    "assemble",
    "find_document_number",
    "find_document_numbers",
    "find_dossier_code",
    "find_dossier_codes",
    "find_procedure_codes",
    "find_secrecy_mark",
    "squeeze_code",
]

_LATER = {"PageOfDossier": "rows", "assemble": "assembling", "find_secrecy_mark": "secrecy"}


def __getattr__(name: str) -> object:
    """Load what is asked for (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(name)
    found: object = getattr(import_module(f"pipeline.documents.{_LATER[name]}"), name)
    globals()[name] = found
    return found

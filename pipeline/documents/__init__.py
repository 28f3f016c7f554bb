"""Papers of a dossier: where they begin, what they are, what stands in their heads and feet."""

from __future__ import annotations

from pipeline.documents.assemble import assemble
from pipeline.documents.confusions import squeeze_code
from pipeline.documents.extract.identifiers import (
    find_document_number,
    find_document_numbers,
    find_dossier_code,
    find_dossier_codes,
    find_procedure_codes,
)
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

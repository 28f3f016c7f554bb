"""Tells whether a dossier lies within somebody's scope, by unit, document type and level.

The index filters by the same rule (``Query.scope``); here it is asked of each dossier shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.access import withholding
from pipeline.documents.extract.identifiers import find_dossier_code, unit_of_code
from pipeline.model import EVERYTHING, Dossier, DropReceipts, Record, Scope
from pipeline.ports import Archive
from pipeline.vietnamese import fold, nfc

OPEN, HELD = "open", "withheld"  # levels of dossiers, as the index stores them too
ANY = ""  # in a key: whatever the unit, or the document type


def is_of_own_unit(scope: Scope, unit: str | None) -> bool:
    """Tell whether somebody of this scope may know of a file that belongs to no dossier.

    Nothing tells its document type. One whose drop names no unit is for who sees everything.
    """
    is_any = scope.document_types is None and (scope.levels is None or OPEN in scope.levels)
    return scope == EVERYTHING or (is_any and unit is not None and has_unit(scope, {unit}))


def is_own_drop(scope: Scope, drop: DropReceipts, archive: Archive) -> bool:
    """Tell whether somebody of this scope may know of the files of a drop that were refused.

    A drop's name tells its unit by a code, and accounts may name units by their names. So who may
    know of all dossiers that the drop became, or else of all that carry its code, may know of
    its refused files as well: their pages name these files, too.

    Args:
        scope: the scope.
        drop: the receipts of the drop.
        archive: where the dossiers are.
    """
    if is_of_own_unit(scope, drop.unit):
        return True
    dossiers = {line.dossier for line in drop.receipts if line.dossier}
    if not dossiers:
        codes = {found for line in drop.receipts if (found := find_dossier_code(line.name))}
        dossiers = {each for code in codes for each in archive.carriers(code)}
    records = [archive.find_record(each) for each in sorted(dossiers)]
    return bool(records) and all(record and is_within(scope, record) for record in records)


def unit_key(unit: str) -> str:
    """Return the form in which units are compared: capitals, marks and gaps do not count."""
    return " ".join(fold(unit).split())


def has_unit(scope: Scope, units: Iterable[str]) -> bool:
    """Tell whether a scope that is limited to units names one of these."""
    return bool(set(map(unit_key, units)) & set(map(unit_key, scope.units or ())))


def units_of(dossier: Dossier) -> frozenset[str]:
    """Return the units that a dossier belongs to: its name, and the code in its dossier code.

    What a paper calls a unit may be read wrong; the code is given, and accounts may name either.
    """
    named = (dossier.unit, unit_of_code(dossier.code) if dossier.code else None)
    return frozenset(nfc(each) for each in named if each)


def knowing_keys(dossier: Dossier) -> frozenset[str]:
    """Return keys of which everybody who may know of an open dossier asks for one.

    Args:
        dossier: the dossier; withheld ones are told by their level, not by these keys.
    """
    units = {ANY, *map(unit_key, units_of(dossier))}
    types = {ANY, *(one.type for one in dossier.documents if one.type)}
    return frozenset(knowing_key(unit, kind) for unit in units for kind in types)


def asked_keys(scope: Scope | None) -> frozenset[str]:
    """Return the keys by which somebody of this scope finds what they may know of."""
    units = {ANY} if scope is None or scope.units is None else _named(map(unit_key, scope.units))
    types = {ANY}
    if scope is not None and scope.document_types is not None:
        types = _named(scope.document_types)
    return frozenset(knowing_key(unit, kind) for unit in units for kind in types)


def _named(names: Iterable[str]) -> set[str]:
    """Return those of the names that are not empty, which would ask for any."""
    return {each for each in names if each.split()}


def knowing_key(unit: str, document_type: str) -> str:
    """Return one key; no unit and no type contains the sign between."""
    return f"{nfc(' '.join(unit.split()))}\t{nfc(' '.join(document_type.split()))}"


def is_within(scope: Scope, record: Record) -> bool:
    """Tell whether somebody of this scope may know that a dossier exists.

    A dossier without a unit belongs to those who see every unit; one of several document types
    to whoever may see one of them, as its other papers belong to the same case.
    """
    dossier = record.dossier
    types = {document.type for document in dossier.documents if document.type}
    level = HELD if withholding(record) else OPEN
    return (
        (scope.units is None or has_unit(scope, units_of(dossier)))
        and (scope.document_types is None or bool(types & scope.document_types))
        and (scope.levels is None or level in scope.levels)
    )

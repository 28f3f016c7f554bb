"""Tells whose a paper is: by a certain identity number or tax code on it, never by a name.

Other keys (a number that is not certain, a phone, a name with its day of birth) lead to papers
that may be somebody's: they are looked at by people, and no paper becomes anybody's by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.access import may_hand_out
from pipeline.errors import QueryError
from pipeline.model import Document, Dossier, OwnerPapers
from pipeline.vietnamese import fold

_PERSON, _TAX = (9, 12), (10, 13)  # digits of CMND and CCCD; of a firm, and of its branch
_PHONE = (10, 11)  # digits with the leading zero
_FIELDS = ("personal_id", "tax_code", "owner_id")
_PARTING = frozenset(".-\u2013")
_CERTAIN = ("person:", "tax:")  # how keys begin that make a paper somebody's


def owner_number(typed: str) -> str:
    """Return a number as the index of owners knows it, such as ``person:031…`` or ``tax:01…``.

    A person's tax code is their identity number since 1/7/2025 (TT 86/2024/TT-BTC), so both give
    one owner.

    Args:
        typed: the number as typed or read; gaps, dots and dashes do not count.

    Raises:
        QueryError: it is neither an identity number nor a tax code.
    """
    if found := _normalised(typed):
        return found
    raise QueryError(
        "Đây không phải số định danh (12 số), số chứng minh nhân dân (9 số) hay mã số thuế "
        "(10 hoặc 13 số).",
        "Nhập lại số; không tìm kho của một người bằng họ tên.",
    )


def uncertain_key(number: str) -> str:
    """Return the key of papers on which a number was read that is not certain."""
    return f"unsure:{number}"


def phone_key(typed: str) -> str:
    """Return the key of a phone number; the country's code counts as the leading zero.

    Raises:
        QueryError: it is no phone number.
    """
    if digits := _phone(typed):
        return f"phone:{digits}"
    raise QueryError("Đây không phải số điện thoại (10 số).", "Nhập lại, ví dụ 0900 000 663.")


def name_keys(name: str, born: date) -> tuple[str, str]:
    """Return the keys of a name with a day of birth, and with its year where papers have no more.

    Raises:
        QueryError: the name is none.
    """
    folded = _name(name)
    if len(folded.split()) < 2 or len(folded) > 80:
        raise QueryError("Chưa đủ họ và tên.", "Nhập cả họ và tên, có dấu hay không đều được.")
    return f"named:{folded}|{born.isoformat()}", f"named:{folded}|{born.year}"


def owner_papers(dossier: Dossier, sequence: int) -> OwnerPapers:
    """Return the keys under which the papers of a dossier are found.

    Of a dossier that may not be handed out there are none.

    Args:
        dossier: the dossier as it is published, which says whether it is withheld.
        sequence: the number of its record.
    """
    found = _keyed(dossier) if may_hand_out(dossier) else ()
    return OwnerPapers(dossier.id, sequence, tuple(dict.fromkeys(found)))


def is_owned_by(document: Document, number: str) -> bool:
    """Tell whether a paper carries the number of an owner with certainty.

    Args:
        document: the paper.
        number: the number as ``owner_number`` gives it.
    """
    return number in owners_of(document)


def owners_of(document: Document) -> tuple[str, ...]:
    """Return the numbers whose papers a paper is among, as ``owner_number`` gives them."""
    return tuple(owner_fields(document))


def owner_fields(document: Document) -> dict[str, str]:
    """Return of each owner of a paper the field that tells the number."""
    found: dict[str, str] = {}
    for name in _FIELDS:
        finding = document.findings.get(name)
        if finding and finding.is_certain and (number := _normalised(finding.value)):
            found.setdefault(number, name)
    return found


def keys_of(document: Document) -> tuple[str, ...]:
    """Return all keys under which a paper is found: its owners first."""
    return tuple(dict.fromkeys((*owners_of(document), *_leads(document))))


def makes_owner(key: str) -> bool:
    """Tell whether a key makes a paper somebody's, rather than lead to it."""
    return key.startswith(_CERTAIN)


def names_of(document: Document) -> tuple[str, ...]:
    """Return the keys of name and birth of a paper; they lead to suggestions alone."""
    name, born = (document.findings.get(one) for one in ("full_name", "born_on"))
    if not name or not born or not (folded := _name(name.value)):
        return ()
    return (f"named:{folded}|{born.value}",)


def _leads(document: Document) -> Iterator[str]:
    for name in _FIELDS:
        finding = document.findings.get(name)
        if finding and not finding.is_certain and (number := _normalised(finding.value)):
            yield uncertain_key(number)
    phone = document.findings.get("phone")
    if phone and (digits := _phone(phone.value)):
        yield f"phone:{digits}"
    yield from names_of(document)


def _keyed(dossier: Dossier) -> Iterator[tuple[str, int]]:
    for document in dossier.documents:
        if document.pages:
            for key in keys_of(document):
                yield key, document.pages[0]


def _normalised(typed: str) -> str:
    digits = _digits(typed)
    if len(digits) in _PERSON:
        return f"person:{digits}"
    return f"tax:{digits}" if len(digits) in _TAX else ""


def _phone(typed: str) -> str:
    digits = _digits(typed.strip().removeprefix("+").replace("(", "").replace(")", ""))
    if digits.startswith("84") and len(digits) - 1 in _PHONE:
        digits = f"0{digits[2:]}"
    return digits if len(digits) in _PHONE and digits.startswith("0") else ""


def _digits(typed: str) -> str:
    digits = "".join(char for char in typed if not (char in _PARTING or char.isspace()))
    return digits if digits.isascii() and digits.isdigit() else ""


def _name(name: str) -> str:
    return " ".join(fold(name).split())

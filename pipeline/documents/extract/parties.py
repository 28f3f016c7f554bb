"""Extracts the people and organisations of a paper: whose it is, who applies, whom it concerns.

A name's label opens a block, and what is labelled below it belongs to that name: mother, father and
declarant have labels alike (docs/domain.md §3.5). ``full_name`` and the other fields are those of
the paper's own person: the applicant on a receipt or a form, else whom the paper is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pipeline.documents.confusions import without_specks
from pipeline.documents.extract.dates import find_dates
from pipeline.documents.extract.label_table import PartyRole
from pipeline.documents.extract.labels import Labelled, cells_of, labelled_values
from pipeline.documents.extract.names import is_organisation, read_name
from pipeline.documents.extract.people import find_personal_ids, find_phones, find_tax_codes
from pipeline.documents.fuzzy import folded_text, upper_share
from pipeline.documents.rows import PageRows, Token, make_finding
from pipeline.documents.slots.filled import found_behind
from pipeline.model import CERTAIN, Finding, Source

DOUBT = CERTAIN - 0.1  # of what was read well, and nothing else confirms
SURE = 0.9  # least confidence of the engine from which a word is believed
SEVERAL = "Giấy tờ có hơn một người."  # which of them is meant, another paper may say
# Roles that one person has on a paper; where two have it, another paper says who is meant.
_ALONE = (PartyRole.PARTY, PartyRole.APPLICANT, PartyRole.OWN, PartyRole.SUBJECT)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_LIKE_ONE = re.compile(r"(?<=\d)[lI|](?=[\d\s,])")  # ngõ 6l: numbers of houses end with no l
_ACCOUNT = re.compile(r"\b(?:tai khoan|tk)\b")


class PaperKind(StrEnum):
    """Whose a paper is."""

    RECEIPT = "receipt"  # of an office, for the applicant
    FORM = "form"  # filled in by people
    OFFICE = "office"  # a certificate or card, about its subject


@dataclass(slots=True)
class Party:
    """A person or body on a paper, as far as it is described there."""

    role: PartyRole
    found: dict[str, Finding] = field(default_factory=dict)  # full_name or organisation, …


def parties_of(pages: Sequence[PageRows], *, is_form: bool) -> list[Party]:
    """Return the people and organisations that a paper names by labels, in reading order.

    Args:
        pages: the pages of one paper.
        is_form: whether people fill it in: what stands there may be handwritten, and is never
            certain by itself.
    """
    parties: list[Party] = [Party(PartyRole.APPLICANT)]  # what stands above the first name
    for one in labelled_values(pages):
        if one.label.field == "name":
            parties += _opened_in_cells(one, parties, is_form=is_form)
        elif one.label.field == "land":
            parties.append(Party(PartyRole.OTHER))  # its address is nobody's
        elif one.label.field:
            _describe(parties[-1], one, is_form=is_form)
    unnamed, *named = parties
    for name, finding in unnamed.found.items():
        if named and name != "address":  # a body's own address stands over the form
            named[0].found.setdefault(name, finding)
    return named


def findings_of(
    parties: Sequence[Party], kind: PaperKind, applicants_known: Collection[str] = ()
) -> dict[str, Finding]:
    """Return the findings of the paper's own person, and of applicant, subject, organisation.

    A person of whom several could be meant is given with that doubt.

    Args:
        parties: all of one paper.
        kind: the kind of owner that such a paper has.
        applicants_known: names of applicants on other papers of the dossier, folded; of a couple
            or of the sides of a contract, that one is meant.
    """
    of = {
        role: [each for each in parties if each.role is role and each.found] for role in PartyRole
    }
    couple = [*of[PartyRole.WIFE], *of[PartyRole.HUSBAND]]
    applicants = of[PartyRole.APPLICANT]
    subjects = of[PartyRole.SUBJECT] or of[PartyRole.OWN] or couple or of[PartyRole.PARTY]
    meant = [party for party in subjects if _names([party]) & {*applicants_known}]
    subjects = [*meant, *(party for party in subjects if party not in meant)]
    if kind is PaperKind.FORM and not applicants:
        applicants = of[PartyRole.OWN]  # whoever fills it in asks for himself
    first, second = (subjects, applicants) if kind is PaperKind.OFFICE else (applicants, subjects)
    own = first or second or of[PartyRole.OTHER][: len(of[PartyRole.ORGANISATION])]
    found = {**own[0].found} if own else {}
    for name, group in (("applicant", applicants), ("subject", subjects)):
        if group and (read := group[0].found.get("full_name")):
            found[name] = read
    for body in of[PartyRole.ORGANISATION]:
        for name, read in body.found.items():
            found.setdefault(name, read)
    groups = (couple, *(of[role] for role in _ALONE))
    if len(_names(meant)) != 1 and any(len(_names(group)) > 1 for group in groups):
        found = {name: one.doubted(SEVERAL) for name, one in found.items()}
    return found


def _opened_in_cells(one: Labelled, parties: Sequence[Party], *, is_form: bool) -> list[Party]:
    """Return the party whose name stands behind a label, or those in the columns behind it."""
    cells = cells_of(one.tokens) or [()]
    opened = [
        party
        for cell in cells
        if (party := _opened(one._replace(tokens=cell), parties, is_form=is_form))
    ]
    if len(cells) > 1:  # bên nữ and bên nam: what stands below them belongs to either
        opened.append(Party(PartyRole.OTHER))
    return opened


def _names(parties: Sequence[Party]) -> set[str]:
    names = (party.found.get("full_name") for party in parties)
    return {folded_text(name.value) for name in names if name}


def _opened(one: Labelled, parties: Sequence[Party], *, is_form: bool) -> Party | None:
    """Return the party whose name stands behind a label; None where none was filled in."""
    role = one.label.role or PartyRole.OTHER
    bare = folded_text(one.text)
    if role is PartyRole.PARTY and not (one.tokens and upper_share(_capitals(one.tokens)) > 0):
        return None
    if role is PartyRole.OWN and any(party.role is PartyRole.APPLICANT for party in parties[1:]):
        role = PartyRole.SUBJECT
    if role is not PartyRole.ORGANISATION and is_organisation(one.text):
        role = PartyRole.ORGANISATION if role is not PartyRole.APPLICANT else role
        return Party(role, _organisation(one, is_form=is_form))
    if role is PartyRole.ORGANISATION:
        return Party(role, _organisation(one, is_form=is_form)) if bare else None
    name = read_name(one.tokens)
    if name is None:
        return Party(role)  # a blank: what stands below it is not the person's above
    sure = min(token.confidence for token in one.tokens)
    finding = make_finding(
        one.page, name.value, one.tokens, _trust(one.page, sure, is_form=is_form)
    )
    return Party(role, {"full_name": finding.doubted(*name.doubts)})


def _capitals(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens if token.text.isupper() and len(token.text) > 1)


def _organisation(one: Labelled, *, is_form: bool) -> dict[str, Finding]:
    if not one.tokens:
        return {}
    sure = min(token.confidence for token in one.tokens)
    trust = _trust(one.page, sure, is_form=is_form)
    return {"organisation": make_finding(one.page, one.text, one.tokens, trust)}


def _trust(page: PageRows, sure: float, *, is_form: bool) -> float:
    """Return the confidence of what was read: handwriting on forms is read surely and wrongly."""
    if page.source is not Source.OCR:
        return sure
    return sure if sure >= SURE and not is_form else min(sure, DOUBT)


def _describe(party: Party, one: Labelled, *, is_form: bool) -> None:
    """Add what a label below a name says of that name; the first value counts."""
    if one.label.field == "spelled":
        _compare_spelled(party, one)
    own: set[str] = set()
    for name, value, tokens in _values(one):
        if tokens and name not in party.found:
            sure = min(token.confidence for token in tokens)
            trust = _trust(one.page, sure, is_form=is_form)
            party.found[name] = make_finding(one.page, value, tokens, trust)
            own.add(name)
    party.found |= found_behind(one, party.found, own)


def _compare_spelled(party: Party, one: Labelled) -> None:
    """Compare a day of birth in digits with the same in words; both forms must agree."""
    days = [found.day for found in find_dates(one.text) if found.day]
    digits = party.found.get("born_on")
    if not days or days[0] is None or digits is None:
        return
    if digits.value != days[0].isoformat():
        reason = "Ngày sinh bằng số và bằng chữ khác nhau."
        party.found["born_on"] = digits.doubted(reason)
    elif not digits.reasons:
        party.found["born_on"] = replace(digits, confidence=max(digits.confidence, SURE))


def _values(one: Labelled) -> Iterator[tuple[str, str, Sequence[Token]]]:
    """Yield (field, value, tokens) of what stands behind a label."""
    text, name = one.text, one.label.field
    if name == "born_on":
        if born := _born(text):
            yield name, born, one.tokens
    elif name == "phone":
        for phone in find_phones(text)[:1]:
            yield name, _national(phone), _holding(one.tokens, phone)
    elif name == "address":
        if len(text.split()) > 1:
            plain = _LIKE_ONE.sub("1", without_specks(text))
            yield name, plain.strip(" .,;"), one.tokens
    else:
        yield from _numbers(one)


def _numbers(one: Labelled) -> Iterator[tuple[str, str, Sequence[Token]]]:
    """Yield a person's number and a tax code: «CCCD/MST» prints either."""
    if _ACCOUNT.search(folded_text(one.text)):
        return
    for value in find_personal_ids(one.text)[:1]:
        yield "personal_id", value, _holding(one.tokens, value)
    for value in find_tax_codes(one.text)[:1]:
        yield "tax_code", value, _holding(one.tokens, value)


def _born(text: str) -> str:
    """Return an ISO day, a year alone, or nothing."""
    days = [found.day for found in find_dates(text) if found.day]
    if days and days[0]:
        return days[0].isoformat()
    year = _YEAR.fullmatch(text.strip(" .,"))
    return year[0] if year else ""


def _holding(tokens: Sequence[Token], digits: str) -> Sequence[Token]:
    """Return the tokens that print a number."""
    wanted = "".join(char for char in digits if char.isdigit())
    held = [
        token
        for token in tokens
        if (own := "".join(char for char in token.text if char.isdigit())) and own in wanted
    ]
    return held or tokens


def _national(phone: str) -> str:
    """Return a phone number with a leading 0 for the country's code."""
    digits = phone.removeprefix("+")
    return "0" + digits.removeprefix("84") if digits.startswith("84") else digits

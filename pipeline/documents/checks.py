"""Validators: what speaks against, or for, the values found on the papers of one dossier.

They change confidence and give reasons; no value is deleted or mended (docs/domain.md §10). What
two papers say alike is believed, what they say differently waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline import clock
from pipeline.documents.extract.identifiers import find_dossier_codes
from pipeline.documents.extract.people import Validity, check_tax_code, decode_personal_id
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.gazetteer import doubtful_syllables
from pipeline.documents.units import is_cut_name, is_nearly_listed, lacks_level, unit_named
from pipeline.model import Document, Finding, Source
from pipeline.vietnamese import canonical, has_mark, is_attested, syllables

CONFIRMED = 0.9  # confidence of what two independent readings say
_READ = 0.5  # least confidence of readings that may confirm each other
_TEST_CENTURY = 8  # G of numbers that nobody can have yet: made for tests (docs/domain.md §11)
_EARLIEST = 1900
_PHONE = re.compile(r"0[35789]\d{8}|02\d{9}")
_NAMES = ("full_name", "applicant", "subject")
_PLACES = ("issuer", "parent_issuer", "place")  # words of names alone
_SHARED = ("personal_id", "phone", "tax_code", "address", "born_on")  # of one person on many papers
_NEAR = 2  # digits in which two readings of one number may differ

_MISREAD = "Có chữ lạ: có thể đọc nhầm hoặc đọc sót chữ."

Doubts = Iterator[tuple[str, str]]  # (field, reason in Vietnamese)
Found = Mapping[str, Finding]


def checked(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return the documents of a dossier with what the validators say of their findings."""
    each = [_with_doubts(document) for document in documents]
    return tuple(_agreed(each))


def _with_doubts(document: Document) -> Document:
    found = dict(document.findings)
    for check in _CHECKS:
        for name, reason in check(document.findings):
            if name in found:
                found[name] = found[name].doubted(reason)
    return replace(document, findings=_confirmed_within(found))


def _personal_id(found: Found) -> Doubts:
    """V1: place and year of the number exist, and agree with the day of birth beside it."""
    finding = found.get("personal_id")
    if finding is None or not re.fullmatch(r"\d{12}", finding.value):
        return
    decoded = decode_personal_id(finding.value)
    is_test = int(finding.value[3]) >= _TEST_CENTURY
    if "province" in decoded.doubts:
        yield "personal_id", "Ba số đầu của số định danh không phải mã tỉnh nào."
    if "year" in decoded.doubts and not is_test:
        yield "personal_id", "Năm sinh trong số định danh ở tương lai."
    born = found.get("born_on")
    if born and born.value[:4].isdigit() and int(born.value[2:4]) != decoded.born % 100:
        for name in ("personal_id", "born_on"):
            yield name, "Năm sinh và số định danh không khớp nhau."


def _tax_code(found: Found) -> Doubts:
    """V3."""
    finding = found.get("tax_code")
    verdict = check_tax_code(finding.value) if finding else Validity.OK
    if verdict is Validity.BAD:
        yield "tax_code", "Chữ số kiểm tra của mã số thuế không đúng."
    elif verdict is Validity.WARN:
        yield "tax_code", "Mã số thuế này không kiểm tra được bằng công thức."


def _phone(found: Found) -> Doubts:
    """V10."""
    finding = found.get("phone")
    if finding and not _PHONE.fullmatch(finding.value):
        yield "phone", "Số điện thoại thừa hoặc thiếu chữ số."


def _days(found: Found) -> Doubts:
    """V8: days of a life and of a dossier follow one another."""
    born, issued = _day(found, "born_on"), _day(found, "issued_on")
    received, due = _day(found, "received_on"), _day(found, "due_on")
    today = clock.now().date()
    if born and (born.year < _EARLIEST or born > today):
        yield "born_on", "Ngày sinh không thể có."
    if born and issued and born > issued:
        yield "born_on", "Ngày sinh sau ngày của giấy tờ."
        yield "issued_on", "Ngày của giấy tờ trước ngày sinh."
    if received and due and due < received:
        for name in ("received_on", "due_on"):
            yield name, "Ngày hẹn trả trước ngày tiếp nhận."


def _code_day(found: Found) -> Doubts:
    """V5: the day in the code is the day of reception."""
    code, received = _code_received(found), _day(found, "received_on")
    if code and received and code != received:
        for name in ("dossier_code", "received_on"):
            yield name, "Ngày trong mã hồ sơ khác ngày tiếp nhận."


def _unit(found: Found) -> Doubts:
    """V11: no unit of a level that had ended on the paper's day."""
    for name in ("issuer", "receiving_unit"):
        finding = found.get(name)
        if finding and unit_named(finding.value, _day(found, "issued_on")).has_ended:
            yield name, "Cấp huyện đã kết thúc từ 01/7/2025."
    unit = found.get("receiving_unit")
    if unit and is_cut_name(unit.value):
        yield "receiving_unit", "Tên đơn vị có thể bị cắt ở cuối dòng."
    elif unit and is_nearly_listed(unit.value):
        yield "receiving_unit", "Không có đơn vị này, nhưng có tên gần giống: có thể đọc nhầm chữ."


def _names(found: Found) -> Doubts:
    """V16: no name without its level, nor with a syllable that no other name of the paper has."""
    read = {name: found[name] for name in _PLACES if _is_ocr(found.get(name))}
    for name, finding in read.items():
        if lacks_level(finding.value):
            yield name, "Thiếu cấp hành chính hoặc tên đơn vị: có thể đọc sót chữ."
        others = {word for each in read if each != name for word in _words(read[each])}
        if doubtful_syllables(finding.value) - others:
            yield name, _MISREAD
    summary = found.get("summary")
    if summary and _is_ocr(summary):
        strange = doubtful_syllables(summary.value).difference(*map(_words, read.values()))
        if any(has_mark(word) and not is_attested(word) for word in strange):
            yield "summary", _MISREAD  # a word without marks may be a foreign one


def _is_ocr(finding: Finding | None) -> bool:
    return finding is not None and finding.source is Source.OCR


def _words(finding: Finding) -> list[str]:
    return syllables(canonical(finding.value))


_CHECKS: tuple[Callable[[Found], Doubts], ...] = (
    _personal_id,
    _tax_code,
    _phone,
    _days,
    _code_day,
    _unit,
    _names,
)


def _confirmed_within(found: dict[str, Finding]) -> dict[str, Finding]:
    """Believe what one paper says twice: a day in its code, a year of birth in a number."""
    code, received = _code_received(found), _day(found, "received_on")
    issued = _day(found, "issued_on")
    alike: list[str] = []
    if received and received in (code, issued):
        alike.append("received_on")
    if received and received == issued == code:
        alike.append("issued_on")
    return {name: _raised(finding) if name in alike else finding for name, finding in found.items()}


def _raised(finding: Finding) -> Finding:
    if finding.reasons or finding.confidence < _READ:
        return finding
    return replace(finding, confidence=max(finding.confidence, CONFIRMED))


def _agreed(documents: Sequence[Document]) -> Iterator[Document]:
    """Compare names and numbers of one person across the papers of a dossier."""
    names = _readings(documents, _NAMES)
    shared = {name: _readings(documents, (name,)) for name in _SHARED}
    for at, document in enumerate(documents):
        found = dict(document.findings)
        for name, finding in document.findings.items():
            if name in _NAMES:
                found[name] = _compared_name(finding, _others(names, at))
            elif name in shared:
                found[name] = _compared(finding, _others(shared[name], at))
        yield replace(document, findings=found)


def _readings(documents: Sequence[Document], names: Sequence[str]) -> list[tuple[int, Finding]]:
    """Return (index of the document, finding) of fields of these names."""
    return [
        (at, document.findings[name])
        for at, document in enumerate(documents)
        for name in names
        if name in document.findings
    ]


def _others(readings: Sequence[tuple[int, Finding]], at: int) -> list[Finding]:
    return [finding for where, finding in readings if where != at]


def _compared_name(finding: Finding, others: Sequence[Finding]) -> Finding:
    value, folded = canonical(finding.value), folded_text(finding.value)
    unlike = [
        other
        for other in others
        if other.confidence >= _READ
        and folded_text(other.value) == folded
        and canonical(other.value) != value
    ]
    if unlike:
        return finding.doubted("Dấu của họ tên khác nhau giữa các giấy tờ.")
    same = [other for other in others if canonical(other.value) == value]
    return _raised(finding) if any(other.confidence >= _READ for other in same) else finding


def _compared(finding: Finding, others: Sequence[Finding]) -> Finding:
    value = canonical(finding.value)
    if any(0 < _differing(value, canonical(other.value)) <= _NEAR for other in others):
        return finding.doubted("Giấy tờ khác trong hồ sơ đọc ra gần giống nhưng không bằng.")
    same = [other for other in others if canonical(other.value) == value]
    return _raised(finding) if any(other.confidence >= _READ for other in same) else finding


def _differing(one: str, other: str) -> int:
    """Return in how many places two texts differ; more than they have where lengths do."""
    if len(one) != len(other):
        return len(one) + len(other)
    return sum(a != b for a, b in zip(one, other, strict=True))


def _day(found: Found, name: str) -> date | None:
    finding = found.get(name)
    if finding is None:
        return None
    try:
        return date.fromisoformat(finding.value)
    except ValueError:
        return None  # a year alone


def _code_received(found: Found) -> date | None:
    finding = found.get("dossier_code")
    codes = find_dossier_codes(finding.value) if finding else []
    return codes[0].received if codes else None

"""Tells whether an index was made by the same rules: a checksum over the entry of a sample dossier.

The sample has something of every kind that is read from a dossier. So whatever changes the terms,
keywords, values or numbers that are indexed changes the checksum, in whichever module it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from pipeline.documents.fields import FIELDS
from pipeline.model import (
    Document,
    Dossier,
    Finding,
    IndexEntry,
    MissingFile,
    Outcome,
    PageState,
    Publication,
    Source,
    Withheld,
)
from search.text.beginnings import beginning_terms
from search.text.columns import columns, field_terms
from search.text.entries import dossier_entry
from search.text.hidden_numbers import NumberHash
from search.text.mentions import MOST

_HASHING = NumberHash(lambda: b"version")  # of samples alone
# Letters, marks, both tone placements, look-alikes, digits, a number with gaps that is
# taken out: a change of either form shows here.
PROBE = (
    "Hoà Hòa quý thuỷ NGUYỄN Đường Ðịnh ưỡn ặ trưng rnclliiidi 12/2020 a\u00adb İ ß ﬁ ½ ２ ho_so"
    " 031 898 001 562"
)
# Numbers, dates and codes as texts mention them.
_MENTIONS = (
    "Căn cứ 05/QĐ-UBND, 1811/2024/QĐ-TTPVHCC ngày 5.3.2024, 2024-03-06, ngày bảy tháng ba năm hai "
    "nghìn không trăm hai mươi tư; hồ sơ H26.19.25-260105-0007; 0900.000.123, +84 900 000 124, "
    "001 085 012 345, 1.500.000 đồng, DP 947330, Hà Nội, ngày 08 tháng 3 năm 2024"
)
_TABLE = " ".join(f"DP {number}" for number in range(100_000, 100_000 + MOST + 50))  # cut
_DAY = "2024-03-05"
_RECEIVED = datetime(2024, 4, 30, 20, 0, tzinfo=UTC)  # the next day in Vietnam


def version_of(parts: Iterable[str]) -> int:
    """Return a checksum that changes with an index's definition and with whatever is indexed.

    Args:
        parts: the texts that define the index: its tables, or its mapping.
    """
    probed = (line for sample in samples() for line in _indexed(sample))
    return zlib.crc32("\n".join([*parts, *probed]).encode()) & 0x7FFF_FFFF


def samples() -> Iterator[Publication]:
    """Yield dossiers with something of every kind: digitised, waiting, withheld, joined."""
    findings = {
        field.name: _DAY if field.name.endswith(("_on", "_date")) else f"Hoà {at} {field.name}"
        for at, field in enumerate(FIELDS)
    }
    numbers = {"number": "05", "symbol": "QĐ-UBND", "dossier_code": "H26.19.25-260105-0008"}
    findings |= {**numbers, "personal_id": "001 085 012 345", "issued_on": _DAY}
    entries = (
        IndexEntry(1, f"{PROBE}\n{_MENTIONS}", PageState.READ, "Quyết định", findings),
        IndexEntry(2, "trưng dụng", PageState.READ, "", {"issuer": "SỞ HOÀ", "issued_on": "2023"}),
        IndexEntry(3, _TABLE, PageState.READ, "", {"issuer": "Sở Hòa"}),
        IndexEntry(4, "", PageState.BLANK, ""),
        IndexEntry(5, "", PageState.READ, "", {"issuer": "Công ty Mẫu ĐT 0903 123 456"}),
    )
    said = {"summary": "về việc Hoà", "received_on": _DAY}
    findings_of = {name: Finding(value, "", 1.0, Source.OCR) for name, value in said.items()}
    whole = Dossier(
        "0190000000000000000001", "tệp ho_so.pdf", _RECEIVED, "H26.19.25-260105-0007", "Bạch Mai",
        "1.004873", documents=(Document("Quyết định", (1,), findings_of),), outcome=Outcome.PARTIAL,
        missing=(MissingFile("02.docx", "hỏng"),),
    )  # fmt: skip
    yield Publication(whole, 3, entries, ("bach mai\tQuyết định",))
    yield Publication(Dossier("0190000000000000000002", "chờ.pdf", _RECEIVED), 1, ())
    sealed = Withheld(_RECEIVED, "sohoa", "dấu mật")
    yield Publication(
        Dossier("0190000000000000000003", "kín.pdf", _RECEIVED, withheld=sealed), 2, entries
    )
    gone = Dossier("0190000000000000000004", "nhập.pdf", _RECEIVED, joined_into=whole.id)
    yield Publication(gone, 2, entries)


def _indexed(sample: Publication) -> Iterator[str]:
    """Yield all that is indexed of a dossier."""
    entry = dossier_entry(sample, _HASHING)
    yield repr(sorted(asdict(entry).items()))
    for text in (*(page.text for page in entry.pages), *entry.fields):
        words = columns(text)
        yield "\n".join([words.exact, words.folded, words.skeleton, *sorted(words.pairs.split())])
        yield "\n".join(field_terms(text))
    yield "\n".join(beginning_terms(entry.suggested))

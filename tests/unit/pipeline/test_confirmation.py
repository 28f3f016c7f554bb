"""Findings that a person confirmed outlast every new reading of the dossier."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pipeline import stages
from pipeline.documents.confirmation import keep_confirmed
from pipeline.model import Document, Finding, Record, Source
from pipeline.ports import Archive
from tests.unit.pipeline.test_stages import SickReader, archive, digitised, record  # noqa: F401

NAMES = ("number", "symbol", "summary", "issuer", "document_type")


def found(value: str, by: str | None = None) -> Finding:
    return Finding(value, value, 0.5, Source.TYPED if by else Source.OCR, 1, None, by)


def documents(chance: random.Random, by: str | None) -> tuple[Document, ...]:
    """Return documents over some pages of twelve, cut anywhere."""
    cuts = sorted(chance.sample(range(1, 12), chance.randrange(5)))
    runs = zip([0, *cuts], [*cuts, 12], strict=True)
    return tuple(
        Document(
            "Giấy",
            tuple(range(first + 1, last + 1)),
            {
                name: found(str(chance.random()), by if chance.random() < 0.5 else None)
                for name in chance.sample(NAMES, chance.randrange(len(NAMES)))
            },
        )
        for first, last in runs
    )


@pytest.mark.parametrize("seed", range(50))
def test_no_reading_overwrites_what_a_person_confirmed(seed: int) -> None:
    chance = random.Random(seed)
    before, after = documents(chance, "lan"), documents(chance, None)
    after = after[: chance.randrange(len(after) + 1)]
    merged = keep_confirmed(before, after)
    confirmed = [
        (name, finding)
        for document in before
        for name, finding in document.findings.items()
        if finding.confirmed_by
    ]
    kept = [pair for document in merged for pair in document.findings.items()]
    assert sorted(map(repr, confirmed)) == sorted(
        repr(pair) for pair in kept if pair[1].confirmed_by
    )
    pages = [page for document in merged for page in document.pages]
    assert len(pages) == len(set(pages))
    assert {page for document in after for page in document.pages} <= set(pages)


def test_the_same_cut_keeps_every_confirmed_finding_and_takes_the_new_others() -> None:
    before = (Document("Quyết định", (1, 2), {"number": found("12", "lan"), "issuer": found("A")}),)
    after = (Document("Quyết định", (1, 2), {"number": found("72"), "issuer": found("B")}),)
    (merged,) = keep_confirmed(before, after)
    assert merged.findings == {"number": found("12", "lan"), "issuer": found("B")}


def test_a_confirmed_type_names_the_document() -> None:
    before = (Document("Tờ trình", (1,), {"document_type": found("Tờ trình", "lan")}),)
    (merged,) = keep_confirmed(before, (Document("Quyết định", (1,), {}),))
    assert merged.type == "Tờ trình"


def test_what_was_confirmed_stays_when_nothing_is_found_any_more() -> None:
    before = (Document("Quyết định", (3,), {"number": found("12", "lan"), "place": found("X")}),)
    (kept,) = keep_confirmed(before, ())
    assert kept == Document("Quyết định", (3,), {"number": found("12", "lan")})


def test_a_new_reading_of_a_dossier_keeps_what_was_confirmed_and_names_who_wrote(
    record: Record,  # noqa: F811
    archive: Archive,  # noqa: F811
) -> None:
    read = digitised(record, archive, SickReader())
    assert read.actor == stages.SYSTEM
    corrected = tuple(
        replace(document, findings={**document.findings, "number": found("12", "lan")})
        for document in read.dossier.documents
    )
    mended = stages.keep_next(
        read, replace(read.dossier, documents=corrected), "corrected", archive, actor="lan"
    )
    assert mended.actor == "lan"
    other = SickReader(printed="TỜ TRÌNH trang", recipe="sick-2")
    again = digitised(mended, archive, other)
    assert again.sequence == mended.sequence + 1
    assert [one.findings["number"] for one in again.dossier.documents] == [found("12", "lan")]


def test_who_asked_again_stands_in_the_queue(record: Record, archive: Archive) -> None:  # noqa: F811
    digitised(record, archive, SickReader(frozenset({2})))
    stages.ask_again("0a", archive, actor="lan")
    (entry,) = archive.queued()
    assert archive.is_queued("0a")
    assert archive.open_entry(entry).asked_by == "lan"

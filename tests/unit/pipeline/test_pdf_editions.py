"""The searchable PDF follows what people mended of its scan; the one made before stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf

from ocr import open_binder
from pipeline.model import (
    Dossier,
    MendedLine,
    MendedPage,
    PageEdit,
    PageNote,
    PageRef,
    PageState,
    Record,
    Scan,
)
from pipeline.pdf_binding import bind as bind_dossier
from pipeline.ports import PageReading
from pipeline.settings import ReadingSettings, StorageSettings
from storage import open_archive
from tests.support.searchable_pdfs import FAX, TIFF, as_tiff, drawn, pages_of, raw_words, tokens

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
RECIPE = "truth-1"


def test_mended_words_and_pages_left_out_make_another_pdf_and_the_first_stays(
    tmp_path: Path,
) -> None:
    archive = open_archive(StorageSettings(), tmp_path / "home")
    binder = open_binder(ReadingSettings())
    drawing = drawn(FAX, FAX)
    pages, (path, _) = pages_of(drawing), as_tiff(drawing, tmp_path)
    scan = archive.keep_original(path)
    archive.claim_original(scan, "0a")
    for page in pages:
        archive.keep_page(PageRef("0a", scan, page.number), RECIPE, PageReading(page, b"webp"))
    notes = tuple(PageNote(scan, number, RECIPE, PageState.READ, 0.9, 0.5) for number in (1, 2))
    scans = (Scan(scan, "fax.tif", path.stat().st_size, TIFF, 2),)
    dossier = Dossier("0a", "fax.tif", NOW, scans=scans, pages=notes)
    record = Record(1, NOW, "sohoa", "digitised", dossier)
    archive.keep_record(record)
    (first,) = bind_dossier(record, archive, binder)

    line = pages[0].text.lines[0]
    boxes = tuple(word.box for word in line.words)
    written = MendedLine(boxes, (replace(line.words[0], text="Sửa"),))
    kept = archive.keep_mended(MendedPage(scan, 1, 0, RECIPE, "lan", (written,)))
    mended = PageEdit(scan, 1, "lan", words=kept.number)
    longer = replace(dossier, edits=(mended,))
    (second,) = bind_dossier(replace(record, dossier=longer), archive, binder)
    assert (second.level, second.reasons) == ("2b", ())
    before, after = tokens(pages[0]), ["Sửa", *tokens(pages[0])[len(line.words) :]]
    with archive.searchable_pdf(first.scan, first.recipe) as made:
        assert raw_words(made) == [before, tokens(pages[1])]
    with archive.searchable_pdf(second.scan, second.recipe) as made:
        assert raw_words(made) == [after, tokens(pages[1])]

    out = PageEdit(scan, 2, "lan", left_out="của người khác")
    shorter = replace(dossier, edits=(mended, out), pages=notes[:1])
    (third,) = bind_dossier(replace(record, dossier=shorter), archive, binder)
    assert len({first.recipe, second.recipe, third.recipe}) == 3
    with archive.searchable_pdf(third.scan, third.recipe) as made, pikepdf.open(made) as pdf:
        assert raw_words(made) == [after]
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        assert sum(each.get("/Subtype") == "/Image" for each in streams) == len(pdf.pages) == 1
    assert bind_dossier(record, archive, binder) == (first,)
    assert all(archive.examine(key, lambda _: None) == () for key in archive.objects())

"""Dossiers whose sheets are equal, rescanned, or one form of two people; drawn, not scanned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from pipeline.model import (
    Document,
    Dossier,
    Finding,
    Line,
    Outcome,
    Page,
    PageMeasures,
    PageNote,
    PageRef,
    PageState,
    PageText,
    Record,
    Source,
    Word,
)
from pipeline.ports import Archive, PageReading
from pipeline.settings import Settings
from search import open_index
from storage import open_archive
from tests.support.web_backend import (
    HEIGHT,
    RECEIVED,
    RECIPE,
    UPRIGHT,
    WIDTH,
    Backend,
    draw,
    line,
    store_scan,
)

DECISION = {
    "number": "12",
    "symbol": "QĐ-UBND",
    "issued_on": "2026-03-01",
    "issuer": "Ủy ban nhân dân phường Mẫu",
}
_FORM = (
    "TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "Kính gửi Ủy ban nhân dân phường Mẫu",
    "Họ chữ đệm và tên người yêu cầu {0}",
    "Nơi cư trú số {1} phố Mẫu",
    "Giấy tờ tùy thân số {2}",
    "Đề nghị cơ quan đăng ký khai sinh cho người dưới đây",
    "Họ chữ đệm và tên {3} sinh ngày {4}",
    "Tôi cam đoan những nội dung khai trên đây là đúng sự thật",
    "và chịu hoàn toàn trách nhiệm trước pháp luật về nội dung cam đoan",
)
ONE = ("Trần Thị Bình", "18", "031090001562", "Lê Trần An Khang", "05/03/2026")
OTHER = ("Phạm Quốc Dũng", "204", "001085007731", "Phạm Ngọc Hà My", "17/02/2026")


def open_backend(home: Path) -> Backend:
    """Open an empty store and an index in a home."""
    settings = Settings(home=home)
    archive = open_archive(settings.storage, home)
    return Backend(archive, open_index(settings.search, home), settings)


def filled_in(values: tuple[str, ...]) -> PageText:
    """Return the form as filled in for somebody."""
    lines = (text.format(*values).split() for text in _FORM)
    return PageText(tuple(line(80 + 60 * at, *words) for at, words in enumerate(lines)))


def rescanned(text: PageText, seed: int = 1) -> PageText:
    """Return the words of a page as a worse scan has them: a tenth misread, and unsure of it."""
    chance = Random(seed)

    def again(word: Word) -> Word:
        if chance.random() > 0.1:
            return replace(word, confidence=0.9)
        place = chance.randrange(len(word.text))
        return replace(word, text=word.text[:place] + "l" + word.text[place + 1 :], confidence=0.4)

    return PageText(tuple(Line(tuple(map(again, each.words))) for each in text.lines))


def keep(
    backend: Backend, dossier: str, *texts: PageText, unit: str = "Sở Mẫu", **values: str
) -> Record:
    """Store a dossier of pages that are one paper with certain fields; return its record."""
    scan = store_scan(backend, f"{dossier}.pdf", len(texts))
    notes = tuple(
        _kept_page(backend.archive, PageRef(dossier, scan.sha256, number), text)
        for number, text in enumerate(texts, 1)
    )
    found = {name: Finding(value, value, 0.95, Source.OCR, 1) for name, value in values.items()}
    paper = Document("Quyết định", tuple(range(1, len(texts) + 1)), found)
    made = Dossier(
        dossier,
        scan.name,
        RECEIVED,
        unit=unit,
        scans=(scan,),
        pages=notes,
        documents=(paper,),
        outcome=Outcome.COMPLETE,
    )
    backend.archive.keep_record(Record(1, RECEIVED, "sohoa", "received", replace(made, pages=())))
    record = Record(2, RECEIVED, "sohoa", "digitised", made)
    backend.archive.keep_record(record)
    return record


def _kept_page(archive: Archive, ref: PageRef, text: PageText) -> PageNote:
    page = Page(ref.number, PageState.READ, PageMeasures(WIDTH, HEIGHT, 100.0), text, UPRIGHT)
    archive.keep_page(ref, RECIPE, PageReading(page, draw(text, UPRIGHT)))
    return PageNote(ref.scan, ref.number, RECIPE, PageState.READ, 0.9, 1.0)

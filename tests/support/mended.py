"""What tests of mended pages share: a dossier read anew, and its pages as they are shown."""

from __future__ import annotations

import random

from pipeline import corrections, stages
from pipeline.corrections import Marking, PageSeen, PaperSeen, Reuse
from pipeline.model import MarkKind, OwnedPaper, Record
from pipeline.page_edits.reading import find_page
from pipeline.versions import Act
from tests.support.drops import Office, RefusingReader
from tests.support.stored import TextReader

LAN, MAI = Act("lan", "trang của người khác"), Act("mai", "quét lại")
PAGES = "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ\ntrang bốn\ntrang năm"

PAGE_WRITERS = (
    "pipeline.corrections.checked_pages.confirm_page",
    "pipeline.corrections.duplicates.set_apart",
    "pipeline.corrections.pages.leave_out",
    "pipeline.corrections.pages.reorder",
    "pipeline.corrections.pages.replace_page",
    "pipeline.corrections.pages.restore",
    "pipeline.corrections.pages.turn_page",
    "pipeline.versions.keep_and_queue",
)


def join_sides_of(office: Office) -> None:
    """Join any two dossiers as fronts and backs of one stack."""
    known = list(office.archive.dossiers())
    corrections.join_sides(known[0], known[-1], office.archive, LAN)
    corrections.join_sides(known[-1], known[0], office.archive, LAN)


def decide_about_a_page(office: Office, dossier: str, chance: random.Random, text: str) -> None:
    """Decide anything about any page of a dossier; ``text`` is what may be written on it."""
    state = office.newest(dossier).dossier
    count = len(state.pages)
    page, other = (PageSeen(dossier, chance.randint(1, max(1, count))) for _ in range(2))
    sent = office.archive, LAN
    acts = [
        lambda: corrections.mend_words(page, {1: text}, *sent),
        lambda: corrections.turn_page(page, 90, *sent),
        lambda: corrections.confirm_page(page, *sent),
        lambda: corrections.leave_out(page, *sent),
        lambda: corrections.set_apart(page, other, *sent),
        lambda: corrections.replace_page(page, 1, *sent),
        lambda: corrections.reorder(dossier, range(count, 0, -1), *sent),
    ]
    out = [each for each in state.edits if each.left_out]
    acts += [lambda: corrections.restore(dossier, out[0].place, *sent)] if out else []
    chance.choice(acts)()


def decide_of_an_owner(office: Office, dossier: str, other: str, chance: random.Random) -> None:
    """Say whose a paper is, or have another dossier's paper stand for a component."""
    if chance.random() < 0.3:
        marking = Marking("đơn", MarkKind.EXEMPT)
        corrections.mark_component(dossier, marking, office.archive, LAN)
    elif chance.random() < 0.5:
        paper = PaperSeen(dossier, 1)
        corrections.decide_owner(paper, "031890001562", office.archive, LAN, is_theirs=True)
    else:
        reuse = Reuse("đơn", OwnedPaper(other, 1), office.newest(dossier).at.date())
        corrections.reuse_paper(dossier, reuse, office.archive, LAN)


def five_pages(office: Office) -> str:
    """A digitised dossier of five pages; the first and the third begin papers."""
    dropped = office.drops("giấy.pdf", PAGES).dossier
    assert dropped
    office.digitises_all()
    return dropped


def published(office: Office, record: Record) -> Record:
    stages.publish(record, office.archive, office.index)
    return record


def read_anew(office: Office, dossier: str, recipe: str = "text-2") -> Record:
    """Read all pages of a dossier once more, with another engine."""
    office.reader = RefusingReader(TextReader(recipe))
    stages.ask_again(dossier, office.archive)
    office.digitises_all()
    return office.newest(dossier)


def texts(office: Office, record: Record) -> list[str]:
    """Return the words of each page as they are shown."""
    found = (find_page(record.dossier, note, office.archive) for note in record.dossier.pages)
    return [page.text.text if page else "" for page in found]


def cut(record: Record) -> list[tuple[int, ...]]:
    return [document.pages for document in record.dossier.documents]


def scan_of(record: Record) -> str:
    return record.dossier.scans[0].sha256

"""Builds the view of the scanning desk: balance, tabs, one row a file, as one visitor sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from pathlib import Path

from ocr import has_office
from pipeline import clock
from pipeline.access import may_hand_out
from pipeline.desk.day import DeskDay, DeskSight, gather
from pipeline.desk.decisions import FileLine
from pipeline.desk.files import DeskAction, DeskFile, DeskState, needs_office, scans_of
from pipeline.errors import ObjectMissingError, QueryError
from pipeline.intake.uploads import find_upload
from pipeline.masking import mask_text
from pipeline.model import Receipt, Record
from pipeline.settings import UPLOADS, Settings
from search.text.entries import Heading, heading
from web.context import AppContext
from web.day_pages import DayView
from web.masked.sight import sight_in_list
from web.people.disclosure import masked_receipt, sees_lists_clear
from web.people.visits import Visit

PER_PAGE = 40
_KEY = re.compile(r"(?P<day>\d{8})\.(?P<drop>[0-9a-f]{1,64})\.(?P<line>\d{1,9})\.(?P<seen>\d{1,9})")
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)  # days that have a day before and after
TABS = {  # how an address names a tab -> its heading, and the files in it
    "can": ("Cần xử lý", DeskState.TODO),
    "doc": ("Đang đọc", DeskState.READING),
    "xong": ("Xong", DeskState.DONE),
    "tat": ("Tất cả", None),
}
REFUSED_UPLOADS = "Tệp gửi qua trang này"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it is shown."""

    file: DeskFile
    receipt: Receipt  # masked
    heading: Heading | None
    person: str
    papers: tuple[str, ...]
    reasons: tuple[str, ...]  # masked
    dossier: str | None  # that may be opened
    lacking: tuple[str, ...] = ()  # components of its checklist that are missing
    may_convert: bool = False  # a PDF can be made of it here

    @property
    def key(self) -> str:
        """What a form names the line by: day, drop, line, number of the decision seen."""
        file = self.file
        return f"{file.day:%Y%m%d}.{file.drop}.{file.line}.{file.seen}"

    @property
    def has_pages(self) -> bool:
        """Whether the file was stored, so that its pages count."""
        return self.file.images > 0

    @property
    def may_pair(self) -> bool:
        """Whether it may be one pass of a stack: a stored file that nothing else holds back."""
        dossier = self.file.record.dossier if self.file.record else None
        return bool(dossier and self.dossier and len(dossier.scans) == 1 and not dossier.two_sides)

    @property
    def may_unlock(self) -> bool:
        """Whether a password may open it."""
        return self.file.standing.action is DeskAction.UNLOCK

    @property
    def may_replace(self) -> bool:
        """Whether a mended file may be handed in for it."""
        return self.file.standing.action not in (DeskAction.JOIN, DeskAction.NOTHING)

    @property
    def may_join(self) -> bool:
        """Whether somebody is to say to which dossier it belongs."""
        return self.file.standing.action is DeskAction.JOIN


@dataclass(frozen=True, slots=True)
class DeskView(DayView):
    """The scanning desk."""

    desk: DeskDay
    tab: str
    page: int
    rows: tuple[FileRow, ...]
    places: tuple[str, ...]  # of the watched folders, as people's machines call them

    @property
    def tabs(self) -> tuple[tuple[str, str, int], ...]:
        """The tabs: name in the address, heading, number of files."""
        named = ((name, text) for name, (text, _) in TABS.items())
        return tuple((name, text, len(_within(self.desk, name))) for name, text in named)

    @property
    def page_count(self) -> int:
        """Number of pages of the tab."""
        return max(1, ceil(len(_within(self.desk, self.tab)) / PER_PAGE))

    @property
    def todo(self) -> int:
        """Number of files that wait for a person."""
        return self.desk.states[DeskState.TODO]

    @property
    def reading(self) -> int:
        """Number of files that wait or are being read."""
        return self.desk.states[DeskState.READING]

    @property
    def is_today(self) -> bool:
        """Whether it shows today."""
        return self.day == self.today


def parse_day(text: str) -> date:
    """Return a day that somebody typed as dd/mm/yyyy, or as ISO; today for nothing.

    Raises:
        QueryError: it is no day.
    """
    wanted = text.strip()
    if not wanted:
        return clock.today()
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(wanted, form).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
        if _FIRST <= day <= _LAST:
            return day
    raise QueryError(f"«{wanted[:20]}» không phải là ngày.", "Viết ngày như 28/11/2026.")


def gather_day(context: AppContext, day: date, visit: Visit) -> DeskDay:
    """Gather the files of a day that a visit may know of."""
    home = context.settings.home

    def is_own(drop: str) -> bool:
        note = find_upload(home, drop) or find_upload(home, drop[:-4]) if drop else None
        return note is not None and note.account == visit.name

    def find(dossier: str) -> Record | None:
        number = context.archive.sequence(dossier)
        return context.newest.get_or_fetch(
            (dossier, number), lambda: context.archive.find_record(dossier)
        )

    sight = DeskSight(visit.scope, is_own)
    return gather(day, context.archive, context.settings, sight, find)


def find_file(context: AppContext, visit: Visit, key: str) -> tuple[FileLine, DeskFile]:
    """Return the line that a form names, if the visit may know of it.

    Raises:
        ObjectMissingError: there is no such line, or it is not for this visit.
    """
    target = parse_key(key)
    for file in gather_day(context, target.day, visit).files:
        if (file.drop, file.line) == (target.drop, target.line) and target.line >= 0:
            return target, file
    raise _no_line()


def parse_key(key: str) -> FileLine:
    """Return the line that a form names. Raises ``ObjectMissingError``."""
    named = _KEY.fullmatch(key)
    if named is None:
        raise _no_line()
    try:
        day = date.fromisoformat(named["day"])
    except ValueError as error:
        raise _no_line() from error
    return FileLine(day, named["drop"], int(named["line"]), int(named["seen"]))


def _no_line() -> ObjectMissingError:
    return ObjectMissingError("Không có dòng biên nhận này.", "Tải lại bàn quét rồi chọn lại.")


def build_desk_view(
    context: AppContext, visit: Visit, day: date, tab: str = "", page: int = 1
) -> DeskView:
    """Build the view of a day.

    Args:
        context: the handlers' context.
        visit: whoever sees it.
        day: the day, by the office's clock.
        tab: the name of a tab; empty: the first that has files.
        page: the page of the tab, from 1.
    """
    desk = gather_day(context, day, visit)
    chosen = tab if tab in TABS else next((n for n in ("can", "doc") if _within(desk, n)), "tat")
    files = _within(desk, chosen)
    page = min(page, max(1, ceil(len(files) / PER_PAGE)))
    shown = files[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = tuple(file_row(context, visit, file) for file in shown)
    settings = context.settings
    named = (shown_folder(settings, each) for each in settings.watched_folders)
    places = tuple(dict.fromkeys(named))
    return DeskView(day, clock.today(), desk, chosen, page, rows, places)


def file_row(context: AppContext, visit: Visit, file: DeskFile) -> FileRow:
    """Return a file as a visit sees it: masked, of a withheld dossier nothing of its own."""
    can = not needs_office(file.receipt) or has_office(context.settings.reading)
    converts = file.standing.action is DeskAction.CONVERT and can
    return replace(_seen_row(context, visit, file), may_convert=converts)


def _seen_row(context: AppContext, visit: Visit, file: DeskFile) -> FileRow:
    receipt = masked_receipt(visit, file.receipt)
    texts = file.standing.reasons
    reasons = texts if sees_lists_clear(visit) else tuple(map(mask_text, texts))
    if file.record is None:
        return FileRow(file, receipt, None, "", (), reasons, None)
    seen = sight_in_list(context, visit, file.record).dossier
    if not may_hand_out(seen):
        return FileRow(file, receipt, heading(seen), "", (), (), seen.id)
    mine = scans_of(file.record.dossier, file.receipt.sha256)
    numbers = {at for at, note in enumerate(seen.pages, 1) if note.scan in mine}
    papers = [one.type or "chưa rõ loại" for one in seen.documents if numbers & {*one.pages}]
    row = FileRow(file, receipt, heading(seen), seen.person, tuple(papers), reasons, seen.id)
    return replace(row, lacking=tuple(one.name for one in seen.lacking))


def shown_folder(settings: Settings, folder: Path) -> str:
    """Return what people's machines call a watched folder; its path where nobody said."""
    if folder.absolute() == (settings.home / UPLOADS).absolute():
        return REFUSED_UPLOADS
    watched = [each.absolute() for each in settings.watched_folders]
    shown = settings.watch.shown_as
    at = watched.index(folder.absolute()) if folder.absolute() in watched else len(shown)
    return shown[at] if at < len(shown) else str(folder)


def _within(desk: DeskDay, tab: str) -> list[DeskFile]:
    wanted = TABS[tab][1]
    return [file for file in desk.files if wanted is None or file.state is wanted]

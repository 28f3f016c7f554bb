"""The form in which a person answers about an item, and what it says by what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from fastapi import Form, Path

from pipeline.corrections.values import LONGEST
from pipeline.documents.fields import label_of
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Finding
from pipeline.review.item_names import PAGE, parsed_name
from pipeline.review.items import ReviewItem
from web.labels import finding_value
from web.reviewing.deeds import Deed, ReviewAnswer

ItemPath = Annotated[str, Path(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}-[a-z_]{1,40}$")]
ANSWER = "tra-loi"  # «Đúng như giấy», or «Sửa thành» where the value was edited
_BUTTONS = {  # by the value of the button that was pressed
    "khong-ghi": Deed.REJECT,
    "bo-qua": Deed.SKIP,
    "de-nguyen": Deed.CONFIRM,
    "bo-ra": Deed.LEAVE_OUT,
}
_TURNS = {"xoay-phai": 90, "xoay-nguoc": 180, "xoay-trai": 270}


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """The form as it was sent."""

    button: str
    typed: str
    reason: str

    def answer(self, item: ReviewItem, found: Finding | None) -> ReviewAnswer:
        """Return what was decided; an edited value is a correction, an unedited one agreement.

        Args:
            item: the item that was looked at.
            found: the finding, in the record that the person saw; None: it is a page.

        Raises:
            CorrectionRefusedError: the form has no such button.
        """
        if degrees := _TURNS.get(self.button):
            return ReviewAnswer(Deed.TURN, reason=self.reason, degrees=degrees)
        if self.button in _BUTTONS:
            return ReviewAnswer(_BUTTONS[self.button], reason=self.reason)
        if self.button != ANSWER:
            raise CorrectionRefusedError("Không rõ câu trả lời.", "Bấm một nút của mục.")
        shown = finding_value(item.field, found.value) if found else ""
        if self.typed.strip() in (shown, shown.strip()):
            return ReviewAnswer(Deed.CONFIRM)
        return ReviewAnswer(Deed.CORRECT, self.typed)


class LastAnswer(NamedTuple):
    """What somebody said last, and where it is taken back."""

    told: str
    path: str


_TOLD = {
    Deed.CONFIRM: "Đã lưu: {}.",
    Deed.CORRECT: "Đã lưu giá trị mới: {}.",
    Deed.REJECT: "Đã lưu: giấy không ghi {}.",
    Deed.LEAVE_OUT: "Đã bỏ ra: {}.",
    Deed.TURN: "Đã xoay, sẽ đọc lại: {}.",
    Deed.SKIP: "Đã bỏ qua: {}.",
}


def last_answer(name: str, deed: str) -> LastAnswer | None:
    """Return what is told of an answer that an address names; None where it names none.

    Args:
        name: the name of the item.
        deed: the deed that was done with it.
    """
    parts = parsed_name(name)
    if parts is None or deed not in set(Deed):
        return None
    what = f"trang {parts.page}" if parts.field == PAGE else f"«{label_of(parts.field)}»"
    rest = name.removeprefix(f"{parts.dossier}-")
    return LastAnswer(_TOLD[Deed(deed)].format(what), f"/kiem-tra/{parts.dossier}/{rest}")


def sent_answer(
    button: Annotated[str, Form(alias="viec", max_length=20)] = ANSWER,
    typed: Annotated[str, Form(alias="gia-tri", max_length=4 * LONGEST)] = "",
    reason: Annotated[str, Form(alias="ly-do", max_length=LONGEST)] = "",
) -> SentAnswer:
    """Return the form that was sent."""
    return SentAnswer(button, typed, reason.strip())

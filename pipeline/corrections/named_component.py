"""Finds the component of a checklist that a person named, by its name and its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.checklist.decided import component_keys, decisions_of
from pipeline.documents.fuzzy import folded_text
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.masking import mask_text
from pipeline.model import Component, ComponentMark, Dossier, ReusedPaper


class ComponentNow(NamedTuple):
    """A component and what people decided about it."""

    component: Component
    nth: int  # which of the components of its name, from 1
    of: int  # how many components have that name
    mark: ComponentMark | None
    held: ReusedPaper | None


def component_now(dossier: Dossier, name: str, position: int | None = None) -> ComponentNow:
    """Return the component that a person named.

    Args:
        dossier: the dossier whose checklist it is on.
        name: its name, also with the numbers of people hidden; marks and case do not count.
        position: its place on the checklist, from 1; None: only one has that name.

    Raises:
        CorrectionRefusedError: there is none of that name, or not there, or several are.
    """
    fits = {at: row for at, row in enumerate(_rows(dossier), 1) if _is_named(row, name)}
    if position is None and len(fits) > 1:
        raise CorrectionRefusedError(
            f"Danh mục có {len(fits)} thành phần mang tên này: thứ {', '.join(map(str, fits))}.",
            "Nói rõ thành phần thứ mấy của danh mục (position; lệnh: --position).",
        )
    row = next(iter(fits.values()), None) if position is None else fits.get(position)
    if row is None:
        raise _no_such_component(dossier)
    return row


def component_since(was: ComponentNow, dossier: Dossier) -> ComponentNow:
    """Return a component of an earlier version as a dossier has it.

    Args:
        was: the component, as it was.
        dossier: the dossier now.

    Raises:
        CorrectionRefusedError: it is on the checklist no more.
        EditConflictError: more or fewer components have its name: nobody knows which is meant.
    """
    name = folded_text(was.component.name)
    named = [row for row in _rows(dossier) if folded_text(row.component.name) == name]
    if not named:
        raise _no_such_component(dossier)
    if len(named) != was.of:
        raise EditConflictError(
            f"Số thành phần mang tên «{mask_text(was.component.name)}» đã đổi"
            " sau khi bạn mở hồ sơ.",
            "Tải lại trang để xem, rồi quyết định.",
        )
    return named[was.nth - 1]


def _rows(dossier: Dossier) -> Iterator[ComponentNow]:
    listed = dossier.components
    keys = component_keys(listed)
    names = [name for name, _ in keys]
    marks, held = decisions_of(listed, dossier.marks), decisions_of(listed, dossier.reused)
    for one, (name, nth), mark, paper in zip(listed, keys, marks, held, strict=True):
        yield ComponentNow(one, nth, names.count(name), mark, paper)


def _is_named(row: ComponentNow, name: str) -> bool:
    """Tell whether a component has a name; people may have been shown it with numbers hidden."""
    names = row.component.name, mask_text(row.component.name)
    return folded_text(name) in map(folded_text, names)


def _no_such_component(dossier: Dossier) -> CorrectionRefusedError:
    """Return the error of a name that a checklist lacks; the names have no numbers of people."""
    names = (mask_text(each.name) for each in dossier.components)
    listed = "; ".join(names) or "hồ sơ chưa có danh mục"
    return CorrectionRefusedError(
        "Danh mục của hồ sơ không có thành phần này.", f"Các thành phần: {listed}."
    )

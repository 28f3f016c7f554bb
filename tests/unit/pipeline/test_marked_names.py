"""Marks of components by name: near names, twins, hidden numbers, replaced pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from pipeline import corrections
from pipeline.checklist.decided import decisions_of, with_decisions
from pipeline.corrections import Marking, PageSeen
from pipeline.corrections.named_component import component_now
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.masking import mask_dossier
from pipeline.model import Component, ComponentMark, ComponentState, Dossier, MarkKind
from tests.support.drops import Office
from tests.support.mended import published
from tests.unit.pipeline.test_component_marks import (
    LAN,
    MISSING,
    component,
    mark,
    open_component,
)
from tests.unit.pipeline.test_component_marks import dossier as dossier
from tests.unit.pipeline.test_component_marks import office as office


def test_a_name_read_otherwise_keeps_its_mark_and_a_twin_does_not_get_it() -> None:
    def listed(*names: str) -> list[Component]:
        return [Component(name, MISSING, "receipt") for name in names]

    def told(names: tuple[str, ...], *marked: str) -> list[str | None]:
        now = datetime.now(UTC)
        marks = [ComponentMark(name, MarkKind.SHOWN, "lan", now) for name in marked]
        found = decisions_of(listed(*names), marks)
        return [one.component if one else None for one in found]

    form = "Tờ khai đăng ký khai sinh theo mẫu"
    assert told(("Tò khai đăng ký khai sinh theo mẩu",), form) == [form]
    assert told(("Tở khai đăng kỳ khai sính theo maau",), form) == [form]
    assert told((form, "Giấy chứng sinh"), form) == [form, None]
    child = "Giấy chứng sinh của con thứ {}"
    assert told((child.format(2),), child.format(1)) == [None]
    twins = ("Giấy xác nhận cư trú của người cha", "Giấy xác nhận cư trú của người chaa")
    assert told(twins, "Giấy xác nhận cư trú của người che") == [None, None]
    seller = "Giấy chứng nhận quyền sử dụng đất của bên bán"
    for other in ("mua", "bàn giao", "bá", "ban quản lý"):
        assert told((seller.replace("bán", other),), seller) == [None]
    assert told(("Giấy tờ của bà",), "Giấy tờ của bố") == [None]


def test_a_page_that_is_replaced_keeps_its_mark(office: Office, dossier: str) -> None:
    name = open_component(office, dossier).name
    mark(office, dossier, name, MarkKind.ON_PAPER, 2)
    seen = PageSeen(dossier, 2)
    published(office, corrections.replace_page(seen, 3, office.archive, LAN._replace(reason="mờ")))
    kept = component(office.newest(dossier), name)
    assert (kept.state, kept.pages) == (ComponentState.PRESENT, (2,))


def twins_of(office: Office, dossier: str, *names: str) -> None:
    """Keep a version whose checklist has these names; the first of them is present, no other."""
    record = office.newest(dossier)
    listed = [Component(name, MISSING, "receipt") for name in names]
    listed[0] = replace(listed[0], state=ComponentState.PRESENT, pages=(1,))
    state = replace(record.dossier, components=tuple(listed))
    later = replace(record, sequence=record.sequence + 1, dossier=state)
    office.archive.keep_record(later)


def test_of_two_components_with_one_name_the_one_that_is_meant_is_marked(
    office: Office, dossier: str
) -> None:
    twins_of(office, dossier, "Bản sao", "BẢN SAO", "bản sao")
    archive = office.archive
    with pytest.raises(CorrectionRefusedError, match="3 thành phần mang tên này: thứ 1, 2, 3"):
        mark(office, dossier, "Bản sao", MarkKind.SHOWN)
    for place, said in [(1, "không thiếu"), (4, "không có thành phần này")]:
        other = Marking("Bản sao", MarkKind.SHOWN, position=place)
        with pytest.raises(CorrectionRefusedError, match=said):
            corrections.mark_component(dossier, other, archive, LAN)
    kept = corrections.mark_component(
        dossier, Marking("Bản sao", MarkKind.SHOWN, position=2), archive, LAN
    ).dossier
    assert [each.nth for each in kept.marks] == [2]
    listed = tuple(Component(name, MISSING, "receipt") for name in ("Bản sao",) * 3)
    states = [one.state for one in with_decisions(listed, kept)]
    assert states == [MISSING, ComponentState.SHOWN, MISSING]


def test_a_checklist_with_other_twins_since_is_a_conflict(office: Office, dossier: str) -> None:
    twins_of(office, dossier, "Đơn", "Bản sao")
    seen = office.newest(dossier).sequence
    twins_of(office, dossier, "Bản sao", "Đơn", "Bản sao")
    with pytest.raises(EditConflictError, match="Số thành phần mang tên «Bản sao» đã đổi"):
        corrections.mark_component(
            dossier, Marking("Bản sao", MarkKind.SHOWN), office.archive, LAN, seen=seen
        )


def test_names_that_differ_by_hidden_numbers_keep_their_marks_apart() -> None:
    names = ("Bản sao CCCD 031890001562", "Bản sao CCCD 031877771562")
    listed = tuple(Component(name, MISSING, "receipt") for name in names)
    kept = ComponentMark(names[1], MarkKind.SHOWN, "lan", datetime.now(UTC))
    whole = Dossier("0a", "giấy.pdf", kept.at, components=listed, marks=(kept,))
    hidden = mask_dossier(whole, ())
    assert hidden.components[0].name == hidden.components[1].name
    marks = decisions_of(hidden.components, hidden.marks)
    assert [mark is not None for mark in marks] == [False, True]
    with pytest.raises(CorrectionRefusedError, match="thứ 1, 2"):
        component_now(whole, hidden.components[0].name)
    assert component_now(whole, hidden.components[0].name, 2).mark == kept
    assert component_now(whole, names[0]).component == listed[0]


def test_a_mark_of_an_older_version_is_about_the_first_of_its_name() -> None:
    told = {"component": "Bản sao", "kind": "shown", "by": "lan", "at": "2026-03-01T00:00:00Z"}
    kept = TypeAdapter(ComponentMark).validate_python(told)
    two = (Component("Bản sao", MISSING, "receipt"),) * 2
    assert decisions_of(two, [kept]) == (kept, None)

"""Marks of components by name: near names, and pages that were replaced."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline import corrections
from pipeline.checklist.decided import decisions_of
from pipeline.corrections import PageSeen
from pipeline.model import Component, ComponentMark, ComponentState, MarkKind
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

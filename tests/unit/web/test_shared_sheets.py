"""Papers that share a sheet are shown with their parts, and put together where a person says so."""

from __future__ import annotations

from html import unescape

import pytest

from pipeline.settings import Settings
from tests.support.callers import caller
from tests.support.drops import Office
from tests.support.visitors import Room
from tests.support.web_backend import Backend, open_client
from tests.unit.pipeline.test_corrections_of_parts import BOTH, dropped, office
from tests.unit.web.api.test_page_decisions import room

__all__ = ["office", "room"]  # fixtures

pytestmark = pytest.mark.slow


def test_the_room_names_the_part_of_each_paper(office: Office) -> None:
    dossier = dropped(office, "letter", BOTH)
    client = open_client(Backend(office.archive, office.index, Settings(home=office.home)))
    page = unescape(client.get(f"/ho-so/{dossier}").text)
    assert ">phần 1/2 của trang 2</a>" in page
    assert ">phần 2/2 của trang 2</a>" in page
    viewer = unescape(client.get(f"/ho-so/{dossier}/trang/2").text)
    assert "Quyết định (phần 1/2 của trang 2)" in viewer
    assert "Giấy khai sinh (phần 2/2 của trang 2)" in viewer
    assert "phần 2/2 của trang 2" in unescape(client.get(f"/ho-so/{dossier}/muc-luc").text)


def test_programs_are_told_the_parts_and_may_put_them_together(office: Office, room: Room) -> None:
    dossier = dropped(office, "letter", BOTH)
    machine = caller(room, "lan")
    told = machine.told(f"/dossiers/{dossier}")["documents"]
    assert [one["parts"] for one in told] == [
        [],
        [{"page": 2, "part": 1, "of": 2}],
        [{"page": 2, "part": 2, "of": 2}],
    ]
    page = machine.told(f"/dossiers/{dossier}/pages/2")
    assert (page["document"], page["documents"], len(page["parts"])) == (2, [2, 3], 2)
    assert machine.told("/dossiers?q=Giấy+khai+sinh")["hits"][0]["pages"] == [2]


def test_a_person_puts_a_sheet_together_by_the_scissors_of_the_viewer(office: Office) -> None:
    dossier = dropped(office, "letter", BOTH)
    client = open_client(Backend(office.archive, office.index, Settings(home=office.home)))
    client.headers["Sec-Fetch-Site"] = "same-origin"
    viewer = unescape(client.get(f"/ho-so/{dossier}/trang/2").text)
    assert 'name="tach" value="2" title="Tờ này là một giấy' in viewer
    version = str(office.newest(dossier).sequence)
    client.post(f"/ho-so/{dossier}/ranh-gioi", data={"ban": version, "tach": "2", "ve": "2"})
    spans = [one.span for one in office.newest(dossier).dossier.documents]
    assert spans == [((1, 0),), ((2, 0),)]
    viewer = unescape(client.get(f"/ho-so/{dossier}/trang/2").text)
    assert "Tờ này là một giấy" not in viewer

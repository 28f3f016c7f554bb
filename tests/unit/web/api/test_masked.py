"""No answer of the API tells personal data: a token never unmasks, whatever its account may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.model import PersonRole, Right
from pipeline.people.rights import RIGHTS, TOKEN_RIGHTS
from tests.support.callers import V1, caller
from tests.support.personal_papers import PersonalPaper, add_personal_papers
from tests.support.visitors import Room, open_room
from tests.unit.web.test_masking import leaks
from web.people.bearer import is_api
from web.people.routes import routes_of

USED = TOKEN_RIGHTS - {Right.VIEW_OPERATION}  # which no call needs


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Room, list[PersonalPaper]]:
    room = open_room(tmp_path_factory.mktemp("room"), api_address_calls_a_minute=100_000)
    return room, add_personal_papers(room.backend, 5)


def paths(room: Room, papers: list[PersonalPaper]) -> Iterator[str]:
    for route in routes_of(room.app):
        if not is_api(route.path) or "GET" not in (route.methods or ()):
            continue
        for paper in papers:
            values = {"dossier": paper.dossier, "number": "1", "sha256": paper.scan}
            values |= {"table": "1", "item": "1.1-personal_id"}
            yield route.path.format(**values, upload="0fff", code="H26.19.25-260302-0007")
    for paper in papers:
        for number in paper.numbers:
            yield f"{V1}/dossiers?q={number}"
        yield f"{V1}/dossiers?q={paper.person.name}"
        yield f"{V1}/dossiers/{paper.dossier}?q={paper.person.name}"
        yield f"{V1}/dossiers/{paper.dossier}/pages/1?q={paper.person.name}"


@pytest.mark.parametrize("role", [role for role in PersonRole if RIGHTS[role] & USED])
def test_no_call_tells_personal_data(
    place: tuple[Room, list[PersonalPaper]], role: PersonRole
) -> None:
    room, papers = place
    machine = caller(room, role.value, role)
    asked = [machine.get(path) for path in dict.fromkeys(paths(room, papers))]
    assert any(answer.status_code == 200 for answer in asked)
    found = {str(answer.url): leaks(answer, papers) for answer in asked}
    assert not {url: told for url, told in found.items() if told}


def test_parts_of_a_number_find_nothing_and_the_whole_one_does(
    place: tuple[Room, list[PersonalPaper]],
) -> None:
    room, papers = place
    machine = caller(room, "records", PersonRole.RECORDS)
    for paper in papers[:2]:
        number = paper.person.personal_id
        for part in (number[:6], number[3:6], number[3:9], f"{number[:3]} {number[3:6]}"):
            assert not [
                hit
                for hit in machine.told(f"/dossiers?q={part}")["hits"]
                if hit["dossier"] == paper.dossier
            ], part
            told = machine.told(f"/dossiers/{paper.dossier}/pages/1?q={part}")
            assert not [word for line in told["lines"] for word in line if word["hit"]], part
        hits = machine.told(f"/dossiers?q={number}")["hits"]
        assert paper.dossier in [hit["dossier"] for hit in hits]


def test_a_table_is_told_masked_as_its_page_is(place: tuple[Room, list[PersonalPaper]]) -> None:
    room, papers = place
    machine, paper = caller(room, "bảng", PersonRole.READER), papers[0]
    page = f"/dossiers/{paper.dossier}/pages/1"
    (table,) = machine.told(page)["tables"]
    assert len(table["rows"]) == 2
    first = table["rows"][0][0]
    assert "ĐƠN ĐỀ NGHỊ" in first
    assert "•" in " ".join(cell for row in table["rows"] for cell in row)
    answer = machine.get(f"{V1}{page}/tables/1.csv")
    assert answer.content.decode("utf-8-sig").startswith(f'"{first}"')
    assert f"<td>{first}</td>" in machine.get(f"{V1}{page}/tables/1.html").text
    assert machine.get(f"{V1}{page}/tables/2.csv").status_code == 404
    assert machine.get(f"{V1}{page}/tables/0.csv").status_code == 404


def test_the_viewer_links_the_table_masked_too(place: tuple[Room, list[PersonalPaper]]) -> None:
    room, papers = place
    visitor = room.signed_in(room.person("xem"))
    path = f"/ho-so/{papers[0].dossier}/trang/1"
    assert f'href="{path}/bang/1.csv"' in visitor.get(path).text
    told = visitor.get(f"{path}/bang/1.csv")
    assert "•" in told.text
    assert told.headers["content-disposition"] == 'attachment; filename="trang-1-bang-1.csv"'
    assert "•" in visitor.get(f"{path}/bang/1.html").text
    assert visitor.get(f"{path}/bang/2.csv").status_code == 404

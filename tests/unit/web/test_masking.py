"""No answer of any route shows personal data to a role that may not unmask, pictures included."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response
from PIL import Image

from pipeline.model import Box, PersonRole, Right, View
from pipeline.people.rights import RIGHTS
from tests.support.personal_papers import WHOLE, PersonalPaper, add_personal_papers
from tests.support.visitors import Browser, Room, open_room
from web.highlights import projected
from web.masked.painting import paint
from web.people.routes import routes_of
from web.reviewing.cutting import cutting_of

INK = (52, 60, 68)  # of painted boxes
TAG = re.compile(r"<[^>]*>")
GAPS = re.compile(r"[\s.,()+\-]+")
MISREAD = str.maketrans("Ol", "01")
LISTS = ("/", "/?q=đề+nghị", "/hang-doi", "/van-de", "/bien-nhan")


def opened(home: Path, count: int) -> tuple[Room, list[PersonalPaper]]:
    room = open_room(home)
    return room, add_personal_papers(room.backend, count)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Room, list[PersonalPaper]]:
    room, papers = opened(tmp_path_factory.mktemp("room"), 10)
    for role in PersonRole:
        room.person(role.value, role)
    return room, papers


@pytest.fixture(scope="module")
def room(place: tuple[Room, list[PersonalPaper]]) -> Room:
    return place[0]


@pytest.fixture(scope="module")
def papers(place: tuple[Room, list[PersonalPaper]]) -> list[PersonalPaper]:
    return place[1]


@pytest.fixture(scope="module")
def reader(room: Room) -> Browser:
    return room.signed_in(room.person("lan"))


@pytest.fixture(scope="module")
def officer(room: Room) -> Browser:
    return room.signed_in(room.person("minh", PersonRole.RECORDS))


def paths(room: Room, papers: list[PersonalPaper]) -> Iterator[str]:
    """Yield the path of every route that is asked with GET, for each dossier where it has one."""
    for route in routes_of(room.app):
        if "GET" not in (route.methods or ()):
            continue
        if "{dossier}" not in route.path:
            yield route.path
            continue
        for paper in papers:
            for number in ("1", "2") if "{number}" in route.path else ("1",):
                values = {"dossier": paper.dossier, "number": number, "sha256": paper.scan}
                values |= {"table": "1", "item": "1.1-personal_id"}
                yield route.path.format(**values)
    yield from LISTS
    for paper in papers:
        yield f"/ho-so/{paper.dossier}?q={paper.person.name}"
        yield f"/ho-so/{paper.dossier}/trang/1?q=danh&giay=1&truong=personal_id"
        yield f"/?q={paper.person.name}"


def shown(answer: Response) -> str:
    """Return all words of an answer and of its headers, tags, quotes and entities aside."""
    told = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    if answer.headers.get("content-type", "").startswith("image/"):
        return told
    return html.unescape(f"{told} {answer.text} {TAG.sub(' ', answer.text)}")


def leaks(answer: Response, papers: list[PersonalPaper]) -> list[str]:
    """Return what an answer shows of people: numbers whatever gaps they have, other data as is."""
    text = shown(answer)
    squeezed = GAPS.sub("", text)
    digits = squeezed + squeezed.translate(MISREAD)
    numbers = [number for paper in papers for number in (*paper.numbers, paper.mothers_number)]
    secrets = [number for number in numbers if number in digits]
    return secrets + [one for paper in papers for one in paper.texts if one in text]


def is_painted(picture: bytes, paper: PersonalPaper, view: View, part: Box | None = None) -> bool:
    """Tell whether each personal word and slot of a page, or of a part of it, is below paint."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    shown = part or Box(0, 0, view.width, view.height)
    across, down = image.width / shown.width, image.height / shown.height
    for box in (*(paper.page.text.words[at].box for at in paper.hidden), *paper.slots):
        corners = projected(box, view, 0.0)
        lefts = [min(max(x - shown.left, 0), shown.width) * across for x, _ in corners]
        tops = [min(max(y - shown.top, 0), shown.height) * down for _, y in corners]
        if max(lefts) - min(lefts) < 1 or max(tops) - min(tops) < 1:
            continue  # outside the part
        inner = image.crop(
            (round(min(lefts)), round(min(tops)), round(max(lefts)), round(max(tops)))
        )
        if any(abs(low - ink) > 12 or abs(high - ink) > 12 for (low, high), ink in _extrema(inner)):
            return False
    return True


def _extrema(image: Image.Image) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield least and most of each channel, and what it is in paint."""
    for channel, ink in zip(image.split(), INK, strict=True):
        pixels = channel.tobytes()
        yield (min(pixels), max(pixels)), ink


def cut_of(room: Room, paper: PersonalPaper) -> tuple[View, Box]:
    """Return the geometry of a paper's page, and the part that is cut out for its number."""
    record = room.backend.archive.find_record(paper.dossier)
    assert record and paper.page.view
    place = record.dossier.documents[0].findings["personal_id"].box
    assert place
    part = cutting_of(place, paper.page.view)
    return paper.page.view, Box(part.left, part.top, part.width, part.height)


def check_role(
    room: Room, papers: list[PersonalPaper], role: PersonRole, asked: list[PersonalPaper]
) -> None:
    """Ask for everything, and for each page of some papers; nothing of any paper may be shown."""
    browser = room.signed_in(role.value)
    seen = set()
    for path in paths(room, asked):
        answer = browser.get(path)
        assert not leaks(answer, papers), (role, path)
        assert answer.status_code < 500, (role, path)
        seen.add((path.rsplit("/", 1)[-1], answer.status_code))
        if answer.headers.get("content-type") != "image/webp":
            continue
        paper = next(one for one in asked if f"/{one.dossier}/" in path)
        assert paper.page.view
        if path.endswith("giay.webp"):
            assert paper.kind == WHOLE or is_painted(answer.content, paper, *cut_of(room, paper))
            seen.add(("giay.webp painted", answer.status_code))
            continue
        assert "/trang/1/" in path, "a page that was not read has no picture for anybody masked"
        if path.endswith("anh.webp") and paper.kind != WHOLE:
            assert is_painted(answer.content, paper, paper.page.view), (role, path)
        if paper.kind == WHOLE:
            with Image.open(io.BytesIO(answer.content)) as image:
                extrema = [pair for pair, _ in _extrema(image.convert("RGB"))]
            assert all(high - low <= 8 for low, high in extrema)
    expected = 200 if Right.VIEW in RIGHTS[role] else 403
    assert ("anh.webp", expected) in seen


@pytest.mark.parametrize("role", PersonRole)
def test_no_answer_shows_personal_data_to_whoever_chose_no_purpose(
    room: Room, papers: list[PersonalPaper], role: PersonRole
) -> None:
    check_role(room, papers, role, papers)


def asked_of(role: PersonRole, papers: list[PersonalPaper]) -> list[PersonalPaper]:
    """Return five, which with the ten above are all kinds in all views, and half of the others."""
    half = list(PersonRole).index(role) % 2  # readers and records officers have different halves
    return [*papers[10:15], *papers[15 + half :: 2]]


@pytest.mark.long
def test_the_same_of_fifty_dossiers_each_asked_for_by_every_second_role(tmp_path: Path) -> None:
    room, papers = opened(tmp_path, 50)
    for role in PersonRole:
        room.person(role.value, role)
        check_role(room, papers, role, asked_of(role, papers))


def test_without_masking_these_answers_would_show_it(
    room: Room, papers: list[PersonalPaper], officer: Browser
) -> None:
    """The test above can fail: whoever chose a purpose sees all of it."""
    paper = papers[0]
    assert officer.unmask(paper.dossier).status_code == 303
    found = {
        leak
        for path in (f"/ho-so/{paper.dossier}", f"/ho-so/{paper.dossier}/trang/1")
        for leak in leaks(officer.get(path), [paper])
    }
    assert found == {*paper.numbers, *paper.texts}
    picture = officer.get(f"/ho-so/{paper.dossier}/trang/1/anh.webp").content
    assert paper.page.view
    assert not is_painted(picture, paper, paper.page.view)
    others = officer.get(f"/ho-so/{papers[1].dossier}")
    assert not leaks(others, papers), "a purpose holds for one dossier"
    assert not leaks(officer.get("/?q=đề+nghị"), papers), "no purpose holds for a list"


def test_a_masked_picture_has_its_own_version_and_gives_no_other(
    papers: list[PersonalPaper], reader: Browser, officer: Browser
) -> None:
    paper = papers[1]
    address = f"/ho-so/{paper.dossier}/trang/1/anh.webp"
    assert officer.unmask(paper.dossier).status_code == 303
    clear, masked = officer.get(address), reader.get(address)
    assert clear.headers["etag"] != masked.headers["etag"]
    assert masked.headers["vary"] == "Cookie"
    for tag in (clear.headers["etag"], f"{clear.headers['etag']}, *", "*"):
        again = reader.get(address, **{"If-None-Match": tag})
        assert again.status_code == 200, tag
        assert again.content == masked.content
    version = clear.headers["etag"].strip('"')
    named = reader.get(f"{address}?v={version}")
    assert named.content == masked.content
    assert named.headers["cache-control"] == "private, no-cache"
    known = reader.get(address, **{"If-None-Match": masked.headers["etag"]})
    assert known.status_code == 304


def test_a_page_that_was_not_read_gives_its_picture_only_for_a_purpose(
    papers: list[PersonalPaper], reader: Browser, officer: Browser
) -> None:
    paper = papers[2]
    page = f"/ho-so/{paper.dossier}/trang/2"
    for name in ("anh.webp", "nho.webp"):
        refused = reader.get(f"{page}/{name}", **{"If-None-Match": "*"})
        assert refused.status_code == 403, name
    assert "chưa đọc được thì không che được" in reader.get(page).text
    assert officer.get(f"{page}/anh.webp").status_code == 403
    officer.unmask(paper.dossier)
    assert officer.get(f"{page}/anh.webp").status_code == 200


def test_a_picture_that_cannot_be_decoded_is_not_shown_masked(papers: list[PersonalPaper]) -> None:
    page = papers[0].page
    assert page.view
    assert paint(b"no picture", page.view, [page.text.words[0].box]) is None

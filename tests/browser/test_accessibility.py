"""Every page of the room: axe finds nothing serious, nothing is cut off, and it is light enough.

By day and by night, on a wide screen and on a telephone. A page that is added is walked as well; a
route that shows no page by itself is named in ``NO_PAGE``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.model import PersonRole
from pipeline.stages import newest_record
from tests.browser.test_offices import enter
from tests.browser.test_signing_in import address as address
from tests.browser.test_signing_in import sign_in
from tests.support.drops import withhold
from tests.support.owned_papers import HOLDS, MARRIAGE, NAMED, add_owned_papers
from tests.support.visitors import Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL
from web.people.bearer import is_api
from web.people.routes import routes_of

pytestmark = [pytest.mark.browser, pytest.mark.long]

WIDTHS, SCHEMES = (1440, 390), ("light", "dark")
SERIOUS = {"serious", "critical"}
MOST_BYTES = 100_000  # of a page before pictures
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
# Routes that answer no page: files, pictures, figures for programs, parts of pages, and what leads
# on to another page (signing in when that was done, the form that asks for a purpose first).
NO_PAGE = re.compile(
    r"/(?:khoe|healthz|readyz|metrics|goi-y|dang-nhap|dang-nhap/.*|.*\.(?:webp|pdf|csv|xlsx|zip|json|dzi))"
    r"|.*/tep/.*|.*/giay/.*|/ho-so/[^/]*/trang|/kiem-tra/ke-tiep"
)
ROLES = {  # each may be one person's
    "ho-so": (PersonRole.RECORDS, PersonRole.CLERK, PersonRole.READER, PersonRole.PRIVACY),
    "bao-mat": (PersonRole.SECRECY,),
    "quan-tri": (PersonRole.ADMIN,),
    "kiem-tra": (PersonRole.AUDITOR,),
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    made = open_room(tmp_path_factory.mktemp("home"))
    withhold(COMPLETE, made.backend.archive, made.backend.index)
    add_owned_papers(made)
    _propose_join(made, NAMED, MARRIAGE)
    for name, roles in ROLES.items():
        made.person(name, *roles)
    return made


def _propose_join(room: Room, newer: str, older: str) -> None:
    archive = room.backend.archive
    record = newest_record(newer, archive)
    dossier = replace(record.dossier, proposed_join=older)
    archive.keep_record(replace(record, sequence=record.sequence + 1, dossier=dossier))


@pytest.fixture(scope="module")
def visits(browser: Browser, address: str, room: Room) -> dict[str, Page]:
    """A browser page of somebody of each role."""
    return {name: scripted(browser, enter(browser, address, name)) for name in ROLES}


def scripted(browser: Browser, page: Page) -> Page:
    """Return a page of the same visit in which scripts run, as axe needs them."""
    return browser.new_context(storage_state=page.context.storage_state()).new_page()


def addresses(room: Room) -> dict[str, str]:
    """Return each route of the room that shows a page, with an address of it."""
    record = room.backend.archive.find_record(PARTIAL)
    assert record
    values = {
        "dossier": PARTIAL,
        "number": "1",
        "sha256": record.dossier.scans[0].sha256,
        "account": room.accounts.people.everyone()[0].id,
    }
    found = {
        "found": "/?q=quyet+dinh",
        "none": "/?q=khongcogi",
        "past": "/bien-nhan?ngay=2026-03-02",
        "/kho/{dossier}/{number}": f"/kho/{HOLDS}/1",
        "/ban-quet/ghep/{dossier}": f"/ban-quet/ghep/{NAMED}",
        "/ban-quet/hai-mat": f"/ban-quet/hai-mat?ho-so={MARRIAGE}&ho-so={HOLDS}",
    }
    for route in routes_of(room.app):
        is_page = "GET" in (route.methods or ()) and not is_api(route.path)
        needed = set(re.findall(r"\{(\w+)", route.path))
        if is_page and not NO_PAGE.fullmatch(route.path) and needed <= values.keys():
            filled = re.sub(r"\{(\w+)[^}]*\}", lambda name: values[name[1]], route.path)
            found.setdefault(route.path, filled)
    return found


def opened(visits: dict[str, Page], path: str) -> Page | None:
    """Open an address as the first of all roles that gets the page itself."""
    for page in visits.values():
        page.set_viewport_size({"width": 1440, "height": 900})
        answer = page.goto(path)
        if answer is not None and answer.status == 200 and is_page(page, path):
            return page
    return None


def is_page(page: Page, path: str) -> bool:
    return page.url.split("?")[0].endswith(path.split("?")[0])


def findings(page: Page) -> Iterator[str]:
    """Yield what is wrong with a page, by day and by night, wide and narrow."""
    axe = Axe()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            yield f"{width}: wider than the window"
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for found in axe.run(page, options=RULES).response["violations"]:
                if found["impact"] in SERIOUS:
                    yield f"{width} {scheme}: {found['id']}: {places(found)}"


def places(found: dict[str, Any]) -> str:
    return "; ".join(str(node["target"]) for node in found["nodes"][:3])


def weight(page: Page, path: str) -> int:
    """Return the bytes of a page before pictures: itself, its styles and its scripts."""
    sizes: list[int] = []
    kinds = {"document", "stylesheet", "script"}

    def count(response: Any) -> None:
        if response.request.resource_type in kinds:
            sizes.append(len(response.body()))

    page.on("response", count)
    page.goto(path)
    page.wait_for_load_state("load")
    page.remove_listener("response", count)
    return sum(sizes)


def test_every_page(visits: dict[str, Page], room: Room, address: str) -> None:
    wrong: list[str] = []
    seen = 0
    for route, path in addresses(room).items():
        page = opened(visits, address + path)
        if page is None:
            wrong.append(f"{route}: nobody gets it")
            continue
        seen += 1
        wrong += [f"{path}: {each}" for each in findings(page)]
    assert wrong == [], "\n" + "\n".join(wrong)
    assert seen >= 15, "fewer pages than there were"


def test_pages_are_light(visits: dict[str, Page], address: str) -> None:
    page = visits["ho-so"]
    paths = ("/?q=quyet+dinh", "/hang-doi", "/bien-nhan", f"/ho-so/{PARTIAL}", "/van-hanh")
    heavy = {path: size for path in paths if (size := weight(page, address + path)) > MOST_BYTES}
    assert heavy == {}


def test_pages_of_strangers(browser: Browser, address: str) -> None:
    page = browser.new_context().new_page()
    wrong: list[str] = []
    for path in ("/dang-nhap", "/khong-co-trang-nay"):
        page.goto(address + path)
        wrong += [f"{path}: {each}" for each in findings(page)]
    page.goto(f"{address}/dang-nhap")
    sign_in(page, "bao-mat")
    page.wait_for_load_state()
    wrong += [f"step: {each}" for each in findings(page)]
    assert wrong == []


def test_answers_to_the_auditor(visits: dict[str, Page], address: str) -> None:
    page = visits["kiem-tra"]
    wrong: list[str] = []
    for form in ("kiem-tra-chuoi", "ai-da-xem"):
        page.goto(f"{address}/nhat-ky")
        page.fill("#ma", PARTIAL)
        page.click(f"form[action$={form}] button")
        page.wait_for_url(f"**/nhat-ky/{form}")
        wrong += [f"{form}: {each}" for each in findings(page)]
    assert wrong == []

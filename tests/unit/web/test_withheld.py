"""No address of the reading room hands out anything of a dossier that may not be handed out.

The addresses are found in the application, so that a new one is tried as well.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

import web.pages
from pipeline.model import PageRef, Record, Withheld
from pipeline.ports.searchable_pdf import SearchablePdf
from pipeline.stages import WITHHELD, newest_record, publish
from tests.support.deeds import callers
from tests.support.web_backend import (
    COMPLETE,
    PARTIAL,
    RECIPE,
    Backend,
    TestClient,
    open_client,
    sample_backend,
)
from web.masked.sight import Sight
from web.pages.dossiers.dossier_view import DossierRequest, build_dossier_view
from web.people.disclosure import Disclosure

PDF = b"%PDF-1.7 searchable"
WHY = "Trang 1 đóng dấu «MẬT»: báo người phụ trách."
# Words of its pages, fields, code and unit; its name stands in receipts and among its files.
SECRETS = ("giao đất", "mờ nhòe", "Về việc", "QĐ-UBND", "H26.19.25-260302-0007", "Chi nhánh số 1")

Closing = Callable[[Backend, Record], Record]


def by_its_field(backend: Backend, record: Record) -> Record:
    withheld = Withheld(datetime.now(UTC), "sohoa", WHY)
    return replace(record, action=WITHHELD, dossier=replace(record.dossier, withheld=withheld))


def by_the_action_alone(backend: Backend, record: Record) -> Record:
    return replace(record, action=WITHHELD, dossier=replace(record.dossier, reasons=(WHY,)))


def by_an_older_record(backend: Backend, record: Record) -> Record:
    """The attack: a later record says «failed», and nothing of secrecy."""
    first = by_its_field(backend, record)
    backend.archive.keep_record(first)
    return replace(first, sequence=first.sequence + 1, action="failed")


def by_being_joined(backend: Backend, record: Record) -> Record:
    return replace(record, action="joined", dossier=replace(record.dossier, joined_into=COMPLETE))


CLOSINGS = [by_its_field, by_the_action_alone, by_an_older_record, by_being_joined]


@pytest.fixture(params=CLOSINGS, ids=lambda closing: closing.__name__)
def closed(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """A backend in which a dossier with pages, fields and a searchable PDF may not be shown."""
    backend = sample_backend(tmp_path)
    record = newest_record(PARTIAL, backend.archive)
    path = tmp_path / "made.pdf"
    path.write_bytes(PDF)
    made = SearchablePdf(record.dossier.scans[0].sha256, RECIPE, 1, size=len(PDF), level="2b")
    backend.archive.keep_searchable_pdf(made, path)
    following = replace(record, sequence=record.sequence + 1)
    backend.archive.keep_record(request.param(backend, following))
    publish(newest_record(PARTIAL, backend.archive), backend.archive, backend.index)
    return backend


def addresses(method: str) -> Iterator[str]:
    """Yield every address of the reading room, asked about the dossier, for each of its pages."""
    for module in pkgutil.walk_packages(web.pages.__path__, "web.pages."):
        router = getattr(import_module(module.name), "router", None)
        for route in router.routes if router else ():
            assert isinstance(route, APIRoute)
            if method in (route.methods or ()):
                yield route.path


def filled(path: str, backend: Backend) -> Iterator[str]:
    scan = newest_record(PARTIAL, backend.archive).dossier.scans[0].sha256
    for number in range(1, 6):
        values = {"dossier": PARTIAL, "sha256": scan, "number": number, "account": "0a"}
        values |= {"item": "2.1-symbol", "code": "H26.19.25-260302-0007", "table": 1}
        address = re.sub(r":\w+}", "}", path).format(**values)
        for query in ("", "?q=giao", "?q=mờ", "?giay=1&truong=number", "?trang-thai=PARTIAL"):
            yield address + query
        if "{number}" not in path:
            return


def test_no_address_gives_away_a_word_or_a_byte(closed: Backend) -> None:
    client = open_client(closed)
    dossier = newest_record(PARTIAL, closed.archive).dossier
    with closed.archive.original(dossier.scans[0].sha256) as path:
        bodies = [path.read_bytes(), PDF]
    for number in range(1, 5):
        ref = PageRef(PARTIAL, dossier.scans[0].sha256, number)
        bodies.append(closed.archive.picture(ref, RECIPE))
    app: FastAPI = client.app  # type: ignore[assignment]
    context = app.state.context
    clear = Disclosure(is_clear=True)
    record = context.record(PARTIAL)
    view = build_dossier_view(Sight(context, record, record, clear), DossierRequest("giao"))
    assert (view.documents, view.pages) == ((), ())
    tried = 0
    for path_ in addresses("GET"):
        for address in filled(path_, closed):
            answer = client.get(address)
            tried += 1
            assert answer.status_code < 500, address
            assert answer.content not in bodies, address
            assert not answer.headers["content-type"].startswith("image/"), address
            assert not re.search(rf"{PARTIAL}/trang/\d+/\w+\.webp", answer.text), address
            shown = re.sub(r"<[^>]+>", "", answer.text)  # a hit is marked in the middle of them
            assert not [each for each in SECRETS if each in shown], address
    assert tried > 60


@pytest.mark.parametrize("kind", ["anh.webp", "nho.webp"])
def test_a_browser_that_has_a_picture_is_not_told_that_it_is_still_good(
    tmp_path: Path, kind: str
) -> None:
    backend = sample_backend(tmp_path)
    client = open_client(backend)
    address = f"/ho-so/{PARTIAL}/trang/1/{kind}"
    etag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    record = newest_record(PARTIAL, backend.archive)
    backend.archive.keep_record(
        by_its_field(backend, replace(record, sequence=record.sequence + 1))
    )
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 403


def test_a_closed_dossier_is_not_read_again(closed: Backend) -> None:
    client = open_client(closed)
    assert "/thu-lai" not in client.get(f"/ho-so/{PARTIAL}").text
    answer = client.post(f"/ho-so/{PARTIAL}/thu-lai", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code in (403, 409)
    assert "không đọc lại" in answer.text or f"hồ sơ {COMPLETE}" in answer.text
    assert not closed.archive.is_queued(PARTIAL)
    assert f'action="/ho-so/{PARTIAL}/thu-lai"' not in client.get("/van-de").text


def test_it_is_listed_as_withheld_and_found_by_nothing_of_its_own(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    record = newest_record(PARTIAL, backend.archive)
    backend.archive.keep_record(
        by_its_field(backend, replace(record, sequence=record.sequence + 1))
    )
    publish(newest_record(PARTIAL, backend.archive), backend.archive, backend.index)
    client = open_client(backend)
    for words in ("giao đất", "H26.19.25-260302-0007", "12/QĐ-UBND", "script"):
        assert f"/ho-so/{PARTIAL}" not in client.get("/", params={"q": words}).text, words
    for address in ("/", "/van-de", f"/ho-so/{PARTIAL}"):
        assert "Hồ sơ được giữ lại: tài liệu mật" in client.get(address).text
    assert WHY in client.get(f"/ho-so/{PARTIAL}").text


def test_an_index_that_is_behind_does_not_show_its_words(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    record = newest_record(PARTIAL, backend.archive)
    backend.archive.keep_record(
        by_its_field(backend, replace(record, sequence=record.sequence + 1))
    )
    html = re.sub("</?mark>", "", open_client(backend).get("/?q=giao").text)
    assert f'href="/ho-so/{PARTIAL}"' in html
    assert not [each for each in ("giao đất", "QĐ-UBND", "H26.19.25-260302-0007") if each in html]


def test_a_joined_dossier_leads_to_the_one_that_has_its_files(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    record = newest_record(PARTIAL, backend.archive)
    backend.archive.keep_record(
        by_being_joined(backend, replace(record, sequence=record.sequence + 1))
    )
    client: TestClient = open_client(backend)
    assert f'href="/ho-so/{COMPLETE}"' in client.get(f"/ho-so/{PARTIAL}").text
    answer = client.get(f"/ho-so/{PARTIAL}/trang/1")
    assert answer.status_code == 409
    assert COMPLETE in answer.text


def test_both_dossiers_of_a_proposal_name_each_other(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    for dossier, values in (
        (COMPLETE, {"code": "H26.19.25-260302-0007", "proposed_join": PARTIAL}),
        (PARTIAL, {"reasons": ()}),
    ):
        record = newest_record(dossier, backend.archive)
        state = replace(record.dossier, **values)
        following = replace(record, sequence=record.sequence + 1, dossier=state)
        backend.archive.keep_record(following)
    client = open_client(backend)
    assert f"sohoa join {COMPLETE}" in client.get(f"/ho-so/{COMPLETE}").text
    assert f'href="/ho-so/{COMPLETE}"' in client.get(f"/ho-so/{PARTIAL}").text


# Who opens what people may see, and what keeps it from handing out a withheld dossier.
OPENERS = {
    "pipeline.pdf_binding._find_or_make": "bind asks may_hand_out",
    "pipeline.pdf_binding._pages": "bind asks may_hand_out",
    "pipeline.pdf_binding.is_inert": "looks at a PDF of 0.1 and hands nothing out",
    "pipeline.stages.pages_of": "conclude, publication and boundaries ask may_hand_out",
    "pipeline.stages.read_page": "digitising: pages_to_read asks may_hand_out",
    "flows.commands.dossiers.export._write": "what bind returned",
    "flows.commands.dossiers.clear_hits.clear_hit": "asks may_hand_out",
    "flows.upkeep.duplicates._is_alike": "asks may_hand_out",
    "flows.upkeep.duplicates._look": "_is_alike, which asked for both dossiers",
    "pipeline.exchange.outgoing._originals": "send_dossier asks check_hand_out",
    "pipeline.exchange.outgoing._searchable": "send_dossier asks check_hand_out",
    "web.api.dossiers.original_file": "web.pages.dossiers.dossier.original, below",
    "web.api.dossiers.page_picture": "web.pages.dossiers.page.picture, whose route asks",
    "web.api.dossiers.searchable_pdf_file": "web.pages.dossiers.dossier.searchable_pdf, below",
    "pipeline.corrections.pages.mend_words": "_page asks check_hand_out",
    "pipeline.corrections.pages.turn_page": "_page asks check_hand_out",
    "pipeline.page_edits.reading.find_page": "pages_of, _pages and those of this list ask",
    "pipeline.page_edits.secret_pages._as_read": "looks for marks and hands nothing out",
    "pipeline.page_edits.secret_pages._left_out": "looks for marks and hands nothing out",
    "web.context.page": "asks check_hand_out",
    "web.masked.mended.mask_by_past": "Sight.mask, which asked for the page",
    "web.pages.dossiers.dossier.original": "asks record_to_hand_out",
    "web.pages.dossiers.dossier.searchable_pdf": "asks record_to_hand_out",
    "web.pages.dossiers.dossier_view.find_searchable_pdf": "asks may_hand_out",
    "web.pages.dossiers.dossier_view._file": "asks find_searchable_pdf, above",
    "web.pages.dossiers.whole._packed": "whole asks record_to_hand_out, and find_searchable_pdf",
    "web.pictures.conditional_response": "its routes ask record_to_hand_out",
    "web.pictures.page_picture": "its routes ask record_to_hand_out",
}


def test_whoever_opens_bytes_or_words_asks_first() -> None:
    opening = {"original", "find_page", "picture", "searchable_pdf", "find_searchable_pdf"}
    found = {each for each in callers(opening) if not each.startswith(("storage.", "ocr."))}
    assert found == set(OPENERS), "say here what keeps a new one from handing out secrets"

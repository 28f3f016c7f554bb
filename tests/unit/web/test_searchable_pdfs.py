"""Dossier page: searchable PDFs are downloaded, or it says why there is none."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pipeline.model import Record
from pipeline.ports.searchable_pdf import SearchablePdf
from pipeline.stages import WITHHELD, newest_record
from tests.paper.acting import save_acting
from tests.support.searchable_pdfs import FAX, as_pdf, drawn
from tests.support.web_backend import (
    PARTIAL,
    RECIPE,
    WAITING,
    Backend,
    TestClient,
    open_client,
    sample_backend,
)

BYTES = b"%PDF-1.7 of ours"
LINK = "/tim-duoc.pdf"


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    home = tmp_path / "home"
    home.mkdir()
    return sample_backend(home)


@pytest.fixture
def client(backend: Backend) -> TestClient:
    return open_client(backend)


def store(backend: Backend, tmp_path: Path, content: bytes = BYTES, **values: Any) -> str:
    """Store a searchable PDF of the first scan of a dossier; return its download URL."""
    scan = newest_record(PARTIAL, backend.archive).dossier.scans[0].sha256
    pdf = tmp_path / "made.pdf" if content else None
    if pdf:
        pdf.write_bytes(content)
    made = SearchablePdf(scan, RECIPE, 1, size=len(content), is_inert=True)
    backend.archive.keep_searchable_pdf(replace(made, **values), pdf)
    return f"/ho-so/{PARTIAL}/tep/{scan}{LINK}"


def test_a_searchable_pdf_is_offered_and_comes_out_whole(
    client: TestClient, backend: Backend, tmp_path: Path
) -> None:
    address = store(backend, tmp_path, level="2b")
    html = client.get(f"/ho-so/{PARTIAL}").text
    assert f'href="{address}"' in html
    assert "PDF/A-2b" in html
    answer = client.get(address)
    assert answer.content == BYTES
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "-tim-duoc.pdf" in answer.headers["content-disposition"]
    assert answer.headers["content-security-policy"].startswith("sandbox")


def test_a_plain_one_says_why_it_is_no_pdfa(
    client: TestClient, backend: Backend, tmp_path: Path
) -> None:
    store(backend, tmp_path, reasons=("Không thành PDF/A được vì ảnh JPEG 2000.",))
    html = client.get(f"/ho-so/{PARTIAL}").text
    assert "PDF thường" in html
    assert "Không thành PDF/A được vì ảnh JPEG 2000." in html


def test_one_whose_words_differ_is_not_offered_and_says_why(
    client: TestClient, backend: Backend, tmp_path: Path
) -> None:
    address = store(backend, tmp_path, b"", reasons=("Chữ lấy lại từ PDF không đúng.",))
    html = client.get(f"/ho-so/{PARTIAL}").text
    assert LINK not in html
    assert "Không có PDF tìm được chữ." in html
    assert "Chữ lấy lại từ PDF không đúng." in html
    assert client.get(address).status_code == 404


def test_before_one_is_made_the_page_does_not_mention_it(
    client: TestClient, backend: Backend
) -> None:
    for dossier in (PARTIAL, WAITING):
        html = client.get(f"/ho-so/{dossier}").text
        assert LINK not in html
        assert "Không có PDF" not in html
    scan = newest_record(PARTIAL, backend.archive).dossier.scans[0].sha256
    assert client.get(f"/ho-so/{PARTIAL}/tep/{scan}{LINK}").status_code == 404


@pytest.mark.parametrize(("kind", "status"), [("", 200), ("link with Launch", 404)])
def test_an_older_pdf_is_looked_at_before_it_is_handed_out(
    client: TestClient, backend: Backend, tmp_path: Path, kind: str, status: int
) -> None:
    """The notes of 0.1 do not say that anybody looked."""
    path, _ = as_pdf(drawn(FAX), tmp_path)
    with pikepdf.open(path) as pdf:
        del pdf.docinfo
        pdf.save(tmp_path / "old.pdf")
    if kind:
        save_acting(kind, tmp_path / "old.pdf", tmp_path / "old-acting.pdf")
    content = (tmp_path / ("old-acting.pdf" if kind else "old.pdf")).read_bytes()
    answer = client.get(store(backend, tmp_path, content, is_inert=False))
    assert answer.status_code == status
    assert (answer.content == content) is (status == 200)
    if kind:
        assert f"sohoa export {PARTIAL}" in answer.text


def test_a_withheld_dossier_hands_nothing_out(
    client: TestClient, backend: Backend, tmp_path: Path
) -> None:
    address = store(backend, tmp_path, level="2b")
    now = newest_record(PARTIAL, backend.archive)
    backend.archive.keep_record(
        Record(now.sequence + 1, datetime.now(UTC), "sohoa", WITHHELD, now.dossier)
    )
    assert LINK not in client.get(f"/ho-so/{PARTIAL}").text
    assert client.get(address).status_code == 403


def test_a_dossier_hands_out_pdfs_of_its_own_scans_only(
    client: TestClient, backend: Backend, tmp_path: Path
) -> None:
    address = store(backend, tmp_path, level="2b")
    assert client.get(address.replace(PARTIAL, WAITING)).status_code == 404
    foreign = hashlib.sha256(b"no scan").hexdigest()
    assert client.get(f"/ho-so/{PARTIAL}/tep/{foreign}{LINK}").status_code == 404

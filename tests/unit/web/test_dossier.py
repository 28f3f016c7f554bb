"""Dossier page: doubts are visible, every page has its state, originals come out unchanged."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.stages import newest_record
from tests.support.web_backend import (
    COMPLETE,
    FAILED,
    HOSTILE,
    PARTIAL,
    WAITING,
    Backend,
    TestClient,
    open_client,
    part_of,
    sample_backend,
)
from web.pages.dossiers.dossier import attachment


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return sample_backend(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def client(backend: Backend) -> TestClient:
    return open_client(backend)


def field(html: str, label: str) -> str:
    return part_of(html, rf"<dt>{label}</dt>(.*?)</dd>")


def test_an_uncertain_field_is_never_shown_as_certain(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}").text
    assert "cần kiểm tra" in field(html, "Ký hiệu")
    assert "QD-UBND" in field(html, "Ký hiệu")  # as it was read
    assert "cần kiểm tra" not in field(html, "Số")
    assert "1 trường cần kiểm tra" in html


def test_a_field_leads_to_its_place_on_the_page(client: TestClient) -> None:
    address = part_of(field(client.get(f"/ho-so/{PARTIAL}").text, "Ký hiệu"), r'href="([^"]+)"')
    html = client.get(address.replace("&amp;", "&")).text
    assert re.search(r'<polygon class="field-box" id="o1" points="[\d., -]+"', html)
    assert "Ký hiệu: QĐ-UBND" in html


def test_fields_are_written_as_offices_write_them_doubtful_ones_first(
    client: TestClient,
) -> None:
    html = client.get(f"/ho-so/{PARTIAL}").text
    assert "01/03/2026" in field(html, "Ngày ban hành")
    labels = re.findall(r"<dt>(.*?)</dt>", html)
    assert labels == ["Ký hiệu", "Số", "Ngày ban hành", "Trích yếu"]  # then as on a letterhead


def test_every_page_shows_its_state_and_reason(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}").text
    lists = re.findall(r'<ol class="leaves">(.*?)</ol>', html, re.DOTALL)
    pages = [page for each in lists for page in each.split("</li>") if page.strip()]
    assert len(pages) == 5
    states = ["đã đọc", "đã đọc", "cần xem lại", "trang trắng", "chưa đọc được"]
    for page, state in zip(pages, states, strict=False):
        assert f">{state}</span>" in page
    assert "Chữ quá mờ." in pages[2]
    assert "Ảnh trang bị hỏng." in pages[4]
    assert "chưa có ảnh" in pages[4]
    assert "nho.webp" in pages[0]


def test_pages_with_the_words_that_led_here_are_told_apart(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}?q=thửa đất").text
    assert [*re.findall(r'<li class="is-hit">\s*<a href="[^"]*trang/(\d+)', html)] == ["2"]


def test_the_history_names_each_record_newest_first(client: TestClient) -> None:
    html = client.get(f"/ho-so/{COMPLETE}").text
    assert html.index("<b>Số hóa</b>") < html.index("<b>Tiếp nhận</b>")


def test_a_dossier_not_yet_read_says_so_and_cannot_be_asked_for_twice(client: TestClient) -> None:
    html = client.get(f"/ho-so/{WAITING}").text
    assert "Đang chờ" in html
    assert "3 trang chưa được đọc" in html
    assert "/thu-lai" not in html


def test_a_failed_dossier_says_why_and_offers_another_try(client: TestClient) -> None:
    html = client.get(f"/ho-so/{FAILED}").text
    assert "Đã thử 3 lần đều không xong." in html
    assert f'action="/ho-so/{FAILED}/thu-lai"' in html


def test_a_whole_dossier_offers_no_retry(client: TestClient) -> None:
    assert "/thu-lai" not in client.get(f"/ho-so/{COMPLETE}").text


def test_names_are_never_html(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}").text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_an_original_comes_out_unchanged_and_is_only_ever_saved(
    client: TestClient, backend: Backend
) -> None:
    scan = newest_record(PARTIAL, backend.archive).dossier.scans[0]
    answer = client.get(f"/ho-so/{PARTIAL}/tep/{scan.sha256}")
    assert hashlib.sha256(answer.content).hexdigest() == scan.sha256
    assert answer.headers["content-length"] == str(scan.size)
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["content-type"] == "application/pdf"


@pytest.mark.parametrize(
    ("name", "media_type", "saved"),
    [
        ("ho-so-polyglot.hta", "application/pdf", "ho-so-polyglot.hta.pdf"),
        ("hồ sơ/invoice.bat", "application/pdf", "invoice.bat.pdf"),
        ("bidi\u202efdp.exe", "application/pdf", "bidifdp.exe.pdf"),
        ("ảnh.pdf", "image/png", "ảnh.pdf.png"),
        ("trang.html", "text/html", "trang.html.bin"),
    ],
)
def test_a_download_is_saved_under_our_suffix(
    client: TestClient, backend: Backend, name: str, media_type: str, saved: str
) -> None:
    record = newest_record(PARTIAL, backend.archive)
    scan = replace(record.dossier.scans[0], name=name, media_type=media_type)
    dossier = replace(record.dossier, scans=(scan,))
    backend.archive.keep_record(replace(record, sequence=record.sequence + 1, dossier=dossier))
    answer = client.get(f"/ho-so/{PARTIAL}/tep/{scan.sha256}")
    header = answer.headers["content-disposition"]
    assert header.endswith(f"filename*=UTF-8''{quote(saved)}")
    (ascii_name,) = re.findall(r'filename="([^"]+)"', header)
    assert ascii_name.endswith(Path(saved).suffix)
    assert ascii_name.count(".") == 1


def test_user_bytes_are_never_served_as_a_web_page(client: TestClient, backend: Backend) -> None:
    scan = newest_record(COMPLETE, backend.archive).dossier.scans[0]
    assert scan.media_type == "text/html"  # as a record may claim
    answer = client.get(f"/ho-so/{COMPLETE}/tep/{scan.sha256}")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_dossier_hands_out_its_own_originals_only(client: TestClient, backend: Backend) -> None:
    foreign = newest_record(PARTIAL, backend.archive).dossier.scans[0].sha256
    assert client.get(f"/ho-so/{COMPLETE}/tep/{foreign}").status_code == 404


def test_why_a_paper_begins_and_a_page_is_none_is_told(
    client: TestClient, backend: Backend
) -> None:
    record = newest_record(COMPLETE, backend.archive)
    paper = replace(record.dossier.documents[0], pages=(3, 1, 2, 7), boundary="Sau tờ <b>bìa</b>.")
    notes = (replace(record.dossier.pages[0], apart="Tờ phân cách."), *record.dossier.pages[1:])
    dossier = replace(record.dossier, documents=(paper,), pages=notes)
    backend.archive.keep_record(replace(record, sequence=record.sequence + 1, dossier=dossier))
    html = client.get(f"/ho-so/{COMPLETE}").text
    assert "trang 3, 1–2, 7</a> · <span>Sau tờ &lt;b&gt;bìa&lt;/b&gt;.</span>" in html
    assert '<p class="leaf-reason">Tờ phân cách.</p>' in html


@pytest.mark.parametrize(
    ("name", "ascii_name"),
    [
        ("đơn số 7.pdf", "__n_s__7.pdf"),
        ('a"; filename="b.html', "a___filename__b.html"),
        ("hồ sơ/quyết\r\nđịnh.tif", "quy_t__nh.tif"),
        ("../../etc/passwd", "passwd"),
        ("", "tep"),
    ],
)
def test_a_file_name_cannot_break_out_of_its_header(name: str, ascii_name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert f'filename="{ascii_name}"' in header
    assert header.count('"') == 2


def test_a_vietnamese_name_survives(client: TestClient) -> None:
    assert attachment("đơn.pdf").endswith("filename*=UTF-8''%C4%91%C6%A1n.pdf")
    assert HOSTILE.split("/")[0] not in attachment(HOSTILE)

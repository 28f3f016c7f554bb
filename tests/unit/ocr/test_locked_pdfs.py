"""A PDF whose password is known is read; one that only stands in for another is never taken."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from ocr import check_engine, open_binder, open_reader
from ocr.files import stand_in
from ocr.files.inspect import inspect
from ocr.files.passwords import known_passwords
from ocr.sandbox.job import Job, private_folder, read_job
from pipeline.errors import (
    EncryptedScanError,
    MisconfiguredError,
    ReadingError,
    UnsupportedFormatError,
)
from pipeline.model import PageState, Source
from pipeline.ports.searchable_pdf import PdfRequest
from pipeline.settings import ReadingSettings
from tests.paper import pdf_files
from tests.support.searchable_pdfs import raw_words

PASSWORD = "mật khẩu số 7"


@pytest.fixture
def passwords(tmp_path: Path) -> Path:
    path = tmp_path / "mat-khau.txt"
    path.write_text(f"sai\n\n{PASSWORD}\nabc123\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.engine
@pytest.mark.parametrize(("bits", "password"), [(256, PASSWORD), (128, "abc123"), (40, "abc123")])
def test_a_pdf_whose_password_is_known_is_read_and_made_searchable(
    bits: int, password: str, passwords: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = ReadingSettings(passwords_file=passwords)
    pdf_files.locked(tmp_path / "a.pdf", password, bits=bits)
    before = (tmp_path / "a.pdf").read_bytes()
    reader = open_reader(settings)
    assert reader.inspect(tmp_path / "a.pdf").pages == 1
    page = reader.read_page(tmp_path / "a.pdf", 1).page
    assert (page.state, page.source) == (PageState.READ, Source.TEXT_LAYER)
    (tmp_path / "out").mkdir()
    wanted = PdfRequest("application/pdf", "Đơn", "0a")
    made = open_binder(settings).bind(tmp_path / "a.pdf", wanted, [page], tmp_path / "out")
    assert made.path is not None
    assert raw_words(made.path)
    assert (tmp_path / "a.pdf").read_bytes() == before, "the original stays as it was dropped"
    assert password not in caplog.text


def test_a_pdf_with_another_password_says_that_none_fits(passwords: Path, tmp_path: Path) -> None:
    pdf_files.locked(tmp_path / "a.pdf", "không ai biết")
    reader = open_reader(ReadingSettings(passwords_file=passwords))
    with pytest.raises(EncryptedScanError, match="không mật khẩu nào đã khai mở được"):
        reader.inspect(tmp_path / "a.pdf")


def test_a_pdf_locked_by_certificate_is_said_to_be(tmp_path: Path) -> None:
    pdf_files.locked_by_certificate(tmp_path / "a.pdf")
    with pytest.raises(EncryptedScanError, match="chứng thư số"):
        inspect(tmp_path / "a.pdf", ReadingSettings())


@pytest.mark.engine
def test_passwords_that_others_could_read_stop_the_start(passwords: Path) -> None:
    settings = ReadingSettings(passwords_file=passwords)
    passwords.chmod(0o640)
    with pytest.raises(MisconfiguredError, match="để người khác đọc được") as caught:
        open_reader(settings)
    assert f"chmod 600 {passwords}" in caught.value.remedy
    (check,) = [each for each in check_engine(settings) if "mật khẩu" in each.part]
    assert check.remedy
    assert known_passwords(passwords) == ()
    passwords.chmod(0o600)
    assert known_passwords(passwords) == ("sai", PASSWORD, "abc123")
    os.truncate(passwords, 0)
    assert known_passwords(passwords) == ()
    with pytest.raises(MisconfiguredError):
        open_reader(ReadingSettings(passwords_file=passwords.with_name("không có")))


@pytest.mark.parametrize("says", [True, False])
def test_a_form_that_only_asks_to_wait_is_refused(says: bool, tmp_path: Path) -> None:
    pdf_files.xfa(tmp_path / "a.pdf", says=says)
    with pytest.raises(UnsupportedFormatError, match="biểu mẫu điện tử XFA") as caught:
        inspect(tmp_path / "a.pdf", ReadingSettings())
    assert "Adobe Reader" in caught.value.remedy


def test_an_empty_page_that_must_be_rendered_first_is_refused(tmp_path: Path) -> None:
    pdf_files.xfa(tmp_path / "a.pdf", "")
    with pytest.raises(UnsupportedFormatError, match="biểu mẫu điện tử XFA"):
        inspect(tmp_path / "a.pdf", ReadingSettings())


def test_a_form_with_pages_of_its_own_is_taken_and_told(tmp_path: Path) -> None:
    pdf_files.xfa(tmp_path / "a.pdf", pdf_files.COVER_LETTER)
    info = inspect(tmp_path / "a.pdf", ReadingSettings())
    assert info.pages == 1
    (remark,) = info.remarks
    assert "có thể hiện nội dung khác" in remark


@pytest.mark.parametrize(
    "text",
    [
        "PHIẾU HẸN. Vui lòng chờ gọi số. Chuyên viên kính trình xem xét, quyết định.",
        "Please wait for the result at counter 3.",
        "Hướng dẫn cài Adobe Reader. " * 40 + "Please wait...",
    ],
)
def test_a_paper_that_asks_to_wait_is_a_paper(text: str) -> None:
    assert not stand_in.is_waiting_page(text)


@pytest.mark.engine
def test_a_waiting_page_among_others_is_not_read(tmp_path: Path) -> None:
    """Several files bound into one: the page is a picture of nothing."""
    with (
        pdf_files.with_text(pdf_files.COVER_LETTER) as whole,
        pdf_files.with_text(pdf_files.PLEASE_WAIT) as waiting,
    ):
        whole.pages.extend(waiting.pages)
        whole.save(tmp_path / "a.pdf")
    reader = open_reader(ReadingSettings())
    assert reader.inspect(tmp_path / "a.pdf").pages == 2
    assert reader.read_page(tmp_path / "a.pdf", 1).page.state is PageState.READ
    with pytest.raises(ReadingError, match="XFA"):
        reader.read_page(tmp_path / "a.pdf", 2)


def test_the_order_of_a_job_is_gone_once_it_was_read(tmp_path: Path) -> None:
    with private_folder("sohoa-unlock-", tmp_path) as folder:
        assert folder.stat().st_mode & 0o077 == 0
        job = Job("unlock", folder, tmp_path, 1, 1, arguments={"passwords": (PASSWORD,)})
        job.write()
        assert read_job(folder).arguments["passwords"] == [PASSWORD]
        assert list(folder.iterdir()) == []

"""`sohoa doctor` says which addresses open the reading room, and whether others may come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts import has_people
from flows.upkeep.address_checks import check_addresses
from pipeline.model import Check, PersonRole
from pipeline.settings import AccountSettings, WebSettings
from tests.support.people import Place, add_person

OPEN: dict[str, Any] = {"host": "0.0.0.0", "names": ["127.0.0.1", "phong-doc.example"]}


def checks(*, has_accounts: bool | None = True, **web: object) -> tuple[Check, ...]:
    return tuple(check_addresses(WebSettings.model_validate(web), has_accounts=has_accounts))


def test_a_fresh_home_serves_this_machine_and_says_what_a_second_one_needs() -> None:
    own, others = checks(has_accounts=False)
    assert own.detail == "http://127.0.0.1:8600, http://localhost:8600"
    assert others.detail.startswith("không: chỉ nghe ở 127.0.0.1; chưa có tài khoản nào")
    for wanted in ("sohoa user add", "SOHOA_WEB__HOST=0.0.0.0", "SOHOA_WEB__NAMES"):
        assert wanted in others.detail
    assert own.is_well
    assert others.is_well  # nothing is wrong with it


def test_a_room_for_others_names_the_address_to_type() -> None:
    own, others = checks(**OPEN, port=9000)
    assert own.detail == "http://127.0.0.1:9000, http://phong-doc.example:9000"
    assert others.detail == "được, bằng http://phong-doc.example:9000"
    assert others.is_well


@pytest.mark.parametrize(
    ("web", "has_accounts", "remedy"),
    [
        (OPEN, False, "sohoa user add"),
        ({"proxies": ["127.0.0.1"]}, False, "sohoa user add"),
        ({"host": "0.0.0.0"}, True, "SOHOA_WEB__NAMES"),
        ({"names": ["phong-doc.example"]}, True, "SOHOA_WEB__HOST"),
    ],
    ids=["no accounts", "no accounts behind a proxy", "names of this machine", "heard by nobody"],
)
def test_a_room_that_others_cannot_enter_says_what_it_lacks(
    web: dict[str, Any], has_accounts: bool, remedy: str
) -> None:
    others = checks(has_accounts=has_accounts, **web)[-1]
    assert not others.is_well
    assert remedy in others.remedy


def test_an_address_that_no_name_opens_is_told() -> None:
    own, others = checks(host="192.0.2.7")
    assert '"192.0.2.7"' in own.remedy
    assert '"192.0.2.7"' in others.remedy


def test_any_name_tls_and_proxies() -> None:
    named = checks(host="192.0.2.7", names=["*"])
    assert named[0].detail == "http://192.0.2.7:8600"
    proxied = checks(proxies=["127.0.0.1"], names=["127.0.0.1", "phong-doc.example"])
    assert proxied[1].detail == "được, qua proxy, bằng tên phong-doc.example"
    files: dict[str, Any] = {"tls_certificate": Path("a.pem"), "tls_key": Path("b.pem")}
    assert "https://phong-doc.example:8600" in checks(**OPEN, **files)[0].detail


def test_accounts_that_do_not_answer_are_no_missing_ones(tmp_path: Path) -> None:
    assert len(checks(has_accounts=None)) == 1
    assert has_people(AccountSettings(), tmp_path) is False
    accounts = Place(tmp_path).open()
    assert has_people(AccountSettings(), tmp_path) is False
    add_person(accounts, "quan-tri", PersonRole.ADMIN)
    assert has_people(AccountSettings(), tmp_path) is True

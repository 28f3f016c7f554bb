"""Drops of one code through the real watcher: what joins by itself, and what a person decides."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows import wiring
from flows.cli import main
from flows.upkeep.reconcile import find_differences
from pipeline.intake import read_receipts, receipt_days
from pipeline.model import Dossier, Outcome, Query, Receipt, ReceiptStatus
from tests.paper import draw_page, save_pdf
from tests.support.drops import withhold
from tests.support.watched import dossiers, until, watching
from tests.support.web_backend import BASE_URL, TestClient
from web.app import create_app

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]

CODE = "H26.19.25-260105-0007"
Sohoa = Callable[..., tuple[int, Any]]


@pytest.fixture
def inbox(home: Path) -> Path:
    folder = home / "inbox"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def sohoa(capsys: pytest.CaptureFixture[str]) -> Sohoa:
    """Runs a command as a script would: its exit code, and the JSON or the words that it prints."""

    def answer(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main(list(words))
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if "--json" in words else printed.out + printed.err

    return answer


def drop(inbox: Path, name: str, files: dict[str, int | None]) -> None:
    """Drop a folder: seeds of pages by file name; None for a file that is refused."""
    making = inbox / f".{name}"
    making.mkdir()
    for file, seed in files.items():
        if seed is None:
            (making / file).write_bytes(b"no PDF at all")
        else:
            save_pdf([draw_page("A", seed, 150)], making / file)
    making.rename(inbox / name)


def states() -> list[Outcome | None]:
    return [dossier.outcome for dossier in dossiers() if not dossier.joined_into]


def settled(*outcomes: Outcome) -> bool:
    return states() == list(outcomes) and not wiring.archive().queued()


def lines(inbox: Path) -> list[Receipt]:
    return [each for day in receipt_days(inbox) for each in read_receipts(inbox, day)]


def problems() -> str:
    return str(TestClient(create_app(), base_url=BASE_URL).get("/van-de").text)


def test_a_refused_file_that_comes_again_completes_its_dossier(
    inbox: Path, sohoa: Sohoa, tmp_path: Path
) -> None:
    with watching():
        drop(inbox, CODE, {"01 don.pdf": 1, "02 to khai.pdf": None})
        until(lambda: settled(Outcome.PARTIAL))
        assert "02 to khai.pdf bị từ chối" in problems()
        drop(inbox, CODE, {"02 to khai.pdf": 2})
        until(lambda: settled(Outcome.COMPLETE))
    (last,) = (line for line in lines(inbox) if "Đã thay" in line.reason)
    assert (last.status, last.reason) == (
        ReceiptStatus.ARCHIVED,
        f"Đã thay 02 to khai.pdf trong hồ sơ {CODE}.",
    )
    code, shown = sohoa("show", CODE, "--json")
    assert code == 0
    assert shown["dossier"] == last.dossier
    assert [scan["name"] for scan in shown["scans"]] == [
        f"{CODE}/01 don.pdf",
        f"{CODE}/02 to khai.pdf",
    ]
    assert (shown["outcome"], shown["reasons"], shown["missing"]) == ("COMPLETE", [], [])
    assert [hit.dossier for hit in wiring.index().find(Query("")).hits] == [last.dossier]
    assert "02 to khai.pdf" not in problems()
    assert "Không có gì phải xử lý" in problems()
    code, handed = sohoa("export", CODE, "--to", str(tmp_path / "out"), "--json")
    assert (code, len(handed)) == (0, 2)
    assert find_differences() == ()
    assert sohoa("verify", "--json")[1]["faults"] == []


@pytest.fixture
def two(inbox: Path) -> tuple[str, str]:
    """The ids of two dossiers of one code, the second of which waits for a person to decide."""
    with watching():
        drop(inbox, CODE, {"01 don.pdf": 1})
        until(lambda: settled(Outcome.COMPLETE))
        drop(inbox, CODE, {"02 kem.pdf": 2})
        until(lambda: settled(Outcome.COMPLETE, Outcome.COMPLETE))
    first, second = (dossier.id for dossier in dossiers())
    return first, second


def test_several_dossiers_of_a_code_are_listed(
    two: tuple[str, str], inbox: Path, sohoa: Sohoa
) -> None:
    first, second = two
    (told,) = (line for line in lines(inbox) if line.dossier == second)
    assert f"hồ sơ {first}" in told.reason
    for command in ("show", "history", "export", "retry"):
        code, said = sohoa(command, CODE)
        assert code == 1
        assert first in said
        assert second in said
        assert "id" in said
    assert not wiring.archive().queued(), "retry of two is retry of none"
    for command in ("show", "history", "export"):
        code, listed = sohoa(command, CODE, "--json")
        assert code == 1
        assert [row["dossier"] for row in listed] == [first, second]
        assert [row["proposed_join"] for row in listed] == [None, first]


def test_a_person_joins_two_dossiers_and_takes_them_apart_again(
    two: tuple[str, str], sohoa: Sohoa
) -> None:
    first, second = two
    code, rows = sohoa("join", second, "--append", "--reason", "giấy kèm theo", "--json")
    assert code == 0
    me = pwd.getpwuid(os.geteuid()).pw_name
    assert [(row["dossier"], row["action"], row["actor"], row["reason"]) for row in rows] == [
        (first, "joined", me, "giấy kèm theo"),
        (second, "joined", me, "giấy kèm theo"),
    ]
    assert sohoa("retry", second)[0] == 1
    assert sohoa("join", second, "--append")[0] == 0, "said twice is said once"
    with watching():
        until(lambda: settled(Outcome.COMPLETE))
    code, shown = sohoa("show", CODE, "--json")
    assert (code, shown["dossier"], len(shown["pages"])) == (0, first, 2)
    assert wiring.index().find(Query("")).total == 1
    assert find_differences() == ()

    assert sohoa("join", second, "--separate")[0] == 0
    with watching():
        until(lambda: settled(Outcome.COMPLETE, Outcome.COMPLETE))
    assert [len(dossier.pages) for dossier in by_id()] == [1, 1]
    assert wiring.index().find(Query("")).total == 2
    assert sohoa("join", second, "--append")[0] == 1, "nobody proposes it any more"
    assert find_differences() == ()


def by_id() -> Iterator[Dossier]:
    return iter(sorted(dossiers(), key=lambda dossier: dossier.id))


def test_a_withheld_dossier_is_neither_joined_nor_read_nor_exported(
    inbox: Path, sohoa: Sohoa, tmp_path: Path
) -> None:
    with watching():
        drop(inbox, CODE, {"01 don.pdf": 1, "02 to khai.pdf": None})
        until(lambda: settled(Outcome.PARTIAL))
    (secret,) = (dossier.id for dossier in dossiers())
    withhold(secret, wiring.archive(), wiring.index())
    with watching():
        drop(inbox, CODE, {"02 to khai.pdf": 2})
        until(lambda: settled(Outcome.FAILED, Outcome.COMPLETE))
    newer = next(dossier for dossier in by_id() if dossier.id != secret)
    assert (newer.proposed_join, newer.joined_into) == (secret, None)
    for words in (
        ["retry", secret],
        ["join", newer.id, "--append"],
        ["join", newer.id, "--replace-file", "02 to khai.pdf"],
        ["export", secret, "--to", str(tmp_path / "out")],
    ):
        code, said = sohoa(*words)
        assert code == 1, words
        assert "Tài liệu mật" in said, words
    assert not list((tmp_path / "out").iterdir())
    assert not wiring.archive().queued()
    code, shown = sohoa("show", secret, "--json")
    assert (code, shown["withheld"]["by"]) == (0, "sohoa")
    assert sohoa("join", newer.id, "--separate")[0] == 0
    assert {each.kind for each in find_differences()} == {"handout-of-secret"}, "made before"

"""Joins that wait for a person stand on the page of problems, until somebody decided."""

from __future__ import annotations

import argparse
from html import unescape
from pathlib import Path

import pytest

from flows.commands.dossiers import join as command
from pipeline import corrections
from pipeline.settings import Settings
from pipeline.versions import Act
from tests.support.drops import CODE, Office
from tests.support.stored import verified
from tests.support.web_backend import Backend, open_client

LAN = Act("lan", "đã xem giấy")
HEADING = "Hồ sơ cùng mã, chờ người quyết định"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def page(office: Office) -> str:
    backend = Backend(office.archive, office.index, Settings(home=office.home))
    return unescape(open_client(backend).get("/van-de").text)


def proposed(office: Office) -> tuple[str, str]:
    """A PARTIAL dossier, and a later drop of its code with something else."""
    older = office.partial()
    newer = office.drops(CODE, {"04.pdf": "giấy mới"}).dossier
    assert newer
    office.digitises_all()
    return older, newer


def test_code_links_and_commands_are_shown(office: Office) -> None:
    older, newer = proposed(office)
    html = page(office)
    shown = html.partition(HEADING)[2].partition("</section>")[0]
    assert CODE in shown
    assert f'href="/ho-so/{older}"' in shown
    assert f'href="/ho-so/{newer}"' in shown
    commands = [part.partition("</code>")[0] for part in shown.split("<code>")[1:]]
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    asked = [parser.parse_args(text.split()[2:]) for text in commands]
    assert {each.dossier for each in asked} == {newer}
    assert [each.append for each in asked] == [True, False, False]
    assert [bool(each.replace_file) for each in asked] == [False, True, False]
    assert [each.separate for each in asked] == [False, False, True]


@pytest.mark.parametrize("decision", ["append", "replace", "separate"])
def test_what_was_decided_is_no_problem_any_more(office: Office, decision: str) -> None:
    older, newer = proposed(office)
    assert office.archive.proposals() == (newer,)
    if decision == "separate":
        corrections.separate(newer, office.archive, LAN)
    else:
        replaces = "" if decision == "append" else "01 đơn.pdf"
        corrections.join(newer, older, office.archive, LAN, replaces=replaces)
    assert office.archive.proposals() == ()
    assert HEADING not in page(office)


def test_a_proposal_made_again_is_listed_again(office: Office) -> None:
    older, newer = proposed(office)
    corrections.join(newer, older, office.archive, LAN)
    corrections.part(newer, office.archive, LAN, is_still_proposed=True)
    assert HEADING in page(office)
    assert verified(office.home).faults == ()


def test_a_note_that_is_left_over_misleads_nobody(office: Office) -> None:
    _, newer = proposed(office)
    note = office.home / "store" / "proposals" / f"{newer}.json"
    before = note.read_bytes()
    corrections.separate(newer, office.archive, LAN)
    note.write_bytes(before)  # of an account that may not remove it
    (note.parent / "0a0b.json").write_bytes(before)  # of no dossier
    assert HEADING not in page(office)


def test_nothing_is_joined_to_a_withheld_dossier(office: Office) -> None:
    older, newer = proposed(office)
    office.withholds(older)
    html = page(office)
    assert f"sohoa join {newer} --separate" in html
    assert "--append" not in html
    assert "--replace-file" not in html
    office.withholds(newer)
    assert HEADING not in page(office)

"""`sohoa user token`: what the log keeps of tokens, before they are made or revoked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows import wiring
from flows.cli import main


def user(*words: str) -> int:
    return main(["user", *words])


@pytest.mark.usefixtures("home")
def test_the_log_says_which_token_may_do_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = tmp_path / "password"
    first.write_text("nắng sớm trên đồi chè Mộc Châu\n", encoding="utf-8")
    assert user("add", "cong", "--role", "reader", "--password-file", str(first)) == 0
    capsys.readouterr()
    asked = ("--scope", "search", "--scope", "view", "--days", "7", "--unit", "H26")
    assert user("token", "cong", *asked, "--label", "máy chủ cổng", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert user("token", "cong", "--scope", "upload") == 1
    assert user("token", "cong", "--revoke", "0" * 16) == 1
    assert user("token", "cong", "--list") == 0
    assert user("token", "cong", "--revoke", made["id"]) == 0
    assert user("token", "ai", "--revoke", made["id"]) == 1
    names = ("what", "token", "rights", "days", "units", "label")
    log = wiring.audit_trail().entries()[1:]
    told = [tuple(each.detail(name) for name in names) for each in log]
    facts = (made["id"], "search,view", "7", "H26", "máy chủ cổng")
    unknown = ("user token revoked", "0" * 16, "", "", "", "")
    assert told[0] == ("user token", *facts)
    assert [what for what, *_ in told[1:3]] == ["user token", "user token"]  # refused
    assert told[3:6] == [unknown, unknown, ("user tokens", "", "", "", "", "")]
    assert told[6] == ("user token revoked", *facts)
    assert [each.text("result") for each in log[1:5]] == ["done", "refused"] * 2
    assert log[-1].text("result") == "refused"
    assert made["token"] not in str([each.body for each in log])

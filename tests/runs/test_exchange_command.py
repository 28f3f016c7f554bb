"""`sohoa exchange`: dossiers go out, papers come in, by messages that other software can make."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows import wiring
from flows.cli import main
from pipeline.exchange import SCHEMA
from pipeline.exchange.messages import ExchangeMessage
from pipeline.model import Outcome, Source, Withheld
from pipeline.ports.exchange import Direction
from tests.support.connector import CODE, connector_sends
from tests.support.stored import TextReader, digitise, take_in, verified

Sohoa = Callable[..., tuple[int, Any]]
PAPER = b"QUY\xe1\xba\xbeT \xc4\x90\xe1\xbb\x8aNH s\xe1\xbb\x91 12\ntrang hai"


@pytest.fixture
def sohoa(capsys: pytest.CaptureFixture[str]) -> Sohoa:
    def answer(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main(["exchange", *words])
        printed = capsys.readouterr()
        is_answer = "--json" in words and printed.out
        return code, json.loads(printed.out) if is_answer else printed.out + printed.err

    return answer


@pytest.fixture(autouse=True)
def _reads_text(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "open_reader", lambda settings: TextReader())
    wiring.forget()


@pytest.fixture
def folder(home: Path) -> Path:
    """The folder of messages for us, as a connector sees it."""
    folder = home / "store" / "exchange" / "in"
    folder.mkdir(parents=True)
    return folder


def test_papers_come_in_with_what_their_sender_states(folder: Path, sohoa: Sohoa) -> None:
    identifier = connector_sends(folder, PAPER, symbol="QĐ-UBND", issued_on="5/1/2026")
    code, (receipt,) = sohoa("take", "--json")
    assert (code, receipt["message"], receipt["answer"]) == (0, identifier, "accepted")
    assert json.loads((folder / identifier / "receipt.json").read_bytes()) == receipt
    dossier = receipt["dossier"]
    digitise(wiring.archive(), wiring.index(), dossier)
    record = wiring.archive().find_record(dossier)
    assert record is not None
    assert (record.dossier.code, record.dossier.outcome) == (CODE, Outcome.COMPLETE)
    assert wiring.archive().history(dossier)[0].actor == "exchange: Phần mềm một cửa MẪU"
    findings = record.dossier.documents[0].findings
    assert {name: (one.value, one.source) for name, one in findings.items()}.items() >= {
        "symbol": ("QĐ-UBND", Source.SYSTEM),
        "issued_on": ("2026-01-05", Source.SYSTEM),
    }.items()
    assert sohoa("take", "--json") == (0, []), "a message is answered once"


WRONG: dict[str, dict[str, Any]] = {
    "no version of ours": {"schema": "sohoa-exchange/9"},
    "another's id": {"id": "hanoi-00000000"},
    "no kind of ours": {"kind": "dossier.erased"},
    "one that only we send": {"kind": "dossier.digitised"},
    "no time": {"sent": "hôm qua"},
    "no time zone": {"sent": "2026-01-05T10:00:00"},
    "no code of a dossier": {"code": "'; drop table"},
    "no files": {"files": []},
    "a path for a hash": {"files": [{"sha256": "../../x", "size": 3, "name": "a.pdf"}]},
    "a file of no bytes": {"files": [{"sha256": "0" * 64, "size": 0, "name": "a.pdf"}]},
    "a file that is not there": {"files": [{"sha256": "0" * 64, "size": 5, "name": "a.pdf"}]},
    "a key of its own": {"approved": True},
    "too many files": {"files": [{"sha256": "0" * 64, "size": 5, "name": "a"}] * 2_001},
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_message_that_is_wrong_is_answered_with_what_is_wrong(
    folder: Path, sohoa: Sohoa, kind: str
) -> None:
    identifier = connector_sends(folder, PAPER, changed=WRONG[kind])
    code, (receipt,) = sohoa("take", "--json")
    assert (code, receipt["answer"], receipt["dossier"]) == (1, "refused", "")
    assert receipt["reasons"]
    assert (folder / identifier / "receipt.json").exists()
    assert list(wiring.archive().dossiers()) == [], "nothing is kept of it"


@pytest.mark.parametrize(
    "message",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"schema": "sohoa-exchange/1"}', b"9" * 5_000_000],
)
def test_what_is_no_message_at_all_is_answered_too(
    folder: Path, sohoa: Sohoa, message: bytes
) -> None:
    identifier = connector_sends(folder, PAPER)
    (folder / identifier / "message.json").write_bytes(message)
    code, (receipt,) = sohoa("take", "--json")
    assert (code, receipt["answer"]) == (1, "refused")


@pytest.mark.parametrize(
    "facts",
    [{"boss": "ai đó"}, {"issued_on": "31/02/2026"}, {"summary": "x" * 501}, {"dossier_code": "7"}],
    ids=["no field", "no day", "too long", "no code"],
)
def test_facts_that_no_person_could_type_are_refused(
    folder: Path, sohoa: Sohoa, facts: dict[str, str]
) -> None:
    connector_sends(folder, PAPER, changed=None, **facts)
    code, (receipt,) = sohoa("take", "--json")
    assert (code, receipt["answer"]) == (1, "refused")


@pytest.mark.parametrize("other", [b"", PAPER + b"x", PAPER[:-1], PAPER[:-1] + b"!"])
def test_a_file_that_was_changed_on_its_way_is_refused(
    folder: Path, sohoa: Sohoa, other: bytes
) -> None:
    identifier = connector_sends(folder, PAPER)
    (path,) = (folder / identifier / "files").iterdir()
    path.write_bytes(other)
    code, (receipt,) = sohoa("take", "--json")
    assert (code, receipt["answer"]) == (1, "refused")
    assert list(wiring.archive().dossiers()) == []


def test_a_message_without_its_last_file_waits(folder: Path, sohoa: Sohoa) -> None:
    identifier = connector_sends(folder, PAPER)
    message = folder / identifier / "message.json"
    whole = message.read_bytes()
    message.unlink()
    assert sohoa("take", "--json") == (0, [])
    message.write_bytes(whole)
    assert sohoa("take", "--json")[0] == 0


def test_a_crash_before_the_answer_makes_no_second_dossier(folder: Path, sohoa: Sohoa) -> None:
    identifier = connector_sends(folder, PAPER)
    (first,) = sohoa("take", "--json")[1]
    (folder / identifier / "receipt.json").unlink()
    (second,) = sohoa("take", "--json")[1]
    assert second["dossier"] == first["dossier"]
    assert len(list(wiring.archive().dossiers())) == 1


@pytest.fixture
def dossier(home: Path, tmp_path: Path) -> str:
    dossier = take_in(wiring.archive(), tmp_path / f"{CODE}.pdf", ("QUYẾT ĐỊNH", "trang hai"))
    digitise(wiring.archive(), wiring.index(), dossier)
    return dossier


def test_a_dossier_goes_out_whole_and_once(home: Path, dossier: str, sohoa: Sohoa) -> None:
    code, (row,) = sohoa("send", dossier, "--json")
    assert (code, row["dossier"], row["is_new"]) == (0, dossier, True)
    sent = home / "store" / "exchange" / "out" / row["message"]
    message = ExchangeMessage.load((sent / "message.json").read_bytes(), row["message"])
    assert message.code == CODE
    assert message.dossier is not None
    assert message.dossier["outcome"] == "COMPLETE"
    for told in message.files:
        content = (sent / "files" / told.sha256).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (told.sha256, told.size)
    assert sohoa("send", dossier, "--json")[1][0]["is_new"] is False
    assert sohoa("send", "--all", "--json") == (0, []), "what went out is not sent again"


def test_all_sends_what_was_not_sent(dossier: str, sohoa: Sohoa) -> None:
    assert [row["dossier"] for row in sohoa("send", "--all", "--json")[1]] == [dossier]
    (row,) = sohoa("list", "--json")[1]
    assert (row["direction"], row["answer"]) == ("out", "")


def test_the_receivers_answer_is_shown_and_a_wrong_one_is_called_so(
    home: Path, dossier: str, sohoa: Sohoa
) -> None:
    (row,) = sohoa("send", dossier, "--json")[1]
    answer = home / "store" / "exchange" / "out" / row["message"] / "receipt.json"
    told = {"schema": SCHEMA, "message": row["message"], "answer": "refused"}
    told |= {"at": "2026-01-05T10:00:00Z", "reasons": ["Đã có hồ sơ này."]}
    answer.write_text(json.dumps(told))
    assert sohoa("list", "--json")[1][0]["reasons"] == ["Đã có hồ sơ này."]
    answer.write_text("<html>")
    assert sohoa("list", "--json")[1][0]["answer"] == "unreadable"


def test_nothing_of_a_withheld_dossier_goes_out(home: Path, dossier: str, sohoa: Sohoa) -> None:
    record = wiring.archive().find_record(dossier)
    assert record is not None
    held = Withheld(datetime.now(UTC), "sohoa", "dấu «MẬT»")
    wiring.archive().keep_record(
        replace(
            record,
            sequence=record.sequence + 1,
            dossier=replace(record.dossier, withheld=held, documents=()),
        )
    )
    assert sohoa("send", dossier)[0] == 1
    assert sohoa("send", "--all", "--json") == (0, [])
    assert list(wiring.exchange().messages(Direction.OUT)) == []
    assert not (home / "store" / "exchange" / "out").exists()


def test_messages_are_known_to_the_check_of_the_store(
    home: Path, folder: Path, dossier: str, sohoa: Sohoa
) -> None:
    connector_sends(folder, PAPER + b"\nba")
    assert sohoa("take", "--json")[0] == 0
    assert sohoa("send", "--all", "--json")[0] == 0
    inventory = wiring.archive().inventory(datetime.now(UTC))
    assert inventory.unknown_keys == frozenset()
    assert not verified(home).faults
    sent = next((home / "store" / "exchange").rglob("files/*"))
    sent.chmod(0o600)
    sent.write_bytes(b"changed")
    (fault,) = verified(home).faults
    assert fault.key.endswith(sent.name)


def test_the_schema_that_is_documented_is_the_one_that_is_checked(sohoa: Sohoa) -> None:
    documented = Path(__file__).parents[2] / "docs" / "exchange.schema.json"
    code, printed = sohoa("schema")
    assert code == 0
    assert json.loads(printed) == json.loads(documented.read_text())

"""No sequence of acts hands a withheld dossier out: every writer of records, in any order.

The writers are found in the source, so that a new one fails here until it is among the deeds.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.access import may_hand_out
from pipeline.corrections import FieldAct, FieldChange
from pipeline.errors import SohoaError
from pipeline.model import Outcome, PageNote, PageState, Record
from pipeline.people import lifting
from pipeline.versions import Act
from tests.support import mended
from tests.support.deeds import callers
from tests.support.drops import BAD, CODE, Office
from tests.support.mended import PAGE_WRITERS, decide_about_a_page
from tests.support.officers import NOBODY, Officers
from tests.support.reprocessed import understood_late

pytestmark = pytest.mark.slow
ACT = Act("lan", "thử")
LAN = Officers().add("lan")
STEPS, SEEDS = 14, 40
MARKS = ("TUYỆT MẬT", "MẬT", "QUYẾT ĐỊNH giao đất", "đơn xin cấp lại")


class World(Office):
    """An office, the drop of the dossier that things are done to, and chance."""

    def __init__(self, home: Path, seed: int) -> None:
        super().__init__(home)
        self.chance = random.Random(seed)
        self.first = self.prepared(CODE, {"01 đơn.pdf": "đơn xin", "02 tờ khai.pdf": BAD})
        self.dossier = self.first.dossier
        self.receives(self.first)
        self.dropped = 0

    def text(self) -> str:
        self.dropped += 1
        return f"{self.chance.choice(MARKS)}\nsố {self.dropped}"

    def another(self) -> str:
        return self.chance.choice(list(self.archive.dossiers()))


def conclude(world: World) -> None:
    world.digitises(world.dossier)


def conclude_as_if_open(world: World) -> None:
    """A worker that has read the pages before the dossier was withheld concludes late."""
    record = world.chance.choice(world.archive.history(world.dossier))
    refs = record.dossier.page_refs()
    notes = [PageNote(one.scan, one.number, "text-1", PageState.READ, 0.9, 0.1) for one in refs]
    stages.conclude(record, notes, world.archive)


def give_up(world: World) -> None:
    stages.give_up(world.newest(world.dossier), "Đã thử 3 lần.", world.archive)


def receive_again(world: World) -> None:
    """The drop grew while it lay in the spool: its dossier is completed."""
    path = world.source(world.first)
    (path / f"{world.dropped}.pdf").write_text(world.text())
    world.receives(world.taken(path))


def receive_a_late_version(world: World) -> None:
    """Somebody wrote into a file after it had been taken."""
    path = world.source(world.first) / "01 đơn.pdf"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(world.text())
    world.receives(replace(world.taken(path.parent), outdated=frozenset({old})))


def receive_of_that_code(world: World) -> None:
    name = world.chance.choice(["02 tờ khai.pdf", "03 khác.pdf"])
    world.drops(CODE, {name: world.text()}, world.chance.choice(["một cửa", "khác"]))


def receive_the_same_bytes(world: World) -> None:
    world.drops("bản sao.pdf", "đơn xin")


def receive_it_among_others(world: World) -> None:
    """Once a paper is withheld, its bytes are not handed out under another dossier either."""
    world.drops(f"trộn {world.dropped}", {"01 đơn.pdf": "đơn xin", "02.pdf": world.text()})


def join_into_it(world: World) -> None:
    corrections.join(world.another(), world.dossier, world.archive, ACT)


def join_it_away(world: World) -> None:
    corrections.join(world.dossier, world.another(), world.archive, ACT)


def replace_its_file(world: World) -> None:
    other = world.another()
    corrections.join(other, world.dossier, world.archive, ACT, replaces="01 đơn.pdf")


def join_by_itself(world: World) -> None:
    corrections.join_by_itself(world.newest(world.another()), world.archive)


def part(world: World) -> None:
    corrections.part(world.another(), world.archive, ACT)


def separate(world: World) -> None:
    corrections.separate(world.another(), world.archive, ACT)


def lift_alone(world: World) -> None:
    corrections.lift(world.newest(world.dossier), world.archive, Act("lan", "thử", "LAN"))


def propose_alone(world: World) -> None:
    lifting.propose(world.dossier, world.archive, LAN, "thử xem được không")


def approve_alone(world: World) -> None:
    seen = world.newest(world.dossier).sequence
    lifting.approve(world.dossier, world.archive, NOBODY, LAN, seen=seen)


def refuse_alone(world: World) -> None:
    seen = world.newest(world.dossier).sequence
    lifting.refuse(world.dossier, world.archive, LAN, seen=seen)


def correct_a_field(world: World) -> None:
    typed = FieldChange(1, "summary", FieldAct.CORRECT, world.text())
    corrections.amend(world.dossier, [typed], world.archive, ACT)


def begin_a_paper(world: World) -> None:
    corrections.begin_paper(world.dossier, 2, world.archive, ACT)


def use_a_paper_of_an_owner(world: World) -> None:
    mended.decide_of_an_owner(world, world.dossier, world.another(), world.chance)


def mend_a_page(world: World) -> None:
    decide_about_a_page(world, world.dossier, world.chance, world.text())


def take_back_any(world: World) -> None:
    newest = world.newest(world.dossier).sequence
    corrections.undo(world.dossier, world.chance.randint(1, newest), world.archive, ACT)


def retry(world: World) -> None:
    stages.ask_again(world.dossier, world.archive)


def digitise_another(world: World) -> None:
    world.digitises(world.another())


# fmt: off
JOINS = (join_into_it, join_it_away, replace_its_file, join_by_itself)
OF_OWNERS = ("owners.decide_owner", "reuse.reuse_paper", "checklist.mark_component")
DEEDS: dict[str, tuple[Callable[[World], None], ...]] = {
    "pipeline.stages.conclude": (conclude, conclude_as_if_open, digitise_another),
    "pipeline.stages.give_up": (give_up,),
    "pipeline.intake.receive.receive": (
        receive_of_that_code, receive_the_same_bytes, receive_again, receive_a_late_version,
        receive_it_among_others),
    "pipeline.corrections.joins._join": JOINS,
    "pipeline.corrections.passes.join_passes": (join_by_itself,),
    "pipeline.corrections.join_places.join_sides": (mended.join_sides_of,),
    "pipeline.corrections.joins.part": (part,), "pipeline.corrections.joins.separate": (separate,),
    "pipeline.corrections.joins.lift": (lift_alone,),
    "pipeline.people.lifting.propose": (propose_alone, approve_alone),
    "pipeline.people.lifting.refuse": (refuse_alone,),
    "pipeline.corrections.fields.amend": (correct_a_field,),
    "pipeline.corrections.boundaries._decide": (begin_a_paper,),
    **{f"pipeline.corrections.{it}": (use_a_paper_of_an_owner,) for it in OF_OWNERS},
    "pipeline.corrections.undoing.undo": (take_back_any,),
    "pipeline.corrections.pages.mend_words": (mend_a_page, mend_a_page),
    **dict.fromkeys((*PAGE_WRITERS, "pipeline.versions.keep_to_read"), ()),  # by those above
    "pipeline.reprocessing.understand.keep_understood": (understood_late,),
}
# fmt: on


def test_every_writer_is_among_the_deeds() -> None:
    assert callers({"keep_first", "keep_next", "keep_to_read", "keep_and_queue"}) == set(DEEDS)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_sequence_of_acts_hands_out_what_was_withheld(tmp_path: Path, seed: int) -> None:
    world = World(tmp_path, seed)
    deeds = [retry, *(deed for writers in DEEDS.values() for deed in writers)]
    withheld: dict[str, Record] = {}
    done = []
    for _ in range(STEPS):
        deed = world.chance.choice(deeds)
        done.append(deed.__name__)
        try:
            deed(world)
        except SohoaError as error:
            done.append(type(error).__name__)
        check(world, withheld, done)


def check(world: World, withheld: dict[str, Record], done: list[str]) -> None:
    newest = {dossier: world.newest(dossier) for dossier in world.archive.dossiers()}
    for dossier, before in withheld.items():
        assert newest[dossier].dossier.withheld == before.dossier.withheld, done
        assert not may_hand_out(newest[dossier]), done
        assert newest[dossier].dossier.outcome is Outcome.FAILED, "it does not wait to be read"
        assert not any(page.recipe for page in newest[dossier].dossier.pages), done
    closed = {
        scan.sha256
        for dossier, each in withheld.items()
        for scan in each.dossier.scans
        if world.archive.claim_original(scan.sha256, dossier) == dossier
    }
    since = min((w.since for d in withheld.values() if (w := d.dossier.withheld)), default=None)
    for each in newest.values():
        is_later = since is None or each.dossier.received > since or each.dossier.joined_into
        if may_hand_out(each) and is_later:
            assert not closed & {scan.sha256 for scan in each.dossier.scans}, done
    withheld.update({d: each for d, each in newest.items() if each.dossier.withheld})


def test_the_sequences_do_withhold_something(tmp_path: Path) -> None:
    """Or the property above would hold for want of secrets."""
    seen = 0
    for seed in range(SEEDS):
        world = World(tmp_path / str(seed), seed)
        for deed in (receive_again, conclude):
            deed(world)
        seen += not may_hand_out(world.newest(world.dossier))
    assert SEEDS / 4 < seen < SEEDS

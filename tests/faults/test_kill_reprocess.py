"""`sohoa reprocess --apply` is killed at each of its steps: run again, all is as wanted."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from flows.upkeep import reprocess as walks
from flows.upkeep.reprocess_progress import ReprocessProgress
from pipeline.reprocessing.rules import rules_version
from pipeline.versions import Act
from tests.support.drops import Office
from tests.support.reprocessed import PAGES, digitised, made_by_older_rules, walked

LAN = Act("lan")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def killed(deed: Callable[[], object]) -> None:
    """Do something in a child that kills itself on the way."""
    if (child := os.fork()) == 0:
        try:
            deed()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("step", ["kept", "published", "noted"])
def test_a_kill_at_any_step_loses_no_record_and_is_made_good(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(walks, "TOGETHER", 2)
    ids = [digitised(office, f"{n}.pdf", f"{PAGES}\nsố {n}") for n in range(5)]
    wanted = {each: office.newest(each).dossier for each in ids}
    older = {each: made_by_older_rules(office, each) for each in ids}
    rules = rules_version()
    with closing(ReprocessProgress(office.home, rules)) as progress:
        assert len(list(walked(office, progress).changes())) == len(ids)

    def die_on_the_way() -> None:
        with closing(ReprocessProgress(office.home, rules)) as progress:
            walk, seen = walked(office, progress), 0
            publish, note = office.index.publish, progress.note

            def after(deed: Callable[..., None], name: str) -> Callable[..., None]:
                def do(*given: object) -> None:
                    nonlocal seen
                    seen += step == name
                    if name == "published" and step == "kept" and (seen := seen + 1) == 2:
                        os.kill(os.getpid(), signal.SIGKILL)
                    deed(*given)
                    if seen == 2 and step == name:
                        os.kill(os.getpid(), signal.SIGKILL)

                return do

            office.index.publish = after(publish, "published")  # type: ignore[method-assign]
            progress.note = after(note, "noted")  # type: ignore[method-assign]
            list(walk.apply(LAN))

    killed(die_on_the_way)
    with closing(ReprocessProgress(office.home, rules)) as progress:
        list(walked(office, progress).apply(LAN))
    for each in ids:
        history = office.archive.history(each)
        assert [one.sequence for one in history] == list(range(1, len(history) + 1))
        assert history[-2] == older[each]
        assert history[-1].dossier == wanted[each]
    assert dict(office.index.sequences()) == dict(office.archive.sequences())

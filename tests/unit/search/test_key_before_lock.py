"""The keys of the indexes are made before a lock that others wait for is taken."""

from __future__ import annotations

import fcntl
from pathlib import Path

from pipeline.model import Dossier, Publication
from pipeline.settings import SearchSettings
from search import open_index
from search.embedded.generations import Generations
from tests.support.web_backend import RECEIVED


def is_free(path: Path) -> bool:
    """Tell whether nobody holds the lock of writers."""
    if not path.exists():
        return True
    with path.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_the_key_of_an_index_is_asked_for_while_nobody_holds_the_lock(tmp_path: Path) -> None:
    asked: list[bool] = []

    def key() -> str:
        asked.append(is_free(tmp_path / "index" / "lock"))
        return "key"

    Generations(tmp_path / "index", key).first()
    assert asked[0] is True


def test_the_first_publication_makes_the_key_before_it_makes_the_lock(tmp_path: Path) -> None:
    index = open_index(SearchSettings(), tmp_path)
    index.publish([Publication(Dossier("0a", "đơn.pdf", RECEIVED), 1, ())])
    key, lock = tmp_path / "keys" / "index-numbers.key", tmp_path / "index" / "lock"
    assert key.stat().st_mtime_ns <= lock.stat().st_mtime_ns

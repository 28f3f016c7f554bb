"""Each role has its own account for the index, and a call beyond it is denied by the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import SearchUnavailableError
from pipeline.model import Query
from pipeline.roles import Role
from search.elastic.client import Cluster
from search.elastic.mapping import template
from search.elastic.refusals import IndexForbiddenError
from tests.support.roles import Prepared
from tests.support.servers import has_elasticsearch, has_minio
from tests.support.stored import digitise, take_in

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_minio() or not has_elasticsearch(), reason="no SOHOA_TEST_*"),
]
DAILY = (Role.INGEST, Role.WORKER, Role.WEB)


@pytest.mark.parametrize("role", DAILY)
def test_no_role_makes_changes_or_deletes_an_index(
    made: Prepared, dossier: str, role: Role
) -> None:
    cluster, alias = Cluster(made.search_as(role)), made.search.index
    (serving,) = Cluster(made.search).mappings(alias)
    everything: dict[str, Any] = {"query": {"match_all": {}}}
    attempts: list[Callable[[], object]] = [
        lambda: cluster.delete_index(serving),
        lambda: cluster.create_index(f"{alias}-{role}"),
        lambda: cluster.put_template(alias, template(alias)),
        lambda: cluster.point_alias(alias, serving),
        lambda: cluster.search(".security", everything),
        lambda: cluster.search("somebody_else", everything),
    ]
    for attempt in attempts:
        with pytest.raises(IndexForbiddenError):
            attempt()
    assert list(Cluster(made.search).mappings(alias)) == [serving]


def test_the_room_changes_nothing_in_the_index_and_the_watcher_withdraws_nothing(
    made: Prepared, dossier: str
) -> None:
    room, watcher = made.index_as(Role.WEB), made.index_as(Role.INGEST)
    with pytest.raises(SearchUnavailableError, match="không cho phép"):
        room.withdraw(dossier)
    with pytest.raises(SearchUnavailableError, match="không cho phép"):
        watcher.withdraw(dossier)
    document = {"_id": dossier, "_source": {"dossier": dossier, "sequence": 99}}
    with pytest.raises(IndexForbiddenError):
        Cluster(made.search_as(Role.WEB)).bulk_index(made.search.index, [document], is_alias=True)
    assert room.find(Query("thửa đất")).total == 1


def test_a_worker_withdraws_what_it_published(made: Prepared, tmp_path: Path) -> None:
    taken = take_in(made.archive_as(Role.INGEST), tmp_path / "hai.pdf", ("THÔNG BÁO",))
    index = made.index_as(Role.WORKER)
    digitise(made.archive_as(Role.WORKER), index, taken)
    assert index.find(Query("thông báo")).total == 1
    index.withdraw(taken)
    assert index.find(Query("thông báo")).total == 0

"""`sohoa prepare` on real servers: it says what it made, and made again it changes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import SearchUnavailableError, StorageUnavailableError
from pipeline.model import Query
from pipeline.roles import Role, account_of
from storage.bucket import BucketStore, StoreForbiddenError
from tests.support.roles import Prepared, choose, prepared
from tests.support.servers import (
    client_of,
    forget_bucket,
    fresh_alias,
    has_elasticsearch,
    has_minio,
    unmade_bucket,
)

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_minio() or not has_elasticsearch(), reason="no SOHOA_TEST_*"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    with prepared(tmp_path_factory.mktemp("accounts")) as servers:
        yield servers


def details(said: list[dict[str, str]]) -> str:
    return "\n".join(row["detail"] for row in said)


def test_the_first_time_it_makes_all_and_says_so(tmp_path: Path) -> None:
    storage = unmade_bucket()
    choose(tmp_path, Role.WEB)
    try:
        with fresh_alias() as search:
            said = details(Prepared(storage, search, tmp_path).prepare())
    finally:
        forget_bucket(storage)
    assert f"đã tạo {storage.bucket}" in said
    assert f"đã tạo chỉ mục {search.index}" in said
    assert said.count("đã tạo") >= 4, "the bucket, the index, and the reading room's two accounts"
    assert "minio" not in said
    assert (tmp_path / "minio_web").read_text() not in said


def test_again_it_changes_nothing(made: Prepared) -> None:
    said = details(made.prepare())
    assert not re.findall("đã (?:tạo|đặt|đổi|bật).*", said)
    assert said.count("không đổi") == 6, "two accounts for each of three roles"
    store = BucketStore(made.storage)
    assert store.is_versioned()
    assert store.is_lockable()


def test_a_right_that_somebody_changed_by_hand_is_put_back(made: Prepared) -> None:
    name = account_of(Role.WEB, made.search.index)
    with client_of(made.search) as client:
        everything = [{"names": ["*"], "privileges": ["all"]}]
        client.security.put_role(name=name, cluster=["all"], indices=everything)
    said = details(made.prepare())
    assert f"đã đặt quyền {name}" in said
    with pytest.raises(SearchUnavailableError):
        made.index_as(Role.WEB).rebuild()


def test_a_new_secret_replaces_the_old_one(made: Prepared) -> None:
    before = made.storage_as(Role.WEB)
    before_search = made.index_as(Role.WEB)
    choose(made.folder, Role.WEB)
    said = details(made.prepare())
    assert said.count("đã tạo hoặc đổi mật khẩu") == 2
    with pytest.raises(StoreForbiddenError):
        BucketStore(before).exists()
    with pytest.raises(SearchUnavailableError):
        before_search.find(Query(""))
    assert BucketStore(made.storage_as(Role.WEB)).exists()
    assert made.index_as(Role.WEB).find(Query("")).total == 0


def test_an_account_without_the_right_to_prepare_is_told_so(made: Prepared) -> None:
    said = made.sohoa("prepare", "--accounts", str(made.folder), role=Role.WEB, code=1)
    assert "không cho phép tài khoản này" in said


def test_a_folder_of_secrets_that_is_not_there_is_a_mistake(made: Prepared) -> None:
    made.sohoa("prepare", "--accounts", str(made.folder / "missing"), code=1)


def test_what_each_role_may_do_can_be_read_without_any_server(made: Prepared) -> None:
    shown = json.loads(made.sohoa("prepare", "--show"))
    assert set(shown) == {role.value for role in Role}
    assert shown["web"]["minio"]["account"] == account_of(Role.WEB, made.storage.bucket)
    assert shown["web"]["elasticsearch"]["role"]["cluster"] == ["cluster:monitor/main"]


def test_servers_that_are_away_are_told(made: Prepared, tmp_path: Path) -> None:
    away = Prepared(
        made.storage.model_copy(update={"endpoint": "127.0.0.1:1"}),
        made.search.model_copy(update={"url": "http://127.0.0.1:1"}),
        tmp_path,
    )
    said = details(away.prepare(code=1))
    assert "Kho lưu trữ không dùng được" in said
    assert "Máy tìm kiếm không dùng được" in said


def test_a_lost_index_is_made_again_and_others_are_told_who_makes_it(made: Prepared) -> None:
    with client_of(made.search) as client:
        for name in client.indices.get(index=f"{made.search.index}-*").body:
            client.indices.delete(index=name)
    with pytest.raises(SearchUnavailableError) as raised:
        made.index_as(Role.INGEST).find(Query(""))
    assert "sohoa prepare" in raised.value.remedy
    assert raised.value.retryable
    with pytest.raises(SearchUnavailableError) as raised:
        made.index_as(Role.INGEST).rebuild()
    assert "sohoa reindex" in raised.value.remedy
    assert "đã tạo chỉ mục" in details(made.prepare())
    assert made.index_as(Role.INGEST).find(Query("")).total == 0


def test_the_destroyer_signs_in_only_while_it_is_opened(tmp_path: Path) -> None:
    with prepared(tmp_path, retention_days=30) as servers:
        choose(tmp_path, Role.DESTROYER)
        servers.prepare()
        with pytest.raises(StorageUnavailableError):
            BucketStore(servers.storage_as(Role.DESTROYER)).exists()
        with pytest.raises(SearchUnavailableError):
            servers.index_as(Role.DESTROYER).find(Query(""))
        assert "đang mở" in details(servers.prepare("--open-destroyer"))
        assert BucketStore(servers.storage_as(Role.DESTROYER)).exists()
        assert servers.index_as(Role.DESTROYER).find(Query("")).total == 0
        (tmp_path / "minio_destroyer").rename(tmp_path / "taken-away")
        (tmp_path / "elasticsearch_destroyer").rename(tmp_path / "taken-away-too")
        servers.prepare()  # a later start without its secrets locks it all the same
        (tmp_path / "taken-away").rename(tmp_path / "minio_destroyer")
        (tmp_path / "taken-away-too").rename(tmp_path / "elasticsearch_destroyer")
        with pytest.raises(StorageUnavailableError):
            BucketStore(servers.storage_as(Role.DESTROYER)).exists()
        with pytest.raises(SearchUnavailableError):
            servers.index_as(Role.DESTROYER).find(Query(""))

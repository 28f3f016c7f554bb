"""The real servers that tests may use, where ``SOHOA_TEST_*`` names them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus

from elasticsearch import Elasticsearch
from minio import Minio, MinioAdmin
from minio.credentials.providers import StaticProvider
from minio.deleteobjects import DeleteObject
from minio.error import MinioAdminException
from pydantic import SecretStr

from pipeline.roles import Role, account_of
from pipeline.settings import SearchSettings, StorageSettings
from tests import ROOT

STARTER = ROOT.parent / "shared" / "servers" / "up"


def has_minio() -> bool:
    """Tell whether a MinIO server is at hand; where CI can start one, it must be."""
    return _is_named("SOHOA_TEST_MINIO_ENDPOINT")


def _is_named(variable: str) -> bool:
    is_there = variable in os.environ
    if os.environ.get("CI") == "true" and STARTER.exists() and not is_there:
        raise RuntimeError(f"the tests on real servers may not be skipped: {STARTER}")
    return is_there


def environment_of(
    storage: StorageSettings, search: SearchSettings | None = None
) -> dict[str, str]:
    """Return the variables that name a store and an index; the embedded forms need none."""
    found: dict[str, str] = {}
    if search:
        found = {
            "SOHOA_SEARCH__KIND": search.kind,
            "SOHOA_SEARCH__URL": search.url,
            "SOHOA_SEARCH__USER": search.user,
            "SOHOA_SEARCH__PASSWORD": search.password.get_secret_value(),
            "SOHOA_SEARCH__INDEX": search.index,
            "SOHOA_SEARCH__KEY": search.key.get_secret_value(),
        }
    if storage.kind == "disk":
        return found
    named = {
        "KIND": storage.kind,
        "ENDPOINT": storage.endpoint,
        "ACCESS_KEY": storage.access_key,
        "SECRET_KEY": storage.secret_key.get_secret_value(),
        "BUCKET": storage.bucket,
        "SECURE": str(storage.secure),
    }
    return found | {f"SOHOA_STORAGE__{name}": value for name, value in named.items()}


def bucket_client(storage: StorageSettings) -> Minio:
    """Return a plain client for what the product has no verb for."""
    secret = storage.secret_key.get_secret_value()
    return Minio(storage.endpoint, storage.access_key, secret, secure=storage.secure)


def unmade_bucket(*, retention_days: int = 0) -> StorageSettings:
    """Name a bucket of the real server that nobody has, with an account that may make it."""
    return StorageSettings(
        kind="minio",
        endpoint=os.environ["SOHOA_TEST_MINIO_ENDPOINT"],
        access_key=os.environ["SOHOA_TEST_MINIO_ACCESS_KEY"],
        secret_key=SecretStr(os.environ["SOHOA_TEST_MINIO_SECRET_KEY"]),
        bucket=f"test-{secrets.token_hex(6)}",
        secure=False,
        timeout_seconds=10,
        retention_days=retention_days,
    )


def forget_bucket(settings: StorageSettings) -> None:
    """Take away a bucket with all versions, locked ones too, and the accounts of its roles."""
    client, admin = bucket_client(settings), admin_client(settings)
    if client.bucket_exists(settings.bucket):
        found = client.list_objects(settings.bucket, recursive=True, include_version=True)
        doomed = [DeleteObject(str(item.object_name), item.version_id) for item in found]
        left = client.remove_objects(settings.bucket, doomed, bypass_governance_mode=True)
        assert not list(left)
        client.remove_bucket(settings.bucket)
    for role in Role:
        name = account_of(role, settings.bucket)
        for forget in (admin.user_remove, admin.policy_remove):
            with suppress(MinioAdminException):  # it was never made
                forget(name)


def admin_client(storage: StorageSettings) -> MinioAdmin:
    """Return a client of the server's own accounts that knows nothing of the product."""
    account = StaticProvider(storage.access_key, storage.secret_key.get_secret_value())
    return MinioAdmin(endpoint=storage.endpoint, credentials=account, secure=storage.secure)


@contextmanager
def fresh_bucket(*, locked: bool = False) -> Iterator[StorageSettings]:
    """Make an empty versioned bucket on the real server, and forget it afterwards."""
    settings = unmade_bucket(retention_days=int(locked))
    client = bucket_client(settings)
    client.make_bucket(settings.bucket, object_lock=locked)
    try:
        yield settings
    finally:
        if not locked:  # locked objects outlive the test, as they should
            found = client.list_objects(settings.bucket, recursive=True, include_version=True)
            doomed = [DeleteObject(str(item.object_name), item.version_id) for item in found]
            assert not list(client.remove_objects(settings.bucket, doomed))
            client.remove_bucket(settings.bucket)


def has_elasticsearch() -> bool:
    """Tell whether an Elasticsearch server is at hand; where CI can start one, it must be."""
    return _is_named("SOHOA_TEST_ELASTICSEARCH_URL")


@contextmanager
def fresh_alias() -> Iterator[SearchSettings]:
    """Name an alias of the real server that nobody else has, and forget what is behind it."""
    settings = SearchSettings(
        kind="elasticsearch",
        url=os.environ["SOHOA_TEST_ELASTICSEARCH_URL"],
        user=os.environ["SOHOA_TEST_ELASTICSEARCH_USER"],
        password=SecretStr(os.environ["SOHOA_TEST_ELASTICSEARCH_PASSWORD"]),
        index=f"test_{secrets.token_hex(6)}",
        key=SecretStr(secrets.token_hex(16)),
    )
    try:
        yield settings
    finally:
        with client_of(settings) as client:
            for name in client.indices.get(index=f"{settings.index}-*").body:
                client.indices.delete(index=name)
            if client.indices.exists_index_template(name=settings.index):
                client.indices.delete_index_template(name=settings.index)
            security = client.options(ignore_status=HTTPStatus.NOT_FOUND).security
            for role in Role:  # of those tests that make accounts
                security.delete_user(username=account_of(role, settings.index))
                security.delete_role(name=account_of(role, settings.index))


def client_of(settings: SearchSettings) -> Elasticsearch:
    """Open a client that knows nothing of the product."""
    account = (settings.user, settings.password.get_secret_value())
    return Elasticsearch(settings.url, basic_auth=account, request_timeout=60)

"""The real servers that tests may use, where ``SOHOA_TEST_*`` names them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import Elasticsearch
from minio import Minio
from minio.deleteobjects import DeleteObject
from pydantic import SecretStr

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


def environment_of(storage: StorageSettings) -> dict[str, str]:
    """Return the variables that name a store to a real command; the folder form needs none."""
    if storage.kind == "disk":
        return {}
    named = {
        "KIND": storage.kind,
        "ENDPOINT": storage.endpoint,
        "ACCESS_KEY": storage.access_key,
        "SECRET_KEY": storage.secret_key.get_secret_value(),
        "BUCKET": storage.bucket,
        "SECURE": str(storage.secure),
    }
    return {f"SOHOA_STORAGE__{name}": value for name, value in named.items()}


def bucket_client(storage: StorageSettings) -> Minio:
    """Return a plain client for what the product has no verb for."""
    secret = storage.secret_key.get_secret_value()
    return Minio(storage.endpoint, storage.access_key, secret, secure=storage.secure)


@contextmanager
def fresh_bucket(*, locked: bool = False) -> Iterator[StorageSettings]:
    """Make an empty versioned bucket on the real server, and forget it afterwards."""
    settings = StorageSettings(
        kind="minio",
        endpoint=os.environ["SOHOA_TEST_MINIO_ENDPOINT"],
        access_key=os.environ["SOHOA_TEST_MINIO_ACCESS_KEY"],
        secret_key=SecretStr(os.environ["SOHOA_TEST_MINIO_SECRET_KEY"]),
        bucket=f"test-{secrets.token_hex(6)}",
        secure=False,
        timeout_seconds=10,
        retention_days=int(locked),
    )
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
    )
    try:
        yield settings
    finally:
        with client_of(settings) as client:
            for name in client.indices.get(index=f"{settings.index}-*").body:
                client.indices.delete(index=name)
            if client.indices.exists_index_template(name=settings.index):
                client.indices.delete_index_template(name=settings.index)


def client_of(settings: SearchSettings) -> Elasticsearch:
    """Open a client that knows nothing of the product."""
    account = (settings.user, settings.password.get_secret_value())
    return Elasticsearch(settings.url, basic_auth=account, request_timeout=60)

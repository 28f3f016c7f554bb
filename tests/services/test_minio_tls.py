"""MinIO under TLS with certificates of one's own authority, as deploy/tls.yml sets it up."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.errors import StorageUnavailableError
from pipeline.roles import Role, account_of
from pipeline.settings import StorageSettings
from storage import check_store, prepare_store
from storage.bucket import BucketStore
from tests.support.own_minio import SECRET, USER, OwnMinio
from tests.support.servers import has_minio

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_minio(), reason="no MinIO named by SOHOA_TEST_MINIO_ENDPOINT"),
]


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority of one's own, and a certificate for this machine's loopback address."""
    folder = tmp_path_factory.mktemp("certificates")
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    authority = ("-x509", "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=Authority")
    openssl(folder, *new, *authority)
    request = ("-keyout", "private.key", "-out", "minio.csr", "-subj", "/CN=minio")
    openssl(folder, *new[:4], *request)
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:minio")
    signed = ("x509", "-req", "-in", "minio.csr", "-CA", "ca.crt", "-CAkey", "ca.key")
    openssl(folder, *signed, "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "own")
    (folder / "own").rename(folder / "public.crt")
    return folder


@pytest.fixture(scope="module")
def settings(
    certificates: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StorageSettings]:
    server = OwnMinio(tmp_path_factory.mktemp("minio"), certificates)
    server.start()
    yield StorageSettings(
        kind="minio",
        endpoint=server.endpoint,
        access_key=USER,
        secret_key=SecretStr(SECRET),
        bucket="papers",
        ca_file=certificates / "ca.crt",
    )
    server.end(signal.SIGKILL)


def test_bucket_and_accounts_are_made_over_tls(settings: StorageSettings) -> None:
    secret = "a secret of the reading room"
    done = list(prepare_store(settings, {Role.WEB: secret}))
    assert all(check.is_well for check in done), done
    name = account_of(Role.WEB, settings.bucket)
    as_room = {"access_key": name, "secret_key": SecretStr(secret)}
    checks = list(check_store(settings.model_copy(update=as_room)))
    assert all(check.is_well for check in checks), checks


@pytest.mark.parametrize("changed", [{"ca_file": None}, {"secure": False}])
def test_a_server_that_is_not_known_or_not_asked_for_tls_is_not_spoken_to(
    settings: StorageSettings, changed: dict[str, object]
) -> None:
    with pytest.raises(StorageUnavailableError):
        BucketStore(settings.model_copy(update=changed)).exists()

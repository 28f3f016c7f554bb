"""The server's accounts and policies, and the bucket itself, through MinIO's admin API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from minio import Minio, MinioAdmin
from minio.commonconfig import ENABLED, Filter
from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException
from minio.lifecycleconfig import LifecycleConfig, NoncurrentVersionExpiration, Rule
from minio.versioningconfig import VersioningConfig

from pipeline.errors import StorageUnavailableError
from pipeline.settings import StorageSettings
from storage.bucket import connections, refusal, translated
from storage.policies import Policy, is_same


class BucketAdmin:
    """What making a bucket and its accounts asks of the server; each verb tells what it changed.

    Every verb raises ``StorageUnavailableError`` when the server is away, or refuses this account.
    """

    def __init__(self, settings: StorageSettings) -> None:
        """Speak to the server of the settings, with an account that may do all this."""
        self.bucket = settings.bucket
        http = connections(settings)
        name, secret = settings.access_key, settings.secret_key.get_secret_value()
        self._client = Minio(
            settings.endpoint, name, secret, secure=settings.secure, http_client=http
        )
        self._admin = MinioAdmin(
            endpoint=settings.endpoint,
            credentials=StaticProvider(name, secret),
            secure=settings.secure,
            http_client=http,
        )

    def make_bucket(self) -> bool:
        """Make the bucket with object lock, which brings versions; False when it is there."""
        with translated(self.bucket):
            if self._client.bucket_exists(self.bucket):
                return False
            self._client.make_bucket(self.bucket, object_lock=True)
            return True

    def turn_on_versions(self) -> bool:
        """Keep what is removed or replaced; False when it is kept already."""
        with translated(self.bucket):
            if self._client.get_bucket_versioning(self.bucket).status == ENABLED:
                return False
            self._client.set_bucket_versioning(self.bucket, VersioningConfig(ENABLED))
            return True

    def forget_overwritten(self, folder: str) -> bool:
        """Have the server take out what was overwritten in a folder a day ago; False when it does.

        Rules that somebody else made for the bucket stay.
        """
        with translated(self.bucket):
            held = self._client.get_bucket_lifecycle(self.bucket)
            others = held.rules if held else []
            if any(rule.rule_id == _rule_id(folder) for rule in others):
                return False
            ours = Rule(
                ENABLED,
                rule_filter=Filter(prefix=folder),
                rule_id=_rule_id(folder),
                noncurrent_version_expiration=NoncurrentVersionExpiration(noncurrent_days=1),
            )
            self._client.set_bucket_lifecycle(self.bucket, LifecycleConfig([*others, ours]))
            return True

    def keep_policy(self, name: str, wanted: Policy) -> bool:
        """Keep a policy under a name; False when it is so already."""
        held = self._found(lambda: self._admin.policy_info(name))
        if held is not None and is_same(held, wanted):
            return False
        with _commanding():
            self._admin.policy_add(name, policy=wanted)
        return True

    def keep_account(self, name: str, secret: str) -> None:
        """Make an account, or give one that is there this secret; it may sign in."""
        with _commanding():
            self._admin.user_add(name, secret)

    def attach(self, name: str, policy: str) -> bool:
        """Let an account have this policy and no other; False when it is so already."""
        if (self._account(name) or {}).get("policyName") == policy:
            return False
        with _commanding():
            self._admin.policy_set(policy, user=name)
        return True

    def is_enabled(self, name: str) -> bool:
        """Tell whether an account is there and may sign in."""
        return (self._account(name) or {}).get("status") == "enabled"

    def disable(self, name: str) -> None:
        """Let an account sign in no more; it keeps its policy and secret."""
        with _commanding():
            self._admin.user_disable(name)

    def _account(self, name: str) -> dict[str, Any] | None:
        return self._found(lambda: self._admin.user_info(name))

    def _found(self, ask: Callable[[], str]) -> dict[str, Any] | None:
        """Return an answer, a JSON object; None when the server knows no such thing."""
        try:
            with translated(self.bucket):
                return dict(json.loads(ask()))
        except MinioAdminException as error:
            if _status(error) == HTTPStatus.NOT_FOUND:
                return None
            raise _refused(error) from error


def _rule_id(folder: str) -> str:
    return f"sohoa-{folder.strip('/')}"


@contextmanager
def _commanding() -> Iterator[None]:
    try:
        with translated("/"):
            yield
    except MinioAdminException as error:
        raise _refused(error) from error


def _refused(error: MinioAdminException) -> StorageUnavailableError:
    return refusal(f"HTTP {_status(error)}", _status(error))


def _status(error: MinioAdminException) -> int:
    return int(error._code)  # the client keeps it nowhere else; its text holds the whole answer

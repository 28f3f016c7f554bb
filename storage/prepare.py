"""Makes the bucket and an account with least rights for each role; again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from pydantic import SecretStr

from pipeline.errors import StorageUnavailableError
from pipeline.model import Check
from pipeline.roles import Role, account_of
from pipeline.settings import StorageSettings
from storage.bucket import BucketStore, StoreForbiddenError
from storage.bucket_admin import BucketAdmin
from storage.bucket_checks import check_create_only, check_lock
from storage.keys import WATCHERS
from storage.policies import policy

_PART = "kho MinIO"


def prepare_bucket(
    settings: StorageSettings, secrets: Mapping[Role, str], *, opens_destroyer: bool = False
) -> Iterator[Check]:
    """Make what is missing and yield what was done, and whether the bucket can do what it must.

    Args:
        settings: where the bucket is, with an account that may make buckets and accounts.
        secrets: the secret that each role signs in with; an account without one stays as it is.
        opens_destroyer: let the destroyer sign in; otherwise it is locked, whatever it was.
    """
    admin = BucketAdmin(settings)
    try:
        yield Check(_PART, f"{'đã tạo' if admin.make_bucket() else 'đã có'} {settings.bucket}")
        if admin.turn_on_versions():
            yield Check(_PART, "đã bật phiên bản")
        if admin.forget_overwritten(WATCHERS):  # else half a million versions a year of each
            yield Check(_PART, f"{WATCHERS}: bản cũ được bỏ sau một ngày")
        for role in Role if secrets else ():
            name = account_of(role, settings.bucket)
            if admin.keep_policy(name, policy(role, settings.bucket)):
                yield Check(_PART, f"đã đặt quyền {name}")
            yield _account(admin, settings, role, secrets.get(role, ""))
        if secrets:
            yield _destroyer(admin, opens=opens_destroyer)
        store = BucketStore(settings)
        yield check_create_only(store)
        yield check_lock(store)
    except StorageUnavailableError as error:
        yield Check(_PART, error.message, error.remedy)


def _account(admin: BucketAdmin, settings: StorageSettings, role: Role, secret: str) -> Check:
    name = account_of(role, settings.bucket)
    if not secret:
        return Check(_PART, f"tài khoản {name}: không có tệp mật khẩu, để nguyên")
    told = "không đổi"
    if not _signs_in(settings, name, secret):
        admin.keep_account(name, secret)
        told = "đã tạo hoặc đổi mật khẩu"
    if admin.attach(name, name):
        told = "đã tạo"
    return Check(_PART, f"tài khoản {name}: {told}")


def _signs_in(settings: StorageSettings, name: str, secret: str) -> bool:
    changed = {"access_key": name, "secret_key": SecretStr(secret)}
    with suppress(StoreForbiddenError):
        return BucketStore(settings.model_copy(update=changed)).exists()
    return False


def _destroyer(admin: BucketAdmin, *, opens: bool) -> Check:
    """Lock the destroyer's account, unless it is to be used now."""
    name = account_of(Role.DESTROYER, admin.bucket)
    part = f"{_PART}: {name}"
    if opens and not admin.is_enabled(name):
        return Check(part, "chưa có", "Thêm tệp mật khẩu của tài khoản này rồi chạy lại.")
    if opens:
        return Check(part, "đang mở; xong việc thì chạy lại `sohoa prepare` để khóa")
    if admin.is_enabled(name):
        admin.disable(name)
    return Check(part, "khóa")

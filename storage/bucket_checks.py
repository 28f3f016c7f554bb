"""Checks whether a bucket can hold the archive, for ``sohoa doctor``."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.errors import ObjectExistsError, StorageUnavailableError
from pipeline.model import Check
from storage.bucket import BucketStore, StoreForbiddenError
from storage.keys import PENDING

_SKEW = timedelta(minutes=5)  # S3 refuses signatures that are 15 minutes off
_PART = "kho MinIO"


def check_bucket(store: BucketStore) -> Iterator[Check]:
    """Yield the checks: reachable, rights, create-only, versions, object lock, clock."""
    try:
        if not store.exists():
            remedy = f"Tạo kho {store.bucket}: `sohoa prepare`, bằng tài khoản quản trị."
            yield Check(_PART, f"chưa có kho {store.bucket}", remedy)
            return
        yield check_create_only(store)
        yield _versions(store)
        yield check_lock(store)
        yield _clock(store)
    except StorageUnavailableError as error:
        yield Check(_PART, error.message, error.remedy)


def check_create_only(store: BucketStore) -> Check:
    """Check that no object is overwritten, where this account can remove what the trial leaves."""
    key = f"{PENDING}probe-{secrets.token_hex(8)}"
    try:
        store.remove(key)
    except StoreForbiddenError:
        return Check(_PART, f"{store.bucket}: đọc được; tài khoản này không xóa được gì")
    store.put(key, b"1")
    try:
        store.put(key, b"2")
    except ObjectExistsError:
        return Check(_PART, f"{store.bucket}: đọc, ghi và không ghi đè được")
    finally:
        store.remove(key)
    remedy = (
        "Nâng cấp máy chủ: nó phải tuân theo If-None-Match, nếu không hai máy có thể ghi đè nhau."
    )
    return Check(_PART, "máy chủ ghi đè lên đối tượng đã có", remedy)


def _versions(store: BucketStore) -> Check:
    if store.is_versioned():
        return Check(f"{_PART}: phiên bản", "bật")
    return Check(f"{_PART}: phiên bản", "tắt", "Bật versioning cho kho để lỡ xóa còn lấy lại được.")


def check_lock(store: BucketStore) -> Check:
    """Check that originals and the audit log can be locked, where the settings ask for it."""
    part = f"{_PART}: khóa bản gốc"
    days, audit_days = store.retention_days, store.audit_retention_days
    if not days and not audit_days:
        return Check(part, "không đặt")
    if store.is_lockable():
        audit = f"; nhật ký truy cập {audit_days} ngày" if audit_days else ""
        return Check(part, f"{days} ngày{audit}")
    names = "SOHOA_STORAGE__RETENTION_DAYS=0 và SOHOA_STORAGE__AUDIT_RETENTION_DAYS=0"
    remedy = f"Tạo kho mới có object lock, hoặc đặt {names}."
    return Check(part, "kho không có object lock", remedy)


def _clock(store: BucketStore) -> Check:
    server_time = parsedate_to_datetime(store.date())
    skew = abs(datetime.now(UTC) - server_time)
    seconds = f"lệch {skew.total_seconds():.0f} giây"
    remedy = "" if skew < _SKEW else "Chỉnh giờ của máy này và của máy chủ (NTP)."
    return Check(f"{_PART}: đồng hồ", seconds, remedy)

"""Checks whether an Elasticsearch cluster can hold the index, for ``sohoa doctor``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.errors import SearchUnavailableError
from pipeline.model import Check
from pipeline.roles import Role, account_of
from search.elastic.client import Cluster
from search.elastic.index import is_outdated
from search.elastic.privileges import PRIVILEGES

_PART = "Elasticsearch"
_OLDEST, _TOO_NEW = (8, 16), (9, 0)
_RIGHTS = ("read", "write", "manage")  # of an account that does everything


def check_cluster(cluster: Cluster, alias: str, key: str) -> Iterator[Check]:
    """Yield the checks: the server answers, its version, the account's rights, the alias.

    Args:
        cluster: the cluster that the settings name.
        alias: the name that the index is reached by.
        key: fingerprint of the key that the settings give; empty for none.
    """
    try:
        yield check_version(cluster)
        yield _rights(cluster.missing_privileges(f"{alias}-*", _needed(cluster, alias)))
        yield from _indexes(cluster, alias, key)
    except SearchUnavailableError as error:
        yield Check(_PART, f"{cluster.address}: {error.message}", error.remedy)


def check_version(cluster: Cluster) -> Check:
    """Check that the server's version is one this software knows."""
    version = cluster.server_version()
    numbers = tuple(int(part) for part in version.split("-")[0].split(".")[:2])
    is_known = _OLDEST <= numbers < _TOO_NEW
    remedy = "" if is_known else "Dùng Elasticsearch 8.16 hoặc một bản 8 mới hơn."
    return Check(_PART, f"phiên bản {version}", remedy)


def _needed(cluster: Cluster, alias: str) -> Sequence[str]:
    """Return the privileges of the role that was made for this account, or all there are."""
    held = cluster.roles()
    made = [role for role in Role if account_of(role, alias) in held]
    return PRIVILEGES[made[0]] if made else _RIGHTS


def _rights(missing: list[str]) -> Check:
    part = f"{_PART}: quyền"
    if not missing:
        return Check(part, "đủ")
    remedy = f"Cấp cho tài khoản SOHOA_SEARCH__USER các quyền: {', '.join(missing)}."
    return Check(part, f"thiếu {', '.join(missing)}", remedy)


def _indexes(cluster: Cluster, alias: str, key: str) -> Iterator[Check]:
    part = f"{_PART}: chỉ mục"
    serving = cluster.mappings(alias)
    if not serving:
        yield Check(part, f"chưa có {alias}; tự tạo khi cần")
    elif alias in serving:
        remedy = f"Xóa chỉ mục {alias} (không phải do phần mềm này tạo), rồi `sohoa reindex`."
        yield Check(part, f"{alias} là một chỉ mục, đáng lẽ là bí danh", remedy)
    elif any(is_outdated(about, key) for about in serving.values()) or len(serving) > 1:
        said = f"{alias}: {', '.join(serving)} khác phiên bản hoặc khác khóa"
        yield Check(part, said, "Chạy `sohoa reindex`.")
    else:
        yield Check(part, f"{alias} → {next(iter(serving))}")
    if old := len(cluster.mappings(f"{alias}-*").keys() - serving.keys()):
        yield Check(part, f"còn giữ {old} chỉ mục cũ; xóa bằng `sohoa reindex --remove-old`")

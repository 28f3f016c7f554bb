"""What each role may do with the indexes behind an alias, in Elasticsearch's own words."""

from __future__ import annotations

from typing import Any

from pipeline.roles import Role

Json = dict[str, Any]

_LOOK = ("read", "view_index_metadata")
# Nobody here may make, close or delete an index: `sohoa prepare` and `sohoa reindex` do that, with
# an account of whoever runs the servers.
PRIVILEGES: dict[Role, tuple[str, ...]] = {
    Role.INGEST: (*_LOOK, "index"),  # it brings to the index what that lacks
    Role.WORKER: (*_LOOK, "index", "delete"),
    Role.WEB: _LOOK,
    Role.DESTROYER: (*_LOOK, "delete"),
}
_VERSION = "cluster:monitor/main"  # the server's version and nothing more, for `sohoa doctor`


def role_of(role: Role, alias: str) -> Json:
    """Return what a role may do, as Elasticsearch takes it."""
    names = [alias, f"{alias}-*"]
    return {
        "cluster": [_VERSION],
        "indices": [{"names": names, "privileges": list(PRIVILEGES[role])}],
    }


def is_same(held: Json, wanted: Json) -> bool:
    """Tell whether a role as the server tells it allows what is wanted, and no more."""
    return _allowed(held) == _allowed(wanted)


def _allowed(given: Json) -> tuple[object, ...]:
    indexes = {(frozenset(one["names"]), frozenset(one["privileges"])) for one in given["indices"]}
    more = given.get("applications"), given.get("run_as"), given.get("remote_indices")
    return frozenset(given["cluster"]), frozenset(indexes), any(more)

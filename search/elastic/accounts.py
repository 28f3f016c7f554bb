"""The cluster's accounts and roles, and the index itself; again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus

from pydantic import SecretStr

from pipeline.errors import SearchUnavailableError
from pipeline.model import Check
from pipeline.roles import Role, account_of
from pipeline.settings import SearchSettings
from search.elastic.checks import check_version
from search.elastic.client import Cluster, Json, translated
from search.elastic.index import first_index, is_outdated
from search.elastic.privileges import is_same, role_of
from search.elastic.refusals import IndexForbiddenError
from search.text.number_keys import given_fingerprint

_PART = "Elasticsearch"


class AccountAdmin(Cluster):
    """What making accounts asks of the cluster."""

    def role(self, name: str) -> Json | None:
        """Return what a role may do; None when there is none."""
        with translated():
            asked = self._client.options(ignore_status=HTTPStatus.NOT_FOUND)
            found: dict[str, Json] = asked.security.get_role(name=name).body
        return found.get(name)

    def put_role(self, name: str, body: Json) -> None:
        """Keep a role."""
        with translated():
            self._client.security.put_role(name=name, **body)

    def user(self, name: str) -> Json | None:
        """Return an account: its roles, and whether it may sign in; None when there is none."""
        with translated():
            asked = self._client.options(ignore_status=HTTPStatus.NOT_FOUND)
            found: dict[str, Json] = asked.security.get_user(username=name).body
        return found.get(name)

    def put_user(self, name: str, password: str, role: str, *, is_open: bool) -> None:
        """Keep an account with a password and one role."""
        with translated():
            self._client.security.put_user(
                username=name, password=password, roles=[role], enabled=is_open
            )

    def disable_user(self, name: str) -> None:
        """Let an account sign in no more; it keeps its role and password."""
        with translated():
            self._client.security.disable_user(username=name)


def prepare_cluster(
    settings: SearchSettings, passwords: Mapping[Role, str], *, opens_destroyer: bool = False
) -> Iterator[Check]:
    """Make what is missing and yield what was done.

    Args:
        settings: the cluster, with an account that may make indexes, roles and accounts.
        passwords: the password that each role signs in with; an account without one stays as it is.
        opens_destroyer: let the destroyer sign in; otherwise it is locked, whatever it was.
    """
    admin = AccountAdmin(settings)
    try:
        yield check_version(admin)
        yield _index(admin, settings.index, given_fingerprint(settings))
        for role in Role if passwords else ():
            name = account_of(role, settings.index)
            wanted = role_of(role, settings.index)
            held = admin.role(name)
            if held is None or not is_same(held, wanted):
                admin.put_role(name, wanted)
                yield Check(_PART, f"đã đặt quyền {name}")
            is_open = opens_destroyer or role is not Role.DESTROYER
            yield _account(admin, settings, name, passwords.get(role, ""), is_open=is_open)
    except SearchUnavailableError as error:
        yield Check(_PART, f"{admin.address}: {error.message}", error.remedy)


def _index(admin: AccountAdmin, alias: str, key: str) -> Check:
    held = admin.mappings(alias)
    if not held:
        first_index(admin, alias, key)
        return Check(_PART, f"đã tạo chỉ mục {alias}")
    if any(is_outdated(about, key) for about in held.values()):
        # Building it anew may take hours: it must not keep the watchers from starting.
        return Check(_PART, f"chỉ mục {alias} thuộc phiên bản khác; cần chạy `sohoa reindex`")
    return Check(_PART, f"đã có chỉ mục {alias}")


def _account(
    admin: AccountAdmin, settings: SearchSettings, name: str, password: str, *, is_open: bool
) -> Check:
    held = admin.user(name)
    told = "không đổi"
    if not password:
        told = "không có tệp mật khẩu, để nguyên"
    elif held is None or not (held["enabled"] and _signs_in(settings, name, password)):
        admin.put_user(name, password, name, is_open=is_open)
        told = "đã tạo hoặc đổi mật khẩu"
    elif held["roles"] != [name]:
        admin.put_user(name, password, name, is_open=is_open)
        told = "đã đặt lại vai trò"
    if held and held["enabled"] and not is_open:
        admin.disable_user(name)
    return Check(_PART, f"tài khoản {name}: {told}{'' if is_open else ', khóa'}")


def _signs_in(settings: SearchSettings, name: str, password: str) -> bool:
    changed = {"user": name, "password": SecretStr(password)}
    with suppress(IndexForbiddenError):
        return bool(Cluster(settings.model_copy(update=changed)).server_version())
    return False

"""Policies of the bucket: every folder of the store has somebody who fills it, and no more."""

from __future__ import annotations

import pytest

from pipeline.roles import Role
from storage.keys import FOLDERS, PENDING, PROPOSALS
from storage.policies import PUTS, REMOVES, is_same, policy


def actions(role: Role, effect: str = "Allow") -> set[str]:
    statements = policy(role, "sohoa")["Statement"]
    return {action for part in statements if part["Effect"] == effect for action in part["Action"]}


def test_every_folder_of_the_store_is_filled_by_a_role() -> None:
    """A new folder of objects needs a role that may create them: deny by default."""
    assert set(FOLDERS) <= {folder for folders in PUTS.values() for folder in folders}


def test_only_marks_of_what_is_to_do_are_removed() -> None:
    assert {folder for folders in REMOVES.values() for folder in folders} == {PENDING, PROPOSALS}
    assert REMOVES[Role.WEB] == (PROPOSALS,)
    assert Role.DESTROYER not in REMOVES


@pytest.mark.parametrize("role", [Role.INGEST, Role.WORKER, Role.WEB])
def test_only_the_destroyer_takes_versions_out(role: Role) -> None:
    forbidden = {"s3:DeleteObjectVersion", "s3:BypassGovernanceRetention", "s3:*"}
    assert forbidden & actions(Role.DESTROYER)
    assert not forbidden & actions(role)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_administers_the_server(role: Role) -> None:
    assert "admin:*" in actions(role, "Deny")
    for part in policy(role, "sohoa")["Statement"]:
        for place in part.get("Resource", ()):
            assert place.startswith("arn:aws:s3:::sohoa")


def test_policies_are_the_same_in_any_order() -> None:
    one, other = policy(Role.WORKER, "sohoa"), policy(Role.WORKER, "sohoa")
    other["Statement"].reverse()
    for part in other["Statement"]:
        part["Action"].reverse()
    assert is_same(one, other)
    other["Statement"][0]["Action"].append("s3:DeleteObjectVersion")
    assert not is_same(one, other)
    assert not is_same(policy(Role.WEB, "sohoa"), policy(Role.WEB, "another"))

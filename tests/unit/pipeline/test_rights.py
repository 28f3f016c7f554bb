"""What roles may do: denied by default, every right somebody's, no one person all of them."""

from __future__ import annotations

from itertools import combinations

import pytest

from pipeline.model import PersonRole, Right, Scope
from pipeline.people.rights import (
    RIGHTS,
    TOKEN_RIGHTS,
    conflict,
    is_wider,
    narrowed,
    needs_second_factor,
    rights_of_roles,
)

PAPERS = {Right.SEARCH, Right.VIEW, Right.EXPORT, Right.DOWNLOAD, Right.UNMASK, Right.VIEW_RECEIPTS}


def test_every_role_has_rights_and_every_right_a_role() -> None:
    assert set(RIGHTS) == set(PersonRole)
    assert rights_of_roles(PersonRole) == frozenset(Right)
    assert rights_of_roles([]) == frozenset()


def test_who_makes_accounts_or_reads_the_log_sees_no_papers() -> None:
    for role in (PersonRole.ADMIN, PersonRole.AUDITOR):
        assert not RIGHTS[role] & PAPERS
        for other in set(PersonRole) - {role}:
            assert conflict(frozenset({role, other}))


def test_no_allowed_person_has_all_rights() -> None:
    chosen = [
        frozenset(roles)
        for size in range(1, len(PersonRole) + 1)
        for roles in combinations(PersonRole, size)
    ]
    allowed = [roles for roles in chosen if not conflict(roles)]
    assert allowed
    for roles in allowed:
        assert not {Right.MANAGE_ACCOUNTS, Right.VIEW} <= rights_of_roles(roles)
        assert not {Right.READ_AUDIT, Right.UNMASK} <= rights_of_roles(roles)


def test_no_token_does_what_asks_for_a_second_factor() -> None:
    for role in PersonRole:
        alone = [right for right in RIGHTS[role] if right in TOKEN_RIGHTS]
        if needs_second_factor([role]):
            assert len(alone) < len(RIGHTS[role])
    assert not TOKEN_RIGHTS & {Right.UNMASK, Right.MANAGE_ACCOUNTS, Right.READ_AUDIT}


@pytest.mark.parametrize(
    ("now", "before", "wider"),
    [
        (Scope(), Scope(), False),
        (Scope(), Scope(units=frozenset({"a"})), True),
        (Scope(units=frozenset({"a"})), Scope(), False),
        (Scope(units=frozenset({"a", "b"})), Scope(units=frozenset({"a"})), True),
        (Scope(units=frozenset({"a"})), Scope(units=frozenset({"a", "b"})), False),
        (Scope(levels=frozenset({"x"})), Scope(levels=frozenset({"y"})), True),
        (Scope(document_types=frozenset()), Scope(document_types=frozenset({"y"})), False),
    ],
)
def test_a_scope_is_wider_when_it_holds_something_more(
    now: Scope, before: Scope, wider: bool
) -> None:
    assert is_wider(now, before) is wider


def test_narrowing_never_widens() -> None:
    mine = Scope(units=frozenset({"a", "b"}), levels=frozenset({"x"}))
    assert narrowed(mine, None) == mine
    assert narrowed(mine, frozenset({"b", "c"})) == Scope(frozenset({"b"}), None, frozenset({"x"}))
    assert narrowed(Scope(), frozenset({"c"})).units == frozenset({"c"})

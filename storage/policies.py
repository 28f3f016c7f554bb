"""Access policies of the bucket: what each role may do with which objects (IAM policy language).

Only what is listed is allowed. Nobody but the destroyer may delete a version or shorten a lock, so
whatever another role overwrites or removes can be had back from the bucket's versions.
"""

from __future__ import annotations

from typing import Any

from pipeline.roles import Role
from storage.keys import (
    AUDIT,
    CODES,
    CORRECTIONS,
    DECISIONS,
    DERIVED,
    DOSSIERS,
    EXCHANGE,
    LEASES,
    ORIGINALS,
    PENDING,
    PROPOSALS,
    RECEIPTS,
    WATCHERS,
)

Policy = dict[str, Any]

_LANGUAGE = "2012-10-17"  # the only version of the policy language there is
_LOOK = (
    "s3:ListBucket",
    "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
    "s3:GetBucketObjectLockConfiguration",
)
_READ = ("s3:GetObject", "s3:GetObjectRetention")
_DESTROY = (
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:GetObjectVersion",
    "s3:BypassGovernanceRetention",
    "s3:PutObjectRetention",
)
_PAGES = "pages/"
# Folders in which a role creates objects; who did or decided what was to do removes its mark.
PUTS: dict[Role, tuple[str, ...]] = {
    Role.INGEST: (
        ORIGINALS,
        DOSSIERS,
        PENDING,
        RECEIPTS,
        CODES,
        PROPOSALS,
        WATCHERS,
        AUDIT,
        EXCHANGE,
    ),
    Role.WORKER: (_PAGES, DERIVED, DOSSIERS, LEASES, PENDING, CODES, PROPOSALS),
    Role.WEB: (DOSSIERS, PENDING, CODES, PROPOSALS, CORRECTIONS, DECISIONS, AUDIT),
    Role.DESTROYER: (),
}
REMOVES: dict[Role, tuple[str, ...]] = {
    Role.INGEST: (PROPOSALS,),
    Role.WORKER: (PENDING, PROPOSALS),
    Role.WEB: (PROPOSALS,),
}
_LOCKS: dict[Role, tuple[str, ...]] = {
    Role.INGEST: (ORIGINALS, AUDIT),
    Role.WEB: (AUDIT,),
}


def policy(role: Role, bucket: str) -> Policy:
    """Return a role's policy as the server takes it."""
    statements = [
        _allow(_LOOK, f"arn:aws:s3:::{bucket}"),
        _allow(_READ, f"arn:aws:s3:::{bucket}/*"),
    ]
    for action, folders in (
        ("s3:PutObject", PUTS[role]),
        ("s3:DeleteObject", REMOVES.get(role, ())),
        ("s3:PutObjectRetention", _LOCKS.get(role, ())),
    ):
        if folders:
            places = (f"arn:aws:s3:::{bucket}/{folder}*" for folder in folders)
            statements.append(_allow((action,), *places))
    # Otherwise any account may make itself further keys, which outlive a change of its secret.
    statements.append({"Effect": "Deny", "Action": ["admin:*"]})
    if role is Role.DESTROYER:
        statements.append(_allow(_DESTROY, f"arn:aws:s3:::{bucket}/*"))
        statements.append(_allow(("s3:ListBucketVersions",), f"arn:aws:s3:::{bucket}"))
    return {"Version": _LANGUAGE, "Statement": statements}


def is_same(one: Policy, other: Policy) -> bool:
    """Tell whether two policies allow the same; servers sort actions and resources anew."""
    return _allowed(one) == _allowed(other)


def _allow(actions: tuple[str, ...], *resources: str) -> Policy:
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def _allowed(given: Policy) -> set[tuple[str, frozenset[str], frozenset[str]]]:
    return {
        (part["Effect"], frozenset(part["Action"]), frozenset(part.get("Resource", ())))
        for part in given["Statement"]
    }

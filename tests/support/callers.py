"""Programs that call the API of a reading room with a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from httpx import Response

from pipeline.model import ApiToken, PersonRole, Right, Scope, TokenRequest
from pipeline.people.rights import RIGHTS, TOKEN_RIGHTS
from tests.support.visitors import Room, TestClient
from tests.support.web_backend import BASE_URL, COMPLETE

V1 = "/api/v1"
SHAPE = {"code", "message", "hint", "retry", "request"}

# Of calls that decide about pages of a dossier of three, by their last step.
PAGE_BODIES: dict[str, dict[str, object]] = {
    "words": {"lines": [{"line": 1, "text": "x"}]},
    "turn": {"degrees": 90},
    "leave-out": {"reason": "x"},
    "replace": {"by": 2, "reason": "x"},
    "restore": {"scan": "0" * 64, "number": 1},
    "order": {"order": [2, 1, 3]},
}
REVIEW_BODIES: dict[str, dict[str, object]] = {
    "next": {},
    "answer": {"act": "confirm"},
    "skip": {},
}
OTHER_BODIES = (
    PAGE_BODIES
    | REVIEW_BODIES
    | {
        "papers": {"number": "001099000001", "purpose": "case"},
        "dossiers": {"number": "001899000001", "purpose": "case"},
        "reuse": {"component": "x", "held": {"dossier": "0a04", "page": 1}},
        "components": {"component": "x", "mark": "shown"},
        "parts": {"name": "x.pdf", "length": 1},
        "whole": {"parts": ["0" * 32]},
        "owner": {"page": 1, "number": "001899000001", "is_theirs": True},
        "decisions": {"line": "20261129.0a01.0.0", "verdict": "left_out", "reason": "x"},
        "two-sides": {"backs": COMPLETE},
        "cover-sheets": {"separators": 1},
        "searches": {"name": "x", "search": {"q": "đất"}},
        "not-duplicates": {"page": 1, "other": COMPLETE, "other_page": 1},
    }
)


@dataclass
class Caller:
    """A program with a token, or without one; it keeps no cookies."""

    client: TestClient
    token: ApiToken | None = None
    text: str = ""

    def get(self, path: str, **headers: str) -> Response:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, **more: Any) -> Response:
        return self.ask("POST", path, **more)

    def ask(self, method: str, path: str, **more: Any) -> Response:
        full = path if path.startswith("/api") else f"{V1}{path}"
        answer: Response = self.client.request(method, full, **more)
        return answer

    def told(self, path: str, status: int = 200) -> Any:
        """Return what an answer tells; it has the expected status."""
        answer = self.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()


def stranger(room: Room, url: str = BASE_URL, address: str = "127.0.0.1") -> Caller:
    """Return a program without a token."""
    local = (address, 50000)
    return Caller(TestClient(room.app, base_url=url, follow_redirects=False, client=local))


def caller(
    room: Room,
    name: str,
    *roles: PersonRole,
    rights: frozenset[Right] | None = None,
    scope: Scope | None = None,
    units: frozenset[str] | None = None,
    days: int = 30,
) -> Caller:
    """Return a program with a token of an account, which is made where it is missing.

    Args:
        room: the reading room.
        name: the account's name.
        roles: the account's roles; a records officer by default.
        rights: the rights of the token; all that a token of these roles may have by default.
        scope: the account's scope.
        units: the units of the token.
        days: how long it lasts.
    """
    roles = roles or (PersonRole.RECORDS,)
    if name not in {account.name for account in room.accounts.people.everyone()}:
        room.person(name, *roles, scope=scope)
    most = frozenset[Right]().union(*(RIGHTS[role] for role in roles)) & TOKEN_RIGHTS
    wanted = TokenRequest(rights or most, days, units, "máy thử")
    token, text = room.accounts.tokens.make(name, wanted)
    made = stranger(room)
    made.client.headers["Authorization"] = f"Bearer {text}"
    return Caller(made.client, token, text)


def assert_error(answer: Response, status: int, code: str) -> None:
    """Check that an answer is an error of the one shape."""
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert set(told) == {"error"}
    assert set(told["error"]) == SHAPE
    assert told["error"]["code"] == code
    assert told["error"]["message"]
    assert told["error"]["request"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"

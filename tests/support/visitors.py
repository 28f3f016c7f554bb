"""Browsers of people in a reading room with accounts: they sign in, follow forms, keep cookies."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
from fastapi import FastAPI
from httpx import Response

from pipeline.audit import KeptEntry
from pipeline.model import PersonRole, Scope
from pipeline.ports import Accounts
from pipeline.settings import AccountSettings
from storage import open_audit_log, open_audit_trail
from tests.support.copied_homes import fill
from tests.support.people import PASSWORD, Clock, Place, add_person
from tests.support.web_backend import BASE_URL, Backend, sample_backend
from web.app import build_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

TLS_URL = "https://phong-doc.example"
_TOKEN = re.compile(r'name="khoa" value="([0-9a-f]{64})"')


@dataclass
class Browser:
    """Somebody's browser: it sends what real ones send with a click, and keeps cookies."""

    client: TestClient
    clock: Clock
    phone: pyotp.TOTP | None = None
    recovery: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> Response:
        answer: Response = self.client.get(path, headers=headers)
        return answer

    def token(self, path: str) -> str:
        """Return the token of the forms of a page."""
        found = _TOKEN.search(self.get(path).text)
        assert found, path
        return found[1]

    def post(self, path: str, page: str = "", **fields: str) -> Response:
        """Send a form as it stands on a page; the page of its own path unless another is named."""
        token = self.token(page or path)
        return self.post_bare(path, khoa=token, **fields)

    def post_bare(self, path: str, **fields: str) -> Response:
        """Send a form of this site without any token of its own accord."""
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        ours = {"Sec-Fetch-Site": "same-origin"}
        answer: Response = self.client.post(path, data=named, headers=ours)
        return answer

    def sign_in(self, name: str, password: str = PASSWORD, wanted: str = "") -> Response:
        """Give name and password, then whatever else is asked of people with two factors."""
        answer = self.post("/dang-nhap", ten=name, mat_khau=password, ve=wanted)
        if answer.headers.get("location", "").startswith("/dang-nhap/lop-hai"):
            page = self.get("/dang-nhap/lop-hai").text
            key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
            assert key
            self.phone = pyotp.TOTP(key[1].replace(" ", ""))
            token = _TOKEN.search(page)
            assert token
            code = self.phone.at(self.clock())
            answer = self.post_bare("/dang-nhap/lop-hai", khoa=token[1], ma=code, ve=wanted)
            self.recovery = re.findall(r"<li><code>([^<]+)</code>", answer.text)
        return answer

    def unmask(self, dossier: str, purpose: str = "case", **fields: str) -> Response:
        """Choose what unmasked data of a dossier is looked at for."""
        page = f"/ho-so/{dossier}/muc-dich"
        return self.post(page, muc_dich=purpose, **fields)

    @property
    def session_cookie(self) -> str | None:
        cookie: str | None = self.client.cookies.get("sohoa")
        return cookie


@dataclass
class Room:
    """A reading room with accounts over the sample dossiers."""

    backend: Backend
    accounts: Accounts
    clock: Clock
    app: FastAPI

    def person(
        self, name: str, *roles: PersonRole, scope: Scope | None = None, must_change: bool = False
    ) -> str:
        """Make an account with ``PASSWORD`` and return its name."""
        add_person(self.accounts, name, *roles, scope=scope, must_change=must_change)
        return name

    def browser(self, url: str = BASE_URL, address: str = "127.0.0.1") -> Browser:
        """Return the browser of somebody who has never been here."""
        client = TestClient(
            self.app,
            base_url=url,
            follow_redirects=False,
            client=(address, 50000),
        )
        return Browser(client, self.clock)

    def signed_in(self, name: str) -> Browser:
        browser = self.browser()
        answer = browser.sign_in(name)
        assert answer.status_code in {200, 303}, answer.text
        return browser

    def entries(self) -> list[KeptEntry]:
        """Return what was recorded so far."""
        settings = self.backend.settings
        return open_audit_trail(settings.storage, settings.home).entries()


def _make_accounts(home: Path) -> None:
    place = Place(home)
    place.open()
    place.close()


def open_room(home: Path, accounts: AccountSettings | None = None, **web: object) -> Room:
    """Open a room in a new home; nobody has an account yet.

    Args:
        home: an empty folder.
        accounts: settings of accounts.
        web: settings of the reading room.
    """
    backend = sample_backend(home)
    settings = backend.settings
    changed = {"web": settings.web.model_copy(update=web)}
    settings = settings.model_copy(update=changed | ({"accounts": accounts} if accounts else {}))
    backend = Backend(backend.archive, backend.index, settings)
    fill(home, _make_accounts)
    place = Place(home)
    audit = open_audit_log(settings.storage, settings.audit, home)
    opened = place.open()
    app = build_app(backend.archive, backend.index, settings, opened, audit)
    return Room(backend, opened, place.clock, app)

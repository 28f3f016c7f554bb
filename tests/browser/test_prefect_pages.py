"""A real browser at Prefect's door: its pages work on any port, and a foreign page gets nothing."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.prefect_secret import given_secret
from pipeline.model import Lease
from pipeline.operation.prefect_runs import run_page
from tests.support.chromium import chromium
from tests.support.prefect_servers import api

pytestmark = [pytest.mark.browser, pytest.mark.prefect]

EVIL = "http://evil.example"


class ForeignPage(BaseHTTPRequestHandler):
    """Serves an empty page of another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    """The address of a page of evil.example, a name that the browser finds on this machine."""
    with HTTPServer(("127.0.0.1", 0), ForeignPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"{EVIL}:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with chromium(names) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_its_pages_ask_for_the_secret_and_then_work_on_this_port(page: Page, prefect: str) -> None:
    """They had called port 4200 whatever theirs was."""
    base = prefect.removesuffix("/api")
    assert urlsplit(base).port != 4200
    refused: list[str] = []
    page.on("requestfailed", lambda request: refused.append(request.url))
    page.goto(base)
    field = page.get_by_placeholder("admin:pass").or_(page.locator("input[type=password]")).first
    field.fill(given_secret())
    field.press("Enter")
    expect(page.get_by_role("link", name="Runs", exact=True)).to_be_visible()
    with page.expect_response(lambda answer: "/api/flow_runs/" in answer.url) as answered:
        page.goto(f"{base}/v2/runs")
    assert answered.value.status == 200
    expect(page.get_by_role("link", name="Runs", exact=True)).to_be_visible()
    # Until the page has asked for its settings it advertises for a moment.
    expect(page.locator("body")).not_to_contain_text(re.compile("upgrade", re.IGNORECASE))
    assert all(url.startswith(base) or "amplitude" in url for url in refused)


def test_the_reading_room_leads_to_the_page_of_a_single_run(page: Page, prefect: str) -> None:
    base, name = prefect.removesuffix("/api"), f"28-11-2026 số {secrets.token_hex(3)}"
    with api(prefect) as ours:
        flow = ours.post("/flows/", json={"name": "digitise"}).json()["id"]
        run = ours.post("/flow_runs/", json={"flow_id": flow, "name": name}).json()["id"]
    page.goto(base)
    field = page.get_by_placeholder("admin:pass").or_(page.locator("input[type=password]")).first
    field.fill(given_secret())
    field.press("Enter")
    expect(page.get_by_role("link", name="Runs", exact=True)).to_be_visible()
    lease = Lease("0a", 1, "h:1:1", datetime.now(UTC), run=run)
    page.goto(run_page(base, lease))
    expect(page.get_by_text(name).first).to_be_visible()


def test_the_policy_stops_what_its_pages_would_tell_others(page: Page, prefect: str) -> None:
    page.goto(prefect.removesuffix("/api"))
    blocked = page.evaluate(
        """() => new Promise(done => {
             document.addEventListener('securitypolicyviolation', e => {
               if (e.blockedURI.includes('evil')) done(e.blockedURI) });
             fetch('http://evil.example/').catch(() => {});
           })"""
    )
    assert blocked.startswith(EVIL)


def test_a_page_of_another_site_changes_nothing(page: Page, prefect: str, foreign: str) -> None:
    """Without preflight: a Blob has no Content-Type."""
    name = f"from-{secrets.token_hex(4)}"
    body = json.dumps({"name": name, "value": "1"})
    page.goto(foreign)
    with page.expect_event("requestfailed") as sent:
        page.evaluate(
            """([url, body]) => { fetch(url, {
                 method: 'POST', mode: 'no-cors', body: new Blob([body])}).catch(() => {}) }""",
            [f"{prefect}/variables/", body],
        )
    assert "content-type" not in sent.value.headers
    assert "NotSameOrigin" in str(sent.value.failure), "sent, its answer not handed over"
    with api(prefect) as ours:
        assert ours.get(f"/variables/name/{name}").status_code == 404


def test_dns_rebinding_gets_nothing(page: Page, prefect: str) -> None:
    base = f"{EVIL}:{urlsplit(prefect).port}"
    for path in ("/", "/ui-settings", "/api/health", "/api/version"):
        answer = page.goto(base + path)
        assert answer is not None
        assert (answer.status, answer.text()) == (400, "Invalid host header")
    read = page.evaluate(
        """async () => (await fetch('/api/flow_runs/filter', {
             method: 'POST', body: '{}', headers: {'Content-Type': 'application/json'}})).status"""
    )
    assert read == 400


def test_no_other_page_may_frame_it(page: Page, prefect: str, foreign: str) -> None:
    page.goto(foreign)
    base = prefect.removesuffix("/api")
    with page.expect_event("requestfailed", lambda request: request.url.startswith(base)) as tried:
        page.evaluate(
            """url => { const frame = document.createElement('iframe');
                 frame.src = url; document.body.append(frame) }""",
            base,
        )
    assert tried.value.failure == "net::ERR_BLOCKED_BY_RESPONSE"
    assert page.frames[1].url != f"{base}/"

"""Whatever is decided in the room is a plain form: every POST stands in a page as it is served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.visitors import Room, open_room
from web.people.bearer import is_api
from web.people.routes import routes_of

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
# Parts of a large file: a browser without scripts sends the whole file by the form of the desk.
SCRIPTED = {"/ban-quet/gui"}
_ACTIONS = re.compile(r'(?:form)?action="([^"]*)"')


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return open_room(tmp_path)


def shape(address: str) -> tuple[str, ...]:
    """Return the steps of an address, with a star for each that is filled in."""
    named = re.sub(r"\{\{ act\('([a-z-]+)'\) \}\}", r"*/\1", address)
    filled = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "*", named)
    return tuple("*" if "*" in step or "{" in step else step for step in filled.split("/"))


def is_alike(route: tuple[str, ...], action: tuple[str, ...]) -> bool:
    """Tell whether a form leads to a route; a star that begins its address is several steps."""
    if action[0] == "*":
        route = route[-len(action) :]
    alike = zip(route, action, strict=False)
    return len(route) == len(action) and all("*" in pair or len({*pair}) == 1 for pair in alike)


def actions() -> set[tuple[str, ...]]:
    """Return where the forms of all templates lead to, those of macros by what they are given."""
    texts = [path.read_text() for path in TEMPLATES.glob("*.html")]
    found = {shape(each) for text in texts for each in _ACTIONS.findall(text)}
    deeds = {deed for text in texts for deed in re.findall(r"start\(view, visit, '(\w+)'\)", text)}
    return {each for each in found if {*each} != {"*"}} | {("*", deed) for deed in deeds}


def test_each_decision_is_a_form_of_a_template(room: Room) -> None:
    routes = [route for route in routes_of(room.app) if not is_api(route.path)]
    posts = {route.path for route in routes if "POST" in (route.methods or ())}
    own = {route.path for route in routes if "GET" in (route.methods or ())}  # «{{ view.path }}»
    known = actions()
    assert len(posts) > 30
    lacking = {
        path for path in posts - own if not any(is_alike(shape(path), action) for action in known)
    }
    assert lacking == SCRIPTED


def test_no_button_of_a_form_waits_for_a_script() -> None:
    """A button that only a script makes work is marked as such, and hidden without one."""
    wrong = []
    for path in TEMPLATES.glob("*.html"):
        for button in re.findall(r'<button[^>]*type="button"[^>]*>', path.read_text()):
            within = path.read_text().partition(button)[0][-600:]
            is_marked = "only-script" in button or " hidden" in button
            if not is_marked and "data-tools" not in within:
                wrong.append((path.name, button))
    assert wrong == []

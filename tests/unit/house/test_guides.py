"""What the guides in docs/guides/ name is there: commands, pages, labels, settings, pictures."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from flows.cli import parser_of
from flows.commands.command_table import COMMANDS
from tests import ROOT
from tests.support.web_backend import sample_backend
from web.app import build_app
from web.people.routes import routes_of

FOLDER = ROOT / "docs" / "guides"
GUIDES = sorted(FOLDER.glob("*.md"))
PICTURES = FOLDER / "pictures"
FENCED = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LABEL = re.compile(r"«([^»]+)»")
PICTURE = re.compile(r"!\[([^]]*)\]\(pictures/([^)]+)\)")
SETTING = re.compile(r"\bSOHOA_[A-Z_]+\b")
UNIT = re.compile(r"\bsohoa-[a-z]+\b")
MOST = 60_000  # bytes of a picture
LONGEST = 920  # words: about two printed pages with their pictures
each = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.stem))


def commands_of(text: str) -> list[list[str]]:
    """Return the words of every command of a guide; a span of options belongs to the one before."""
    lines = [line for block in FENCED.findall(text) for line in block.splitlines()]
    lines += SPAN.findall(FENCED.sub("", text))
    found: list[list[str]] = []
    for line in lines:
        words = shlex.split(line.replace(".venv/bin/", ""), comments=True)
        while words and re.match(r"[A-Z_]+=", words[0]):
            del words[0]
        if words[:1] == ["sohoa"]:
            found.append(words[1:])
        elif words and words[0].startswith("--") and found:
            found.append([*_without_options(found[-1]), *words])
    return found


def _without_options(words: list[str]) -> list[str]:
    first = next((at for at, word in enumerate(words) if word.startswith("--")), len(words))
    return words[:first]


def pages_of(text: str) -> set[str]:
    """Return the addresses of the room that a guide names."""
    return {span for span in SPAN.findall(text) if re.fullmatch(r"/[a-z/-]*", span)}


@cache
def product() -> str:
    """Return all that the product may say, and the headings of its documents."""
    rooms = ("web", "pipeline", "flows", "storage", "search", "accounts", "owners")
    files = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    files += sorted((ROOT / "web").rglob("*.html"))
    said = [path.read_text(encoding="utf-8") for path in files]
    for path in sorted((ROOT / "docs").glob("*.md")):
        said += re.findall(r"^#+ .*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return "\n".join(said)


def test_there_is_one_guide_a_reader_and_both_indexes_link_them() -> None:
    names = [guide.name for guide in GUIDES]
    assert names == ["can-bo-quet.md", "can-bo-tra-cuu.md", "luu-tru.md", "van-hanh.md"]
    for index, folder in ((ROOT / "README.md", "docs/guides"), (ROOT / "docs/README.md", "guides")):
        text = index.read_text(encoding="utf-8")
        assert not [name for name in names if f"({folder}/{name})" not in text]


@each
def test_every_command_may_be_typed_as_it_stands(guide: Path) -> None:
    commands = commands_of(guide.read_text(encoding="utf-8"))
    assert commands or guide.stem == "can-bo-tra-cuu"
    for name, *words in commands:
        assert name in COMMANDS
        parser_of(name).parse_args(words)


@pytest.mark.parametrize("wrong", ["sohoa today --hour 3", "`sohoa verify`; `--limitless 3`"])
def test_an_option_that_is_not_there_is_found(wrong: str) -> None:
    text = wrong if "`" in wrong else f"`{wrong}`"
    with pytest.raises(SystemExit):
        for name, *words in commands_of(text):
            parser_of(name).parse_args(words)


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    backend = sample_backend(tmp_path_factory.mktemp("home"))
    app = build_app(backend.archive, backend.index, backend.settings)
    return {route.path for route in routes_of(app) if "GET" in (route.methods or ())}


@each
def test_every_page_has_its_address(guide: Path, addresses: set[str]) -> None:
    named = pages_of(guide.read_text(encoding="utf-8"))
    assert named
    assert not named - addresses


@each
def test_every_label_is_one_of_the_product(guide: Path) -> None:
    labels = LABEL.findall(guide.read_text(encoding="utf-8"))
    assert not [label for label in labels if label.rstrip("… ") not in product()]


@each
def test_every_setting_and_service_is_there(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert not [name for name in SETTING.findall(text) if f"`{name}`" not in operating]
    units = {path.stem for path in (ROOT / "deploy" / "systemd").iterdir()}
    assert not set(UNIT.findall(text)) - units


@each
def test_a_guide_is_two_printed_pages_at_most(guide: Path) -> None:
    assert len(guide.read_text(encoding="utf-8").split()) <= LONGEST


def test_every_picture_is_there_small_named_and_used() -> None:
    named = [found for guide in GUIDES for found in PICTURE.findall(guide.read_text("utf-8"))]
    assert all(told for told, _ in named)
    assert {name for _, name in named} == {path.name for path in PICTURES.iterdir()}
    for path in PICTURES.iterdir():
        assert path.stat().st_size <= MOST
        with Image.open(path) as picture:
            assert (picture.format, picture.width) == ("WEBP", 1440)

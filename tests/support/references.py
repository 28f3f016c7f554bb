"""Finds what a text names and the repository does not have: sections, files, modules, tests.

A name counts where people read it: in comments and docstrings of code, anywhere in documents.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.Module | ast.ClassDef | Function
PRODUCT = ("pipeline", "ocr", "storage", "search", "accounts", "owners", "web", "flows")
PACKAGES = (*PRODUCT, "tests", "bench")
FOLDERS = (*PACKAGES, "docs", "setup", ".ci")
CODE = sorted(path for name in (*PACKAGES, "setup") for path in (ROOT / name).rglob("*.py"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BUILD = "Makefile docker-compose.yml Dockerfile .env.example pyproject.toml setup/system .ci/run"
PAGES = [path for kind in ("html", "js", "css") for path in (ROOT / "web").rglob(f"*.{kind}")]
TEXTS = [*CODE, *DOCUMENTS, *(ROOT / name for name in BUILD.split()), *sorted(PAGES)]

# A section sign belongs to the document named before it in the same paragraph, or to an outside
# standard: a name in capitals with a number, right before the sign (TIFF 6.0 §2, RFC 9110 §5.3).
REFERENCE = re.compile(
    r"(?P<standard>\b[A-Z]\w*[A-Z]\w*(?:[/-]\w+)?(?:[ -][\w.:/-]*\d[\w.:/-]*)+),? ?(?=§)"
    r"|(?P<document>[\w./-]+\.md\b)"
    r"|§ ?(?P<section>\d+(?:\.\d+)*)"
    r"|(?:(?<=\.md)[,']?|\bits) (?P<annex>Annex [A-Z])\b"
)
HEADING = re.compile(r"^#+ (?:(\d+(?:\.\d+)*)\.?|(Annex [A-Z]):?) ", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

# A path begins with one of the folders, or ends in a suffix of which only the repository has files.
PATH = re.compile(
    rf"(?<![\w/.<$}}-])(?:(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*|[\w./-]*\w\.(?:py|md)\b)"
)
DOTTED = re.compile(
    rf"(?:`|-m )((?:{'|'.join(PACKAGES)})(?:\.(?!(?:log|sqlite3)\b)[A-Za-z_]\w*)+)\b(?!/)"
)
TEST = re.compile(r"(?<![\w/.-])test_\w+\b(?!\.py|\*)")
MEMBER = re.compile(r"`([a-z_]+)\.(?!py\b|md\b|json\b|log\b)([a-z_]+)`")
MARKUP_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->|/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"(?:^\s*|  )# ?(.*)")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")

# A sentence that names a release may name what only that release had; the changelog is of such.
CLAUSE = re.compile(r"(?<=[.;:])\s+|\n\s*\n")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RELEASES = [f"0\\.{minor}" for minor in range(1, int(PROJECT["version"].split(".")[1]) + 1)]
RELEASE = re.compile(rf"(?<![\w.,])(?:{'|'.join(RELEASES)})(?![\w.]| ?%)")

# Servers that may stand beside a checkout are looked for by CI and by the tests on real servers.
MAY_LOOK_OUTSIDE = (
    ROOT / ".ci/run",
    ROOT / "tests/support/servers.py",
    ROOT / "tests/unit/house/test_references.py",  # its examples
)
OUTSIDE = re.compile(
    r"\bDESIGN\b|\breference/|\bshared/|\.\./shared\b|\"shared\"|(?<![\w.])/(?:work|home|root)/"
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


def definitions(node: Definition) -> Iterator[Definition]:
    """Yield a module with its classes and functions, and those inside them."""
    yield node
    for inner in node.body:
        if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from definitions(inner)


@cache
def prose_of(path: Path) -> str:
    """Return what people read: comments and docstrings of code, the whole of anything else."""
    if path.suffix in {".html", ".js", ".css"}:
        return "\n\n".join(MARKUP_COMMENT.findall(text_of(path)))
    if path.suffix != ".py":
        return text_of(path)
    found = {
        number: comment[1]
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if (comment := COMMENT.search(line))
    }
    for node in definitions(tree_of(path)):
        docstring = ast.get_docstring(node)
        if docstring is not None:
            found[node.body[0].lineno] = docstring
    lines, last = [], 0
    for number, words in sorted(found.items()):
        lines += ["", words] if number > last + 1 or "\n" in words else [words]
        last = number
    return "\n".join(lines)


@cache
def sections_of(document: Path) -> frozenset[str]:
    return frozenset(number or annex for number, annex in HEADING.findall(text_of(document)))


@cache
def files() -> frozenset[str]:
    """Return the files and folders of the checkout, each also by its last parts (``stages.py``)."""
    found = {path.name for path in ROOT.iterdir()}
    for path in (path for name in FOLDERS for path in (ROOT / name).rglob("*")):
        parts = path.relative_to(ROOT).parts
        if "__pycache__" not in parts:
            found |= {"/".join(parts[first:]) for first in range(len(parts))}
    return frozenset(found)


def document_named(name: str, path: Path) -> Path | None:
    """Find a document named from the root, from docs/, or from beside the text that names it."""
    for folder in (ROOT, ROOT / "docs", path.parent):
        found = (folder / name).resolve()
        if found.is_file() and found.is_relative_to(ROOT):
            return found
    return None


def lost_sections(path: Path) -> Iterator[str]:
    own = path if path.suffix == ".md" and sections_of(path) else None
    for paragraph in re.split(r"\n\s*\n", prose_of(path)):
        governing: Path | None = own
        is_outside = False
        for match in REFERENCE.finditer(" ".join(paragraph.split())):
            if match["standard"]:
                is_outside = True
            elif match["document"]:
                governing, is_outside = document_named(match["document"], path), False
            elif not is_outside:
                section = match["section"] or match["annex"]
                if not any(section in sections_of(each) for each in (governing, own) if each):
                    yield match[0].strip()


@cache
def of_today(path: Path) -> str:
    """Return the prose without the sentences about a release."""
    clauses = CLAUSE.split(prose_of(path)) if path.name != "CHANGELOG.md" else []
    return "\n\n".join(clause for clause in clauses if not RELEASE.search(clause))


def lost_files(path: Path) -> Iterator[str]:
    named = {match[0].rstrip("./-") for match in PATH.finditer(of_today(path))}
    if not path.is_relative_to(ROOT / "tests"):  # in messages as well
        named |= set(re.findall(r"\bdocs/[\w./-]+\.md\b", text_of(path)))
    for name in sorted(named):
        known = name in files() or document_named(name, path) is not None
        if not known and not any(each.startswith(f"{name}.") for each in files()):
            yield name


def targets(node: ast.stmt) -> list[ast.expr]:
    """Return what a statement assigns to."""
    if isinstance(node, ast.Assign):
        return [
            part
            for target in node.targets
            for part in (target.elts if isinstance(target, ast.Tuple) else [target])
        ]
    return [node.target] if isinstance(node, ast.AnnAssign) else []


@cache
def defined_in(module: Path) -> frozenset[str]:
    """Return the names that a module or its classes define, and those it imports."""
    names: set[str] = set()
    for scope in definitions(tree_of(module)):
        names.add(getattr(scope, "name", ""))
        for node in scope.body if not isinstance(scope, Function) else ():
            if isinstance(node, ast.ImportFrom | ast.Import):
                names |= {alias.asname or alias.name for alias in node.names}
            names |= {each.id for each in targets(node) if isinstance(each, ast.Name)}
    return frozenset(names)


def is_dotted_name(dotted: str) -> bool:
    """Tell whether a dotted name is a package or a module, or something that one defines."""
    place, parts = ROOT, dotted.split(".")
    while parts and (place / parts[0]).is_dir():
        place /= parts.pop(0)
    module = place / "__init__.py"
    if parts and (place / f"{parts[0]}.py").is_file():
        module = place / f"{parts.pop(0)}.py"
    return not parts or (module.is_file() and parts[0] in defined_in(module))


@cache
def names_of_tests() -> frozenset[str]:
    tests = [path for path in CODE if path.is_relative_to(ROOT / "tests")]
    return frozenset().union(*map(defined_in, tests)) | {path.stem for path in tests}


def lost_names(path: Path) -> Iterator[str]:
    prose = of_today(path)
    yield from (name for name in DOTTED.findall(prose) if not is_dotted_name(name))
    yield from (match[0] for match in TEST.finditer(prose) if match[0] not in names_of_tests())
    for module, member in MEMBER.findall(prose) if path.suffix == ".md" else ():
        ours = [each for each in CODE if each.stem == module]
        if ours and not any(member in defined_in(each) for each in ours):
            yield f"{module}.{member}"


def lost(path: Path) -> list[str]:
    """Return what a text names and the repository does not have."""
    return [*lost_sections(path), *lost_files(path), *lost_names(path)]


def outside(path: Path) -> list[str]:
    """Return what in a text lies outside the repository."""
    return [] if path in MAY_LOOK_OUTSIDE else OUTSIDE.findall(text_of(path))


def links_of(document: Path) -> list[str]:
    """Return the links and pictures of a document that are not on the web."""
    return LINK.findall(text_of(document))


def headings_of(document: Path) -> list[tuple[int, ...]]:
    """Return the numbers of a document's sections, in their order."""
    numbers = [number for number, _ in HEADING.findall(FENCED.sub("", text_of(document))) if number]
    return [tuple(map(int, number.split("."))) for number in numbers]

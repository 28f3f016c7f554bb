"""Removes from a PDF what the allow-list does not name, and finds it in a written file.

A list of what to remove can never be complete; here, whatever is unknown goes, and a file in which
anything unknown is left is not handed out.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from ocr.pdfa.allowed_objects import RULES
from ocr.pdfa.object_rules import Keys, ListOf, MapOf, Names, OneOf, Plain, Rule, Single, Slots

_DEPTH = 8  # of arrays in arrays; ISO 32000-1 has no deeper ones but layers, which are lists
_TAIL = 64  # bytes at the end of a file: ``startxref``, an offset, ``%%EOF``
_OBJECTS = (Array, Dictionary, Stream)


def remove_unlisted(pdf: pikepdf.Pdf) -> None:
    """Remove every key and value that the allow-list does not name, from the catalog down."""
    walk = _ObjectWalk(removes=True)
    walk.run(pdf.Root, "catalog", "")
    if "/Info" in pdf.trailer:
        walk.run(pdf.trailer.Info, "information", "/Info")


def prune(value: Any, name: str) -> None:
    """Remove the keys of one dictionary that the rule of this name does not have.

    Args:
        value: the dictionary, or page, which is changed.
        name: the name of a rule of keys.
    """
    rule = RULES[name]
    assert isinstance(rule, Keys)
    for key in set(value.keys()) - rule.keys.keys():
        del value[key]


def find_unlisted(path: Path) -> list[str]:
    """Return where a written PDF has something that the allow-list does not name.

    All objects of the file are looked at, whether a page leads to them or not. Names of the file's
    own are shortened, and letters other than those of ASCII are replaced.

    Raises:
        pikepdf.PdfError: the file is no sound PDF.
    """
    found = list(_strange_ends(path))
    with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as pdf:
        walk = _ObjectWalk(removes=False)
        walk.run(pdf.trailer, "trailer", "")
        found += [*walk.found, *_unreached(pdf, walk), *_strange_metadata(pdf)]
    return [_shown(where) for where in found]


def is_inert(path: Path) -> bool:
    """Tell whether a file is a sound PDF with nothing that the allow-list does not name."""
    try:
        return not find_unlisted(path)
    except pikepdf.PdfError:
        return False


def _strange_ends(path: Path) -> Iterator[str]:
    """Look for bytes before the file's first mark and behind its last."""
    with path.open("rb") as stream:
        if not stream.read(8).startswith(b"%PDF-"):
            yield "before the beginning"
        stream.seek(max(stream.seek(0, os.SEEK_END) - _TAIL, 0))
        if not stream.read().endswith(b"%%EOF\n"):
            yield "behind the end"


def _unreached(pdf: pikepdf.Pdf, walk: _ObjectWalk) -> Iterator[str]:
    """Look at the objects to which nothing that is allowed leads, and at what packs objects."""
    packed = Counter(
        entry.obj_stream_number for entry in pdf.get_xref_table().values() if entry.type == 2
    )
    for each in pdf.objects:
        if not isinstance(each, _OBJECTS) or each.objgen in walk.reached:
            continue
        where = f"object {each.objgen[0]}"
        kind = str(each.get("/Type")) if isinstance(each, Stream) else ""
        if kind == "/ObjStm":
            inside = _ObjectWalk(removes=False)
            inside.run(each, "object stream", where)
            yield from inside.found
            if each.get("/N") != packed[each.objgen[0]]:
                yield f"{where}/N"
        elif kind != "/XRef":  # its keys are those of the trailer
            yield where


def _strange_metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Look for declarations of entities and style sheets, which our metadata never has."""
    metadata = pdf.Root.get("/Metadata")
    if isinstance(metadata, Stream):
        xmp = metadata.read_bytes()
        if b"<!" in xmp or b"<?xml-stylesheet" in xmp:
            yield "/Root/Metadata"


def _shown(where: str) -> str:
    text = "".join(each if each.isascii() and each.isprintable() else "?" for each in where)
    return text if len(text) <= 60 else f"…{text[-59:]}"


class _ObjectWalk:
    """Walks through objects by the rules; remembers where something did not fit any."""

    def __init__(self, *, removes: bool) -> None:
        self.found: list[str] = []
        self.reached = set[tuple[int, int]]()  # objects
        self._seen = set[tuple[tuple[int, int], int]]()  # objects, each with the rule it was met by
        self._removes = removes
        self._ahead: list[tuple[Any, Single, str]] = []

    def run(self, value: Any, name: str, where: str) -> None:
        """Walk from an object that is to fit the rule of this name."""
        rule = fitting(value, name)
        if rule is None:
            self.found.append(where or f"/{name}")
            return
        self._ahead.append((value, rule, where))
        while self._ahead:
            self._step(*self._ahead.pop())

    def _step(self, value: Any, rule: Single, where: str) -> None:
        if not isinstance(value, (*_OBJECTS, Name, String)):
            return
        if value.is_indirect:
            self.reached.add(value.objgen)
            if (value.objgen, id(rule)) in self._seen:
                return
            self._seen.add((value.objgen, id(rule)))
        for key in _places(value):
            child, wanted = value[key], rule.rule_of(key)
            fits = fitting(child, wanted) if wanted is not None else None
            if fits is not None:
                self._ahead.append((child, fits, where + _shown_key(key)))
            elif self._removes:
                del value[key]
            else:
                self.found.append(where + _shown_key(key))


def _places(value: Any) -> list[str] | list[int]:
    """Return the keys of an object; of an array its places from the last, so that they may go."""
    if isinstance(value, Array):
        return list(reversed(range(len(value))))
    return list(value.keys()) if isinstance(value, (Dictionary, Stream)) else []


def _shown_key(key: str | int) -> str:
    return key if isinstance(key, str) else f"[{key}]"


def fitting(value: Any, rule: Rule, depth: int = 0) -> Single | None:
    """Return the rule that a value fits by its kind: itself, or one it is a choice of.

    Only the kind is looked at, and of an array its places: what is in them is for the next step.
    """
    named = RULES[rule] if isinstance(rule, str) else rule
    if isinstance(named, OneOf):
        found = (fitting(value, each, depth) for each in named.rules)
        return next((each for each in found if each is not None), None)
    return named if depth <= _DEPTH and _fits(value, named, depth) else None


def _fits(value: Any, rule: Single, depth: int) -> bool:
    if isinstance(rule, Keys):
        is_kind = isinstance(value, Stream if rule.is_stream else Dictionary)
        return is_kind and all(
            key in value and fitting(value[key], rule.keys[key], depth + 1) is not None
            for key in rule.required
        )
    if isinstance(rule, MapOf):
        return isinstance(value, Dictionary)
    if isinstance(rule, ListOf):
        return isinstance(value, Array)
    if isinstance(rule, Slots):
        least = len(rule.places) - rule.optional
        is_kind = isinstance(value, Array) and least <= len(value) <= len(rule.places)
        return is_kind and _fit_all(value, rule, depth)
    return _fits_value(value, rule, depth)


def _fits_value(value: Any, rule: Plain | Names, depth: int) -> bool:
    if isinstance(value, Array):
        return _fit_all(value, rule, depth)
    if isinstance(rule, Names):
        return isinstance(value, Name) and str(value) in rule.names
    return not isinstance(value, (Dictionary, Stream))


def _fit_all(array: Any, rule: Single, depth: int) -> bool:
    wanted = ((each, rule.rule_of(place)) for place, each in enumerate(array))
    return all(want is not None and fitting(each, want, depth + 1) for each, want in wanted)

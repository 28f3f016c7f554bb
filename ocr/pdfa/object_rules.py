"""Defines the kinds of rules that make up the allow-list of PDF objects (``allowed_objects``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plain:
    """A number, name, string, boolean or null, or an array of them: nothing that leads on."""

    def rule_of(self, _: str | int) -> Rule | None:
        """Return the rule of what is at a place of the array."""
        return self


@dataclass(frozen=True, slots=True)
class Names:
    """One of these names, or an array of them."""

    names: frozenset[str]

    def rule_of(self, _: str | int) -> Rule | None:
        """Return the rule of what is at a place of the array."""
        return self


@dataclass(frozen=True, slots=True)
class Keys:
    """A dictionary, or a stream, with these keys."""

    keys: Mapping[str, Rule]
    is_stream: bool = False
    required: tuple[str, ...] = ()  # keys without which it is another object

    def rule_of(self, key: str | int) -> Rule | None:
        """Return the rule of a key's value; None for a key that is not allowed."""
        return self.keys.get(str(key))


@dataclass(frozen=True, slots=True)
class MapOf:
    """A dictionary whose keys are names of the file's own."""

    values: Rule

    def rule_of(self, _: str | int) -> Rule | None:
        """Return the rule of every value."""
        return self.values


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array of any length."""

    items: Rule

    def rule_of(self, _: str | int) -> Rule | None:
        """Return the rule of every item."""
        return self.items


@dataclass(frozen=True, slots=True)
class Slots:
    """An array in which each place has its meaning, such as ``[/ICCBased stream]``."""

    places: tuple[Rule, ...]
    optional: int = 0  # places at the end that may be missing

    def rule_of(self, place: str | int) -> Rule | None:
        """Return the rule of what is at a place, from 0."""
        return self.places[int(place)]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The first of these rules that fits."""

    rules: tuple[Rule, ...]


Single = Plain | Names | Keys | MapOf | ListOf | Slots
Named = Single | OneOf
Rule = Named | str  # str: the name of a rule in ``allowed_objects.RULES``

PLAIN = Plain()


def names(text: str) -> Names:
    """Return the rule of these names, which are parted by spaces and have no slash here."""
    return Names(frozenset(f"/{name}" for name in text.split()))


def keyed(plain: str, required: str = "", /, **more: Rule) -> Keys:
    """Return the rule of a dictionary; values of ``plain`` keys lead nowhere."""
    keys: dict[str, Rule] = {f"/{key}": PLAIN for key in plain.split()}
    keys.update((f"/{key}", rule) for key, rule in more.items())
    return Keys(keys, required=tuple(f"/{key}" for key in required.split()))


def stream(plain: str, required: str = "", /, **more: Rule) -> Keys:
    """Return the rule of a stream: ISO 32000-1 table 5 without what makes its data external."""
    data: dict[str, Rule] = {"Filter": FILTERS, "DecodeParms": PARAMETERS}
    rule = keyed(f"Length {plain}", required, **data, **more)
    return Keys(rule.keys, is_stream=True, required=rule.required)


FILTERS = names(
    "FlateDecode LZWDecode ASCII85Decode ASCIIHexDecode RunLengthDecode CCITTFaxDecode DCTDecode"
    " JBIG2Decode JPXDecode Fl LZW A85 AHx RL CCF DCT"
)
PARAMETERS = OneOf(("decode parameters", ListOf(OneOf(("decode parameters", PLAIN)))))

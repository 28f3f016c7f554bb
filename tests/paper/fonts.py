"""Typefaces with every Vietnamese letter: found, checked and measured.

Times New Roman is what offices print with (NĐ 30/2020/NĐ-CP, Annex I); TeX Gyre Termes has its
shapes. Liberation and older free fonts lack letters, which would be drawn as empty boxes: each
font is checked before it is used.
"""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from PIL import ImageFont

from pipeline.errors import MisconfiguredError


class Style(StrEnum):
    """The four cuts offices use."""

    REGULAR = "regular"
    BOLD = "bold"
    ITALIC = "italic"
    BOLD_ITALIC = "bold italic"


_PLACES = {style: place for place, style in enumerate(Style)}
# Where Debian's packages put fonts; fontconfig is asked when they are elsewhere.
_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/share/texmf/fonts/opentype"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
)
_FILES = {
    "termes": ("texgyretermes-{}.otf", ("regular", "bold", "italic", "bolditalic")),
    "noto-serif": ("NotoSerif-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic")),
    "noto-sans": ("NotoSans-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic")),
}
_PACKAGES = {
    "termes": "fonts-texgyre",
    "noto-serif": "fonts-noto-core",
    "noto-sans": "fonts-noto-core",
}
_VOWELS, _TONES = "aăâeêioôơuưy", ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_UNITS = 1000  # pixels at which widths are measured: one pixel is a thousandth of the size


def vietnamese_letters() -> tuple[str, ...]:
    """Return the 134 letters with marks, lower case before upper case."""
    toned = (unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES)
    lower = [letter for letter in toned if not letter.isascii()] + ["đ"]
    return tuple(lower + [letter.upper() for letter in lower])


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family in four cuts, each known to have every Vietnamese letter."""

    name: str
    paths: tuple[Path, Path, Path, Path]  # in the order of ``Style``

    def path(self, style: Style) -> Path:
        """Return the file of a cut."""
        return self.paths[_PLACES[style]]

    def font(self, style: Style, pixels: float) -> ImageFont.FreeTypeFont:
        """Return the cut at a size in pixels."""
        return _load(self.path(style), round(pixels, 2))

    def width(self, text: str, style: Style, size: float) -> float:
        """Return the width of ``text`` in the unit of ``size``."""
        return _width(self.path(style), text) * size


@cache
def typeface(name: str) -> Typeface:
    """Find and check a typeface: ``termes``, ``noto-serif`` or ``noto-sans``.

    Raises:
        MisconfiguredError: not installed, or without all Vietnamese letters.
    """
    pattern, cuts = _FILES[name]
    regular, bold, italic, bold_italic = (_find(pattern.format(cut), name) for cut in cuts)
    found = Typeface(name, (regular, bold, italic, bold_italic))
    for path in found.paths:
        if lacking := missing_letters(path):
            raise MisconfiguredError(
                f"Phông chữ {path.name} thiếu chữ tiếng Việt: {' '.join(lacking)}.",
                f"Hãy cài lại: apt-get install {_PACKAGES[name]}",
            )
    return found


def missing_letters(path: Path) -> tuple[str, ...]:
    """Return the Vietnamese letters a font draws as its “not defined” glyph or not at all."""
    font = _load(path, 40)
    absent = bytes(font.getmask("\uffff"))
    drawn = ((letter, bytes(font.getmask(letter))) for letter in vietnamese_letters())
    return tuple(letter for letter, glyph in drawn if not any(glyph) or glyph == absent)


def _find(file_name: str, family: str) -> Path:
    for folder in _FOLDERS:
        if found := next(iter(sorted(folder.rglob(file_name))), None):
            return found
    if found := _ask_fontconfig(file_name):
        return found
    raise MisconfiguredError(
        f"Không tìm thấy phông chữ {file_name}.",
        f"Hãy cài: apt-get install {_PACKAGES[family]}",
    )


def _ask_fontconfig(file_name: str) -> Path | None:
    program = shutil.which("fc-list")
    if program is None:
        return None
    listed = subprocess.run(
        [program, "--format", "%{file}\n"], capture_output=True, text=True, check=False
    )
    paths = (Path(line) for line in listed.stdout.splitlines())
    return next((path for path in paths if path.name == file_name), None)


@cache
def _load(path: Path, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)


@cache
def _width(path: Path, text: str) -> float:
    return _load(path, _UNITS).getlength(text) / _UNITS

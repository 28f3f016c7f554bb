"""What is known to be true of synthetic paper: the sidecars that tests compare with.

Pages are numbered from 1 within their file. Boxes are pixels of the finished picture, origin top
left; for born-digital pages they are pixels of the page rastered at ``PageTruth.dpi``. The
text is written as people transcribe: NFC, one printed line is one line, left header block before
the right one, *Nơi nhận* before the signature; stamps and signatures are not in it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import NamedTuple

from pipeline.model import Box

STAMP = "MẪU – DỮ LIỆU GIẢ LẬP"  # on every picture: nobody may take it for a real paper


class FieldTruth(NamedTuple):
    """A field of a paper under its finding name."""

    value: str  # normalised: dates ISO, labels as "Quyết định"
    raw: str  # as printed, line breaks as spaces
    box: Box


class WordTruth(NamedTuple):
    """One printed word with the box of its ink."""

    text: str
    box: Box
    line: int  # index of the printed line it stands on


@dataclass(frozen=True, slots=True)
class Degradation:
    """What time, office and scanner did to a page; the default does nothing.

    Fields are given in the order people think of them, not the order of application.
    """

    dpi: int | None = None  # of the finished picture; None keeps what was drawn
    skew: float = 0.0  # degrees, positive leans clockwise
    rotation: int = 0  # degrees clockwise: 0, 90, 180, 270
    grey: bool = False
    one_bit: bool = False
    thin: int = 0  # strokes lose this much darkness (0-255) before a 1-bit threshold
    blur: float = 0.0  # σ in pixels at 300 dpi
    noise: float = 0.0  # Gaussian σ in grey levels
    salt_pepper: float = 0.0  # share of pixels
    jpeg_quality: int | None = None  # 30-95; None is not compressed
    yellow: float = 0.0  # 0 white paper - 1 very old paper
    uneven_light: float = 0.0  # share of light lost in the darkest corner
    show_through: float = 0.0  # 0-1: how dark the back shines through
    fold: bool = False
    punch_holes: bool = False
    pen_stroke: bool = False
    black_edge: bool = False  # the copier's shadow
    arrival_stamp: bool = False  # công văn ĐẾN
    seal_over_text: bool = False
    bed: bool = False  # the scanner's dark bed around the sheet
    perspective: float = 0.0  # 0-0.15: how much nearer the camera one edge lay, on a table

    def told(self) -> dict[str, object]:
        """Return only what differs from an untouched page."""
        plain = Degradation()
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: value for name, value in pairs if value != getattr(plain, name)}


@dataclass(frozen=True, slots=True)
class PageTruth:
    """All that is true of one page."""

    file: str  # name of its file, relative to the drop folder; empty before it is saved
    number: int
    layout: str  # A B C F G, blank, continuation
    text: str
    fields: dict[str, FieldTruth] = field(default_factory=dict)
    degradation: Degradation = Degradation()
    type: str = ""  # label of its paper, e.g. "Quyết định"; on its first page
    dpi: int = 300
    width: int = 0  # pixels
    height: int = 0
    words: tuple[WordTruth, ...] = ()
    optional_text: tuple[str, ...] = ()  # printed but no part of the paper: stamps
    source: str = "scan"  # scan, born_digital or garbage_layer

    def sidecar(self) -> dict[str, object]:
        """Return the JSON shape of the page's sidecar."""
        return {
            "synthetic": True,
            "file": self.file,
            "number": self.number,
            "layout": self.layout,
            "type": self.type,
            "source": self.source,
            "picture": {"dpi": self.dpi, "width": self.width, "height": self.height},
            "fields": {
                name: {"value": known.value, "raw": known.raw, "box": known.box._asdict()}
                for name, known in self.fields.items()
            },
            "text": self.text,
            "optional_text": list(self.optional_text),
            "degradation": self.degradation.told(),
            "words": [[word.text, *word.box, word.line] for word in self.words],
        }


@dataclass(frozen=True, slots=True)
class DocumentTruth:
    """One paper of a dossier."""

    type: str
    pages: tuple[int, ...]  # positions in the dossier's pages, from 1
    fields: dict[str, str] = field(default_factory=dict)  # finding name -> value


@dataclass(frozen=True, slots=True)
class DossierTruth:
    """A dossier as it can be dropped, and all that is true of it."""

    name: str  # of the file or folder under the drop folder
    path: Path
    code: str
    procedure: str
    pages: tuple[PageTruth, ...]
    documents: tuple[DocumentTruth, ...]

    def sidecar(self) -> dict[str, object]:
        """Return the JSON shape of the dossier's sidecar."""
        return {
            "synthetic": True,
            "name": self.name,
            "code": self.code,
            "procedure": self.procedure,
            "files": sorted({page.file for page in self.pages}),
            "pages": len(self.pages),
            "documents": [asdict(document) for document in self.documents],
        }

    def write(self, folder: Path) -> None:
        """Write ``dossier.json`` and a sidecar a page into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        _write_json(folder / "dossier.json", self.sidecar())
        for position, page in enumerate(self.pages, start=1):
            _write_json(folder / f"{position:04d}.json", page.sidecar())


def _write_json(path: Path, shape: dict[str, object]) -> None:
    path.write_text(json.dumps(shape, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

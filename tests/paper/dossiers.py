"""Dossiers as clerks drop them: single files and folders, of all kinds that scanners deliver.

``out/drop`` holds what can be dropped into a watched folder, ``out/truth/<name>`` what is true
of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from tests.paper import wear
from tests.paper.cases import PROCEDURES, Case, make_case
from tests.paper.degrade import degrade
from tests.paper.files import save_digital, save_mixed, save_pdf, save_picture, save_tiff
from tests.paper.fonts import Typeface, typeface
from tests.paper.layouts import certificate, form, named_paper, official_letter, receipt
from tests.paper.picture import DrawnPage, draw
from tests.paper.sheet import Sheet
from tests.paper.truth import Degradation, DocumentTruth, DossierTruth, PageTruth

_Wear = Callable[[Random, int], Degradation]


@dataclass(slots=True)
class _Tray:
    """Where one dossier is being put together."""

    case: Case
    random: Random
    folder: Path  # the drop folder
    clean: bool
    dpi: int | None  # of every scan; None leaves it to the recipe
    pages: list[PageTruth] = field(default_factory=list)

    @property
    def print_face(self) -> Typeface:
        """What offices print with."""
        return typeface("termes")

    @property
    def screen_face(self) -> Typeface:
        """What born-digital papers embed."""
        return typeface("noto-serif")

    def scan(self, sheets: Sequence[Sheet], wear_of: _Wear, dpi: int = 200) -> list[DrawnPage]:
        """Draw and degrade sheets, unless the dossier is to stay clean.

        A blank sheet is the back of the one before it, which shines through.
        """
        dpi = self.dpi or dpi
        drawn = [draw(sheet, dpi) for sheet in sheets]
        if self.clean:
            return drawn
        return [
            degrade(
                page,
                wear_of(self.random, dpi),
                self.random.getrandbits(32),
                drawn[at - 1] if page.truth.layout == "blank" else None,
            )
            for at, page in enumerate(drawn)
        ]

    def keep(self, truths: Sequence[PageTruth], within: str = "") -> None:
        """Note pages that were saved, in a folder of the dossier when it has one."""
        prefix = f"{within}/" if within else ""
        self.pages += [replace(truth, file=prefix + truth.file) for truth in truths]


def _birth_bundle(tray: _Tray) -> Path:
    """One scanned PDF: receipt, form with blank back, certificate with blank back."""
    case, random, face = tray.case, tray.random, tray.print_face
    sheets = [*receipt(case, random, face), *form(case, random, face), Sheet(face, "blank"),
              *certificate(case, random, face), Sheet(face, "blank")]  # fmt: skip
    pages = tray.scan(sheets, wear.moderate)
    path = tray.folder / f"Scan_{case.received:%Y%m%d}_{case.serial:04d}.pdf"
    tray.keep(save_pdf(pages, path))
    return path


def _coded_folder(tray: _Tray) -> Path:
    """A folder named after its mã hồ sơ, with a PDF, a JPEG and another PDF."""
    case, random, face = tray.case, tray.random, tray.print_face
    folder = tray.folder / case.code
    folder.mkdir()
    first = tray.scan(receipt(case, random, face), wear.moderate)
    tray.keep(save_pdf(first, folder / "01_giay_tiep_nhan.pdf"), case.code)
    filled = tray.scan(form(case, random, face), wear.moderate)
    tray.keep(save_picture(filled[0], folder / "02 Tờ khai.jpg"), case.code)
    decision = named_paper(case, random, face, pages=2, kind="Quyết định")
    last = tray.scan(decision, wear.moderate)
    tray.keep(save_pdf(last, folder / "03_ket_qua.pdf"), case.code)
    return folder


def _fax_tiff(tray: _Tray) -> Path:
    """A black-and-white TIFF of a long submission."""
    case, random, face = tray.case, tray.random, tray.print_face
    sheets = named_paper(case, random, face, pages=3, kind="Tờ trình")
    path = tray.folder / f"to_trinh_{case.serial:04d}.tif"
    tray.keep(save_tiff(tray.scan(sheets, wear.fax, 300), path))
    return path


def _letter_photo(tray: _Tray) -> Path:
    """A letter scanned lying, with an arrival stamp, as JPEG."""
    case, random = tray.case, tray.random
    sheets = official_letter(case, random, tray.print_face)
    path = tray.folder / f"IMG_{case.received:%Y%m%d}_0{case.serial:03d}.jpg"
    tray.keep(save_picture(tray.scan(sheets, wear.photo, 250)[0], path))
    return path


def _notice_png(tray: _Tray) -> Path:
    """A one-page notice as PNG."""
    case, random = tray.case, tray.random
    sheets = named_paper(case, random, tray.print_face, kind="Thông báo")
    path = tray.folder / f"Thông báo {case.office.name} {case.serial}.png"
    tray.keep(save_picture(tray.scan(sheets, wear.grey)[0], path))
    return path


def _digital_plan(tray: _Tray) -> Path:
    """A plan of several pages as a born-digital PDF."""
    case, random = tray.case, tray.random
    sheets = named_paper(case, random, tray.screen_face, pages=3, kind="Kế hoạch")
    path = tray.folder / f"KH-{case.code}.pdf"
    tray.keep(save_digital(sheets, path))
    return path


def _mixed(tray: _Tray) -> Path:
    """A born-digital report followed by a scanned certificate."""
    case, random = tray.case, tray.random
    report = named_paper(case, random, tray.screen_face, kind="Báo cáo")
    scanned = tray.scan(certificate(case, random, tray.print_face), wear.moderate)
    path = tray.folder / f"{case.code}.pdf"
    tray.keep(save_mixed(report, scanned, path))
    return path


def _garbage_layer(tray: _Tray) -> Path:
    """A scanned PDF with the garbage text layer of a scanner that knows no Vietnamese."""
    case, random, face = tray.case, tray.random, tray.print_face
    sheets = [*official_letter(case, random, face), *form(case, random, face)]
    pages = tray.scan(sheets, wear.moderate)
    path = tray.folder / f"SKM_C250i{case.received:%y%m%d}{case.serial:05d}.pdf"
    tray.keep(save_pdf(pages, path, garbage=True))
    return path


_RECIPES: tuple[Callable[[_Tray], Path], ...] = (
    _birth_bundle,
    _coded_folder,
    _fax_tiff,
    _letter_photo,
    _notice_png,
    _digital_plan,
    _mixed,
    _garbage_layer,
)


def make_dossiers(
    out: Path, count: int, seed: int, *, clean: bool = False, dpi: int | None = None
) -> list[DossierTruth]:
    """Make dossiers and write ``out/drop`` and ``out/truth``; every eighth is of the same kind.

    Args:
        out: folder, made when missing; its ``drop`` must not hold the same dossiers yet.
        count: how many.
        seed: of everything; dossier n of a seed is the same whatever ``count`` is.
        clean: whether pages stay as drawn.
        dpi: of every scan; None is 200 to 300, as scanners are set.
    """
    (out / "drop").mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(count):
        random = Random(f"dossier {seed} {number}")
        case = make_case(random, PROCEDURES[number % len(PROCEDURES)])
        tray = _Tray(case, random, out / "drop", clean, dpi)
        made.append(_fill(tray, _RECIPES[number % len(_RECIPES)], out / "truth"))
    return made


def _fill(tray: _Tray, recipe: Callable[[_Tray], Path], truths: Path) -> DossierTruth:
    case, path = tray.case, recipe(tray)
    truth = DossierTruth(
        name=path.name,
        path=path,
        code=case.code,
        procedure=f"{case.procedure.code} {case.procedure.name}",
        pages=tuple(tray.pages),
        documents=_documents(tray.pages),
    )
    truth.write(truths / path.name)
    return truth


def _documents(pages: Sequence[PageTruth]) -> tuple[DocumentTruth, ...]:
    """Group pages: a page with a type begins a paper, the others go on with it."""
    found: list[DocumentTruth] = []
    for position, page in enumerate(pages, start=1):
        fields = {name: known.value for name, known in page.fields.items()}
        if page.type or not found:
            found.append(DocumentTruth(page.type, (position,), fields))
        else:
            last = found[-1]
            merged = {**last.fields, **fields}
            found[-1] = replace(last, pages=(*last.pages, position), fields=merged)
    return tuple(found)

"""veraPDF, the judge archives go by, says of generated samples what their label says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.paper import Degradation, save_born_digital
from tests.paper.acting import save_acting
from tests.support.searchable_pdfs import (
    FAX,
    GREY,
    as_jpeg,
    as_pdf,
    as_pdf_with_garbage,
    as_png,
    as_tiff,
    bind,
    drawn,
    own,
    page_of,
    pages_of,
)
from tests.support.signed_scan import sign

pytestmark = pytest.mark.verapdf

COLOUR = Degradation()
ARTIFACT = "org.verapdf.apps:greenfield-apps:1.28.2"
CACHE = Path.home() / ".cache" / "sohoa-tests"
TURNED = Degradation(rotation=90)
SAMPLES = {
    "grey, fax and colour": (as_pdf, (GREY, FAX, COLOUR)),
    "garbage layer": (as_pdf_with_garbage, (COLOUR, FAX)),
    "fax tiff": (as_tiff, (FAX, FAX, FAX)),
    "colour tiff": (as_tiff, (COLOUR, GREY)),
    "jpeg": (as_jpeg, (COLOUR,)),
    "turned jpeg": (as_jpeg, (TURNED,)),
    "grey png": (as_png, (GREY,)),
    "fax png": (as_png, (FAX,)),
    "colour png": (as_png, (COLOUR,)),
}


@pytest.fixture(scope="session")
def verapdf() -> Path:
    """veraPDF's program, fetched from Maven Central once; a tool of the tests, not shipped."""
    missing = [program for program in ("java", "mvn") if not shutil.which(program)]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed; setup/system test installs them")
    _, name, version = ARTIFACT.split(":")
    jar = CACHE / f"{name}-{version}.jar"
    if not jar.exists():
        fetch = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}"]
        subprocess.run([*fetch, f"-DoutputDirectory={CACHE}"], check=True, timeout=300)
    return jar


def verdicts(verapdf: Path, level: str, files: list[Path]) -> dict[str, str]:
    """Return PASS or FAIL by file name; a file that is no PDF at all has neither."""
    judge = ["java", "-cp", str(verapdf), "org.verapdf.apps.GreenfieldCliWrapper"]
    done = subprocess.run(
        [*judge, "-f", level, "--format", "text", *map(str, files)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = re.findall(rf"^(PASS|FAIL) (.+) {level}$", done.stdout, re.MULTILINE)
    return {Path(path).name: verdict for verdict, path in lines}


def kept(made: Path, target: Path) -> Path:
    return made.rename(target)


@pytest.mark.parametrize(
    ("level", "names"),
    [
        ("2b", tuple(SAMPLES)),
        ("1b", ("grey, fax and colour", "fax tiff", "jpeg", "fax png")),
        ("3b", ("grey, fax and colour", "fax tiff", "jpeg", "fax png")),
    ],
)
def test_verapdf_passes_every_sample(
    verapdf: Path, level: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    files = []
    for place, name in enumerate(names):
        save, wear = SAMPLES[name]
        folder = tmp_path / f"{place}"
        folder.mkdir()
        pages = drawn(*wear)
        made = bind(*save(pages, folder), pages_of(pages), folder / "made", level)
        assert made.level == level, made.reasons
        files.append(kept(made.path, tmp_path / f"{place}.pdf"))
    assert verdicts(verapdf, level, files) == {file.name: "PASS" for file in files}


def test_verapdf_passes_a_scan_that_acted_and_was_signed(verapdf: Path, tmp_path: Path) -> None:
    pages = drawn(COLOUR)
    scan, media_type = as_pdf(pages, tmp_path)
    sign(scan)
    files = []
    for place, kind in enumerate(("link with Launch", "files by name", "image elsewhere")):
        source, folder = tmp_path / f"acting-{place}.pdf", tmp_path / f"{place}"
        save_acting(kind, scan, source)
        made = bind(source, media_type, pages_of(pages), folder, "3b")
        assert made.level == "3b", made.reasons
        files.append(kept(made.path, tmp_path / f"{place}.pdf"))
    assert verdicts(verapdf, "3b", files) == {file.name: "PASS" for file in files}


def test_verapdf_passes_a_page_with_its_own_text_and_fails_what_we_call_plain(
    verapdf: Path, tmp_path: Path
) -> None:
    source = tmp_path / "digital.pdf"
    (truth,) = save_born_digital(3, source)
    made = bind(source, "application/pdf", [own(page_of(truth))], tmp_path / "made")
    assert made.level == "2b"
    pages, printed = drawn(COLOUR), tmp_path / "print.jpg"
    pages[0].image.convert("CMYK").save(printed, quality=80, dpi=(150, 150))
    plain = bind(printed, "image/jpeg", pages_of(pages), tmp_path / "plain")
    assert plain.level == ""
    files = [kept(made.path, tmp_path / "own.pdf"), kept(plain.path, tmp_path / "cmyk.pdf")]
    assert verdicts(verapdf, "2b", files) == {"own.pdf": "PASS", "cmyk.pdf": "FAIL"}

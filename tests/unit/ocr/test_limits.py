"""Memory stays within its limits: a page of 600 dpi in colour, a file of 500 pages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests import ROOT
from tests.paper import Degradation, degrade, draw_page, save_picture

pytestmark = pytest.mark.engine

READ = """
import json, re, resource, sys
from pathlib import Path
from ocr import open_reader
from ocr.sandbox import pool
from pipeline.settings import ReadingSettings

def own():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 2**20

reader = open_reader(ReadingSettings())
path, numbers = Path(sys.argv[1]), json.loads(sys.argv[2])
counted, held, words = reader.inspect(path).pages, [], 0
for number in numbers:
    words = max(words, len(reader.read_page(path, number).page.text.words))
    held.append(own())
pool.end_all()  # so that the memory of what opened the file counts
# Not ru_maxrss of our own: it begins with what the process held that started us.
most = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
peak = [most // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]
print(json.dumps({"pages": counted, "held": held, "peak": peak, "words": words}))
"""


def told(path: Path, numbers: list[int]) -> dict[str, list[int]]:
    """Read pages in a process of their own; return what it held after each, and at most (MB)."""
    done = subprocess.run(
        [sys.executable, "-c", READ, path, json.dumps(numbers)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return dict(json.loads(done.stdout))


def test_a_page_of_600_dpi_in_colour_takes_less_than_one_and_a_half_gigabytes(
    tmp_path: Path,
) -> None:
    drawn = degrade(draw_page("A", 21, 200), Degradation(dpi=600, yellow=0.5), 21)
    save_picture(drawn, tmp_path / "page.jpg")
    seen = told(tmp_path / "page.jpg", [1])
    assert seen["words"] > 100  # type: ignore[operator]
    assert sum(seen["peak"]) < 1_500, seen


def test_the_last_page_of_500_takes_no_more_than_the_first(tmp_path: Path) -> None:
    page = draw_page("G", 22, 100).image.convert("L")
    pages: list[Image.Image] = [page] * 499
    page.save(tmp_path / "pages.pdf", "PDF", resolution=100, save_all=True, append_images=pages)
    seen = told(tmp_path / "pages.pdf", [1, 2, 100, 200, 300, 400, 500])
    assert seen["pages"] == 500  # type: ignore[comparison-overlap]
    assert seen["held"][-1] < seen["held"][1] + 30, seen
    assert sum(seen["peak"]) < 600, seen

"""The profile that searchable PDFs state their colours by is sRGB, in a form quick to open."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageCms

from ocr.pdfa.build import PdfJob, write_pdf
from ocr.pdfa.image_source import image_pdf
from ocr.pdfa.srgb_profile import srgb_profile


def test_colours_come_out_as_by_another_maker_s_srgb() -> None:
    """LittleCMS, which poppler opens profiles with, makes one of its own."""
    colours = Image.new("RGB", (32, 32))
    colours.putdata([(8 * at, 8 * up, 8 * (31 - at)) for up in range(32) for at in range(32)])
    ours = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    known = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    seen = []
    for profile in (ours, known):
        shown = ImageCms.applyTransform(
            colours, ImageCms.buildTransform(profile, lab, "RGB", "LAB")
        )
        assert shown is not None
        seen.append(shown.tobytes())
    assert max(min((a - b) % 256, (b - a) % 256) for a, b in zip(*seen, strict=True)) <= 1


def test_the_profile_is_the_same_each_time_and_small() -> None:
    first = srgb_profile()
    srgb_profile.cache_clear()
    assert srgb_profile() == first
    assert len(first) == int.from_bytes(first[:4], "big") < 1000


@pytest.mark.parametrize(("level", "version"), [("1b", 2), ("2b", 4), ("3b", 4)])
def test_a_pdf_has_a_profile_that_its_level_permits(
    level: str, version: int, tmp_path: Path
) -> None:
    Image.new("RGB", (60, 80), (200, 100, 50)).save(tmp_path / "page.png", dpi=(72, 72))
    (tmp_path / "scan.pdf").write_bytes(image_pdf(tmp_path / "page.png", "image/png").getvalue())
    (tmp_path / "words").write_text('{"width": 60, "height": 80, "lines": []}\n')
    target = tmp_path / "searchable.pdf"
    words = tmp_path / "words"
    job = PdfJob(tmp_path / "scan.pdf", "application/pdf", words, target, level, "", "", 60)
    written = write_pdf(job)
    assert (written.reasons, written.unlisted) == ([], [])
    with pikepdf.open(target) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert str(intent.OutputConditionIdentifier) == str(intent.Info) == "sRGB"
        assert intent.DestOutputProfile.read_bytes()[8] == version

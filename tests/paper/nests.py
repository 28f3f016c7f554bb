"""Hostile files that hold files, or load some. See ``bombs``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf

from tests.paper import broken, office, zips
from tests.paper.press import save_born_digital

READ = ("READ",)
# Where LibreOffice is not installed, documents are refused.
DOCUMENT = (*READ, "UnsupportedFormatError")


def nested(path: Path) -> None:
    """ZIPs in ZIPs, nine deep."""
    zips.nested(path, 9)


def attached_bomb(path: Path) -> None:
    """A page, and a file attached to it that unpacks to 2,000 million bytes."""
    save_born_digital(5, path)
    with pikepdf.open(path, allow_overwriting_input=True) as opened:
        opened.attachments["1.pdf"] = b"x"
        stream = next(iter(opened.Root.Names.EmbeddedFiles.Names[1].EF.values()))
        stream.write(broken.repeated(bytes(10**6), 2_000), filter=pikepdf.Name.FlateDecode)
        opened.save(path)


MAKERS: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "bom.zip": (zips.large_bomb, ("OversizedScanError",)),
    "bom_noi_doi.zip": (zips.lying_bomb, ("UnreadableScanError",)),
    "bom_chong.zip": (zips.overlapping_bomb, ("OversizedScanError",)),
    "3000_tep.zip": (zips.many_entries, ("OversizedScanError",)),
    "leo.zip": (zips.climbing, READ),
    "long_nhau.zip": (nested, READ),
    "dinh_kem_bom.pdf": (attached_bomb, READ),
    "van_ban.docx": (office.docx_that_loads, DOCUMENT),
    "van_ban.odt": (office.odt_that_loads, DOCUMENT),
}

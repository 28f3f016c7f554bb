"""``python -m tests.paper --out DIR --dossiers 8 --seed 1``: makes dossiers, pages or bad files."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from tests.paper import broken
from tests.paper.dossiers import make_dossiers
from tests.paper.press import make_pages, make_pile

log = logging.getLogger("paper")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make what the command line asks for."""
    options = _parser().parse_args(arguments)
    out: Path = options.out
    if options.dossiers:
        made = make_dossiers(
            out, options.dossiers, options.seed, clean=options.clean, dpi=options.dpi
        )
        pages = sum(len(dossier.pages) for dossier in made)
        log.info("%d dossiers, %d pages: %s", len(made), pages, out / "drop")
    if options.pages:
        make_pages(
            out / "pages", options.pages, options.seed, options.dpi or 300, clean=options.clean
        )
        log.info("%d pages: %s", options.pages, out / "pages")
    if options.pile:
        path = out / f"pile-{options.pile}.pdf"
        make_pile(path, options.pile, options.seed, options.dpi or 300, clean=options.clean)
        log.info("one PDF of %d pages: %s", options.pile, path)
    if options.broken:
        log.info("%d bad files: %s", len(broken.make_all(out / "broken")), out / "broken")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.paper", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--dossiers", type=int, default=0, help="how many dossiers (out/drop)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same paper")
    parser.add_argument("--clean", action="store_true", help="no degradation")
    parser.add_argument("--pages", type=int, default=0, help="single-page PDFs (out/pages)")
    parser.add_argument("--pile", type=int, default=0, help="one PDF of so many pages")
    parser.add_argument("--dpi", type=int, help="of scans; 200 to 300 by default")
    parser.add_argument("--broken", action="store_true", help="files to refuse (out/broken)")
    return parser


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    raise SystemExit(main())

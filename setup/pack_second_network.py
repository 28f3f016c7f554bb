"""Takes Tesseract's other Vietnamese network ("best", in integers) out of the npm package it is in.

    npm pack @tesseract.js-data/vie@1.0.0
    .venv/bin/python setup/pack_second_network.py tesseract.js-data-vie-1.0.0.tgz

Debian and PyPI have Tesseract's "fast" network alone. Nothing is changed but the gzip around the
file: the same archive gives the same bytes. The data is of Tesseract's authors (``tessdata_best``,
Apache-2.0); the npm package's own MIT licence is of the few lines of script around it. Nothing of
this runs with the product: the file lies in the repository with its licence and its list.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import tarfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "ocr" / "engines" / "second"
MODEL, LIST = "vie.traineddata", "second_network.json"
PACKAGE_SHA256 = "4f0a17b39722269c1c5e5f10d7aa3acd9a74fe46b109621973450caa4d9fe19f"
INSIDE = "package/4.0.0_best_int/vie.traineddata.gz"
MODEL_SHA256 = "112f6fd1d04ab4cb0208cad9cada8de214ae33a1e4db3750ffcda69262aef0a8"


def network_in(package: Path) -> bytes:
    """Return the network out of the npm package.

    Raises:
        SystemExit: the package, or the network in it, is another one than this script knows.
    """
    if hashlib.sha256(package.read_bytes()).hexdigest() != PACKAGE_SHA256:
        raise SystemExit("the package is another one than this script knows")
    with tarfile.open(package) as archive:
        taken = archive.extractfile(INSIDE)
        content = gzip.decompress(taken.read()) if taken else b""
    if hashlib.sha256(content).hexdigest() != MODEL_SHA256:
        raise SystemExit("the network in the package is another one than this script knows")
    return content


def main() -> None:
    """Write the network and its list; the licence lies there already."""
    parser = argparse.ArgumentParser(description="Pack Tesseract's second Vietnamese network.")
    parser.add_argument("package", type=Path, help="tesseract.js-data-vie-1.0.0.tgz")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the packed files")
    chosen = parser.parse_args()
    content = network_in(chosen.package)
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / MODEL).write_bytes(content)
    listed = {
        "file": MODEL,
        "sha256": MODEL_SHA256,
        "licence": "Apache-2.0",
        "source": f"{INSIDE} of @tesseract.js-data/vie 1.0.0 (npm)",
        "source_sha256": PACKAGE_SHA256,
        "origin": "tesseract-ocr/tessdata_best, vie, weights in integers",
        "changes": "none; unpacked from gzip",
    }
    text = json.dumps(listed, indent=1, ensure_ascii=False) + "\n"
    (chosen.out / LIST).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

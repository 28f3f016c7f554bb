"""Fetches the browser libraries of the reading room from npm anew, or checks those that are there.

    .venv/bin/python setup/vendored_static.py            # check: files, versions and hashes agree
    .venv/bin/python setup/vendored_static.py --fetch    # needs npm: get the named versions again

Nothing of this runs with the product: the files lie in ``web/static/vendor/`` with their licences
and a list (``vendored.json``) of name, version, licence and SHA-256. htmx stays at 2.0, whose
``allowEval`` and ``includeIndicatorStyles`` can be switched off (the room's Content-Security-Policy
forbids both); OpenSeadragon 6 needs no inline style sheet and no pictures of buttons of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "web" / "static" / "vendor"
LIST = FOLDER / "vendored.json"
PACKAGES = {  # package: version, its licence, what is taken out of it and under which name
    "htmx.org": ("2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE"}),
    "openseadragon": (
        "6.1.1",
        "BSD-3-Clause",
        {
            "build/openseadragon/openseadragon.min.js": "openseadragon.min.js",
            "LICENSE.txt": "openseadragon.LICENSE",
        },
    ),
}


def fetch() -> None:
    """Get every package from npm and write its files and the list."""
    listed = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (version, licence, files) in PACKAGES.items():
            command = ["npm", "pack", "--silent", f"{name}@{version}"]
            packed = subprocess.run(
                command, cwd=folder, check=True, capture_output=True, text=True, timeout=120
            )
            content = (Path(folder) / packed.stdout.split()[-1]).read_bytes()
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                for inside, target in files.items():
                    taken = archive.extractfile(f"package/{inside}")
                    assert taken is not None, f"{name} has no {inside}"
                    listed.append(written(name, version, licence, target, taken.read()))
    LIST.write_text(json.dumps(listed, indent=1) + "\n", "utf-8")


def written(name: str, version: str, licence: str, target: str, content: bytes) -> dict[str, str]:
    """Write a file and return its line of the list."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / target).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return {
        "file": target,
        "package": name,
        "version": version,
        "licence": licence,
        "sha256": digest,
    }


def faults() -> list[str]:
    """Return what does not agree between the files, the list and the versions named here."""
    listed = {one["file"]: one for one in json.loads(LIST.read_text("utf-8"))}
    found = []
    for name, (version, _, files) in PACKAGES.items():
        for target in files.values():
            line = listed.pop(target, None)
            if line is None or (line["package"], line["version"]) != (name, version):
                found.append(f"{target}: not listed as {name} {version}")
            elif hashlib.sha256((FOLDER / target).read_bytes()).hexdigest() != line["sha256"]:
                found.append(f"{target}: its bytes are not those that were fetched")
    strange = {path.name for path in FOLDER.iterdir()} - {LIST.name}
    strange -= {target for _, _, files in PACKAGES.values() for target in files.values()}
    return found + [f"{one}: of no package" for one in sorted({*listed, *strange})]


def main() -> None:
    """Fetch when asked to; check always."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fetch", action="store_true", help="get them from npm again")
    if parser.parse_args().fetch:
        fetch()
    if wrong := faults():
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()

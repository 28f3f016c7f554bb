"""Writes accounts/guessable/common.txt: the words in the commonest passwords of the world.

    .venv/bin/pip download --no-deps django
    .venv/bin/python setup/pack_passwords.py django-*.whl

Django ships the 20,000 commonest passwords of leaks (collected by Royce Williams; BSD-3-Clause).
Kept are their words, without the digits and signs around them, and whole passwords of 12 letters
or more: what is shorter is refused by its length, and padded words are told by the words.
"""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path
from zipfile import ZipFile

TARGET = Path(__file__).parent.parent / "accounts" / "guessable" / "common.txt"
LIST = "django/contrib/auth/common-passwords.txt.gz"
SHORTEST_WORD, SHORTEST_PASSWORD = 4, 12


def main(wheel: Path) -> None:
    """Read the wheel, write the list.

    Args:
        wheel: a wheel of Django.
    """
    with ZipFile(wheel) as held:
        passwords = gzip.decompress(held.read(LIST)).decode().split()
        name = next(name for name in held.namelist() if name.endswith("licenses/LICENSE"))
        licence = held.read(name).decode()
    words = {re.sub(r"^[^a-z]+|[^a-z]+$", "", password.lower()) for password in passwords}
    kept = {word for word in words if len(word) >= SHORTEST_WORD}
    kept |= {password for password in passwords if len(password) >= SHORTEST_PASSWORD}
    head = f"{wheel.name}: {LIST}, packed by setup/pack_passwords.py. Its licence:\n\n{licence}"
    comment = "\n".join(f"# {line}".rstrip() for line in head.strip().split("\n"))
    TARGET.write_text(comment + "\n" + "\n".join(sorted(kept)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

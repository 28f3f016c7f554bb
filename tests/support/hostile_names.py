"""Names and texts that steer a terminal, a spreadsheet or a person, for property tests."""

from __future__ import annotations

import random
import unicodedata

SEEDS = range(300)
ESCAPES = "\x1b]0;PWNED\x07\x1b[31m\x1b[2K\x1b[1A\x9b31m\x90\x07\x08\x7f\r"
NAMES = (
    f"hồ{ESCAPES}sơ.png",
    "hai\ndòng — ✓ kho: 0 hồ sơ.png",
    "hồ sơ \u202egnp.exe",
    "a\u200bb\ufeffc\u2066d\u2069\u00ad.png",
    "[bold]đậm :warning: [dim].png",
    "=WEBSERVICE(1);\t=1+1,@SUM(A1)|+2.png",
)
_PIECES = (
    *"=+-@＝＋－＠;,|\"' \t\n\r\x0b\x1b\x85\u2028\u00a0\u202e\u200baà0",
    "=1+1", '"=', ';"', "''=", "'=", "; -", "\r\n@", "\ud800", "đơn.pdf", ".", "/", "\\",
)  # fmt: skip


def hostile_text(seed: int) -> str:
    """Return a text of pieces that are dangerous beside each other; the same for the same seed."""
    chance = random.Random(seed)
    return "".join(chance.choices(_PIECES, k=chance.randint(1, 12)))


def unseen_in(text: str, keep: str = "\n") -> list[str]:
    """Return the characters of a text that control a terminal or are not seen.

    Args:
        text: what was printed.
        keep: characters that may be in it.
    """
    unseen = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return [each for each in text if unicodedata.category(each) in unseen and each not in keep]

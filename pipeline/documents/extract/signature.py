"""Extracts the foot of a paper: who signs, by which authority, and who receives it.

Right column: TM./KT./TL./TUQ. and posts in capitals, the signature under a seal, the name.
Left column: Nơi nhận with its list, which ends with Lưu (NĐ 30/2020, docs/domain.md §3.1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.documents.columns import split_columns
from pipeline.documents.extract.names import SURNAMES, restored_surname
from pipeline.documents.fuzzy import folded_text, similarity, upper_share
from pipeline.documents.gazetteer import restore_marks
from pipeline.documents.rows import PageRows, Row, Token, make_finding
from pipeline.model import CERTAIN, Finding
from pipeline.vietnamese import canonical

_MIDDLE = 0.5  # share of the page's width where the columns of a foot part
_REACH = 0.12
_RECIPIENTS = "noi nhan"
_NOISE = 0.3  # what is read with less is a seal or a signature, not a word
_AUTHORITY = re.compile(r"^\W*(TM|KT|TL|TUQ|Q)\s*[.,]\s*")
_DEPUTISES = re.compile(r"^\W*(?:KT|TL|TUQ)\s*[.,]")
_POSTS = re.compile(
    r"\b(?:chu tich|giam doc|thu tuong|bo truong|thu truong|thong doc|chu nhiem|chanh van phong|"
    r"truong (?:phong|ban|khoa|doan)|(?:cuc|vu|hieu|vien|chi cuc|tong cuc|doi|to) truong|chanh an|"
    r"tong (?:giam doc|thanh tra|bien tap)|bi thu|pho (?:phong|ban|cuc truong)|chanh thanh tra)\b"
)
_TITLED = re.compile(r"^(?:(?:PGS|GS|TSKH|TS|ThS|BS|LS|KS|CN)\s?\.\s?)+", re.IGNORECASE)
_ITEM = re.compile(r"^[-~–•*+]+\s*")


class _Foot(NamedTuple):
    page: PageRows
    left: list[Row]
    right: list[Row]


def signature(pages: Sequence[PageRows]) -> dict[str, Finding]:
    """Return ``signer``, ``signer_title``, ``authority`` and ``recipients``, as far as read.

    Args:
        pages: the pages of one paper, in order; the last foot on them counts (annexes may
            follow it).
    """
    for page in reversed(pages):
        if foot := _foot(page):
            found = _signing(foot)
            if recipients := _recipients(foot):
                found["recipients"] = recipients
            return found
    return {}


def _foot(page: PageRows) -> _Foot | None:
    """Return the two columns of the foot, from where recipients or posts begin; None without."""
    for row in page.rows:
        words = folded_text(row.text).split()
        listed = len(words) >= 2 and similarity(" ".join(words[:2]), _RECIPIENTS) >= 0.85
        if (listed and len(words) < 12 and ":" in row.text) or _AUTHORITY.match(row.text):
            top = row.box.top - 3 * row.height  # posts may begin above the list of recipients
            rows = [other for other in page.rows if other.middle > top]
            left, right = split_columns(rows, _MIDDLE * page.width, _REACH * page.width)
            return _Foot(page, left, right)
    return None


def _signing(foot: _Foot) -> dict[str, Finding]:
    posts = [index for index, row in enumerate(foot.right) if _is_post(row)]
    if not posts:
        return {}
    found: dict[str, Finding] = {}
    title = _post(foot.page, foot.right[posts[-1]])
    if authority := _authority(foot, posts[-1], title):
        found["authority"] = authority
    found["signer_title"] = title
    names = [row for row in foot.right[posts[-1] + 1 :] if _name_tokens(row)]
    if names:
        found["signer"] = _name(foot.page, names[-1])
    return {name: found for name, found in found.items() if found.confidence >= _NOISE}


def _authority(foot: _Foot, last: int, title: Finding) -> Finding | None:
    """Return the signs before the posts; not surer than the post, for a row may be missing."""
    rows = [row for row in foot.right[: last + 1] if _AUTHORITY.match(row.text)]
    signs = [match[1].upper() for row in rows if (match := _AUTHORITY.match(row.text))]
    if not signs:
        return None
    tokens = [row.tokens[0] for row in rows]
    sure = min([title.confidence, *(token.confidence for token in tokens)])
    return make_finding(foot.page, "+".join(signs), tokens, sure)


def _is_post(row: Row) -> bool:
    text = folded_text(_AUTHORITY.sub("", row.text))
    return upper_share(row.text) > 0.7 and bool(_POSTS.search(text))


def _post(page: PageRows, row: Row) -> Finding:
    """Return the post without its authority and without what seals leave around it."""
    tokens = [
        token for token in row.tokens if len(folded_text(token.text)) > 1 and token.text.isupper()
    ]
    text = _AUTHORITY.sub("", " ".join(token.text for token in tokens))
    restored = restore_marks(text.split())
    sure = min(token.confidence for token in tokens)
    noisy = len(tokens) < len(row.tokens) or not _POSTS.match(_without_deputy(folded_text(text)))
    deputises = _DEPUTISES.match(row.text)  # the signer's own post is on a row that was not read
    doubtful = noisy or deputises or not all(restored.known)
    return make_finding(page, restored.text, tokens, min(sure, CERTAIN - 0.1) if doubtful else sure)


def _without_deputy(text: str) -> str:
    return text.removeprefix("pho ").removeprefix("quyen ")


def _name_tokens(row: Row) -> list[Token]:
    """Return the tokens of a person's name, if that is all that stands on a row but for specks."""
    titles = _TITLED.match(row.text)
    titled = titles[0].split() if titles else []
    tokens = [
        token
        for token in row.tokens
        if token.text not in titled
        and len(folded_text(token.text)) > 1
        and token.confidence >= _NOISE
    ]
    shaped = all(
        token.text.isalpha() and token.text[0].isupper() and token.text[1:].islower()
        for token in tokens
    )
    return tokens if shaped and 2 <= len(tokens) <= 5 else []


def _name(page: PageRows, row: Row) -> Finding:
    tokens = _name_tokens(row)
    sure = min(token.confidence for token in tokens)
    alone = len(tokens) == len(_TITLED.sub("", row.text).split())
    if not alone or canonical(tokens[0].text) not in SURNAMES:
        sure = min(sure, CERTAIN - 0.1)
    words = [token.text for token in tokens]
    words[0] = restored_surname(words) or words[0]
    return make_finding(page, " ".join(words), tokens, sure)


def _recipients(foot: _Foot) -> Finding | None:
    items: list[str] = []
    tokens: list[Token] = []
    begun = False
    for row in foot.left:
        if similarity(" ".join(folded_text(row.text).split()[:2]), _RECIPIENTS) >= 0.85:
            begun = True
        elif begun and _ITEM.match(row.text):
            items.append(_ITEM.sub("", row.text))
            tokens += row.tokens
        elif begun and items:
            items[-1] += " " + row.text
            tokens += row.tokens
        if items and folded_text(items[-1]).startswith("luu"):
            break
    if not items:
        return None
    value = "; ".join(item.strip(" ;.,:") for item in items)
    sure = sum(t.confidence * len(t.text) for t in tokens) / sum(len(t.text) for t in tokens)
    return make_finding(foot.page, value, tokens, min(sure, CERTAIN - 0.05))

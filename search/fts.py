"""Expressions in the language of FTS5.

Words stand in quotes, so none is ever syntax. Columns need no naming, which saves FTS5 half its
time: a word with marks is in the exact column only, a word that stands there without marks stands
in the folded column too, and keywords are no words.
"""

from __future__ import annotations

from search.expressions import NEAR_WORDS, AllOf, Beginning, Expression, Near, Words

NOTHING = '"nothing·"'  # no such keyword


def match(expression: Expression) -> str:
    """Return what FTS5 matches."""
    if isinstance(expression, Words):
        return _quoted(*expression.words)
    if isinstance(expression, Beginning):
        return f"{_quoted(expression.start)} *"
    if isinstance(expression, Near):
        # FTS5 counts the words between the first and the last.
        return f"NEAR({' '.join(map(_quoted, expression.words))}, {NEAR_WORDS - 2})"
    operator = " AND " if isinstance(expression, AllOf) else " OR "
    return operator.join(f"({match(part)})" for part in expression.parts) or NOTHING


def _quoted(*words: str) -> str:
    return f'"{" ".join(words)}"'

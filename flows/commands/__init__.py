"""One module per command: `arguments` describes it, `run` does it."""

from __future__ import annotations

"""Commands of the command line, a module each: `arguments` declares options, `run` executes."""

from __future__ import annotations

"""The words, the rules and the stages of digitisation; knows no framework and no engine."""

from __future__ import annotations

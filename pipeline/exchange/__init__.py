"""Exchanges dossiers with other software by messages: folders of JSON, files and SHA-256 sums.

The form of a message is described in docs/exchange.md.
"""

from __future__ import annotations

from pipeline.exchange.incoming import take_message
from pipeline.exchange.messages import SCHEMA, json_schema
from pipeline.exchange.outgoing import send_dossier

__all__ = ["SCHEMA", "json_schema", "send_dossier", "take_message"]

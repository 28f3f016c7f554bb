"""docker-compose.yml, parsed."""

from __future__ import annotations

from typing import Any

import yaml

from pipeline.roles import Role
from tests import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
FILE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
ONCE = {"prepare", "deploy"}  # these end when they are done
OURS = {"prefect", "prepare", "deploy", "watch", "worker", "web"}
ROLES = {"watch": Role.INGEST, "worker": Role.WORKER, "web": Role.WEB}

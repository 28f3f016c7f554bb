"""From a dropped file to the archive: settle, claim, receive, receipt."""

from __future__ import annotations

from pipeline.intake.heartbeat import (
    FolderHeartbeat,
    Heartbeat,
    end_heartbeat,
    last_heartbeat,
    write_heartbeat,
)
from pipeline.intake.mounts import network_share
from pipeline.intake.receipts import read_receipts, receipt_days, refused_folder
from pipeline.intake.receive import Drop, Reception, receive
from pipeline.intake.settle import Settling, is_left_alone, waiting
from pipeline.intake.spool import Spool, SpoolEntry, spool_place, spooled

__all__ = [
    "Drop",
    "FolderHeartbeat",
    "Heartbeat",
    "Reception",
    "Settling",
    "Spool",
    "SpoolEntry",
    "end_heartbeat",
    "is_left_alone",
    "last_heartbeat",
    "network_share",
    "read_receipts",
    "receipt_days",
    "receive",
    "refused_folder",
    "spool_place",
    "spooled",
    "waiting",
    "write_heartbeat",
]

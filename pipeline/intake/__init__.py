"""Takes dropped files into the archive: settle, claim, receive, receipt."""

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
from pipeline.intake.settle import Settling, waiting_drops
from pipeline.intake.spool import Spool, SpoolEntry, claimed_drops, spool_folder
from pipeline.intake.standing import StandingFolders

__all__ = [
    "Drop",
    "FolderHeartbeat",
    "Heartbeat",
    "Reception",
    "Settling",
    "Spool",
    "SpoolEntry",
    "StandingFolders",
    "claimed_drops",
    "end_heartbeat",
    "last_heartbeat",
    "network_share",
    "read_receipts",
    "receipt_days",
    "receive",
    "refused_folder",
    "spool_folder",
    "waiting_drops",
    "write_heartbeat",
]

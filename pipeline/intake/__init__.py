"""Takes dropped files into the archive: settle, claim, receive, receipt."""

from __future__ import annotations

from pipeline.intake.heartbeat import (
    FolderHeartbeat,
    Heartbeat,
    end_heartbeat,
    last_heartbeat,
    shared_heartbeat,
    watcher_id,
    write_heartbeat,
)
from pipeline.intake.receipts import read_receipts, receipt_days
from pipeline.intake.receive import Reception, receive
from pipeline.intake.refused_files import refused_folder
from pipeline.intake.settle import Settling, waiting_drops
from pipeline.intake.spool import Spool, claimed_drops, spool_folder
from pipeline.intake.spool_entry import SpoolEntry
from pipeline.intake.taking import Drop, take_path
from pipeline.intake.watched.mounts import network_share
from pipeline.intake.watched.standing import StandingFolders, standing_folders

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
    "shared_heartbeat",
    "spool_folder",
    "standing_folders",
    "take_path",
    "waiting_drops",
    "watcher_id",
    "write_heartbeat",
]

"""From a dropped file to the archive: settle, claim, receive, receipt."""

from __future__ import annotations

from pipeline.intake.heartbeat import FolderPulse, Pulse, end_pulse, give_pulse, last_pulse
from pipeline.intake.mounts import network_share
from pipeline.intake.receipts import read_receipts, receipt_days, refused_folder
from pipeline.intake.receive import Drop, Reception, receive
from pipeline.intake.settle import Settling, is_left_alone, waiting
from pipeline.intake.spool import Spool, SpoolEntry, spool_place, spooled

__all__ = [
    "Drop",
    "FolderPulse",
    "Pulse",
    "Reception",
    "Settling",
    "Spool",
    "SpoolEntry",
    "end_pulse",
    "give_pulse",
    "is_left_alone",
    "last_pulse",
    "network_share",
    "read_receipts",
    "receipt_days",
    "receive",
    "refused_folder",
    "spool_place",
    "spooled",
    "waiting",
]

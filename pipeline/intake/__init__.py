"""From a dropped file to the archive: settle, claim, receive, receipt."""

from __future__ import annotations

from pipeline.intake.receipts import read_receipts, receipt_days, refused_folder
from pipeline.intake.receive import Drop, Reception, receive
from pipeline.intake.settle import Settling, is_left_alone, waiting
from pipeline.intake.spool import Spool, SpoolEntry

__all__ = [
    "Drop",
    "Reception",
    "Settling",
    "Spool",
    "SpoolEntry",
    "is_left_alone",
    "read_receipts",
    "receipt_days",
    "receive",
    "refused_folder",
    "waiting",
]

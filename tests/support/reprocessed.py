"""Dossiers as older rules made them, and walks that understand them again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flows.upkeep.reprocess import Reprocessing
from flows.upkeep.reprocess_progress import ReprocessProgress
from pipeline.model import Finding, Record, Source
from pipeline.reprocessing.understand import keep_understood, understand_again
from pipeline.versions import Act, keep_next
from tests.support.drops import Office

PAGES = "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ\ntrang bốn"
OLD = Finding("Về việc cũ", "Về việc cũ", 0.95, Source.OCR, 1)


def digitised(office: Office, name: str = "giấy.pdf", pages: str = PAGES) -> str:
    dropped = office.drops(name, pages).dossier
    assert dropped
    office.digitises_all()
    return dropped


def made_by_older_rules(office: Office, dossier: str) -> Record:
    """Write a record as rules that misread a summary and knew no types would have made it."""
    record = office.newest(dossier)
    papers = [replace(one, type="Đơn lạ") for one in record.dossier.documents]
    papers[0] = replace(papers[0], findings={**papers[0].findings, "summary": OLD})
    older = replace(record.dossier, documents=tuple(papers), rules="older")
    return keep_next(record, older, "digitised", office.archive)


def walked(office: Office, progress: ReprocessProgress) -> Reprocessing:
    return Reprocessing(office.archive, office.index, progress, list)


def understood_late(world: Any) -> None:
    """Apply an understanding of any version, as one that was listed before the others were made.

    Args:
        world: an office with the ``dossier`` that things are done to, and ``chance``.
    """
    record = world.chance.choice(world.archive.history(world.dossier))
    older = replace(record, dossier=replace(record.dossier, rules="older"))
    understood = understand_again(older, world.archive, world.index)
    keep_understood(record, understood.dossier, world.archive, Act("lan"))

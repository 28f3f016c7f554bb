"""The jobs of table 1 of the walk through the product, and what each took before (88861e8)."""

from __future__ import annotations

from typing import NamedTuple


class Before(NamedTuple):
    """What a job took; keys include Enter."""

    job: str
    clicks: int = 0
    keys: int = 0
    drops: int = 0
    seconds: str = "–"  # by the clock, as far as it was taken
    was_possible: bool = True  # clicks and keys bind only then
    told: str = ""  # what came of it


JOBS = {
    "K1": Before("what became of 30 files", 1, drops=1, seconds="10", told="32 rows by eye"),
    "K2": Before("a refused file, mended", drops=1, seconds="60", told="stays a problem 7 days"),
    "K2b": Before("the same, locked by a password", was_possible=False, told="unlocked elsewhere"),
    "K3": Before("an empty file of a folder", drops=1, was_possible=False, told="second dossier"),
    "K4": Before("a page scanned again", drops=1, seconds="25", was_possible=False, told="same"),
    "K5": Before("fronts and backs in two files", was_possible=False),
    "K6": Before("three papers in one file", told="by itself"),
    "K6b": Before("a boundary that is wrong", was_possible=False),
    "K7": Before("a stack with separator sheets", was_possible=False, told="one dossier"),
    "K8": Before("complete for its procedure", was_possible=False, told="not told"),
    "K9": Before("a wrong field, seen on the scan", 1, told="could not be mended"),
    "K9b": Before("a wrong field, mended", was_possible=False),
    "Q1": Before("a birth by name, its page", 1, 27, seconds="0.9", told="found, all titled alike"),
    "Q2": Before("the same, by month", was_possible=False),
    "Q3": Before("a phone as it is typed", keys=11, told="2, 3 and 0 hits"),
    "Q4": Before("the last digits", was_possible=False, told="0 hits"),
    "Q5": Before("a number typed sloppily", keys=15, told="two spellings: 0 hits"),
    "Q6": Before("what is nowhere", keys=8, told="5 hits like real ones"),
    "Q7": Before("a dossier's file, two pages enlarged", 2, 7, told="zoom forgotten"),
    "Q8": Before("a dossier by its code", was_possible=False, told="404"),
    "B1": Before("the day's list in Excel", was_possible=False, told="CSV on the share"),
    "V1": Before("is everything all right", keys=42, seconds="9", told="three commands"),
    "V2": Before("what is slow, what failed", was_possible=False, told="SQL against Prefect"),
    "V3": Before("the runs in Prefect", 1, was_possible=False, told="asked another port"),
    "V4": Before("a run that says what it read", was_possible=False, told="a number, no tags"),
    "V5": Before("nobody watches any more", was_possible=False, told="page: 200, watch ok"),
    "V6": Before("is the backup fine", was_possible=False, told="never looked at"),
}

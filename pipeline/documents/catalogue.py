"""Reads the catalogue of procedures: which papers each is made of, with the days that holds.

A CSV file, one line a component; codes and components are data that an office imports from the
national catalogue (docs/domain.md §1.4). The sample beside this module covers a few procedures of
docs/domain.md §11 and is to be replaced.
"""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import MisconfiguredError

log = logging.getLogger(__name__)

COLUMNS = ("procedure", "name", "valid_from", "valid_to", "component", "types", "digitise",
           "reason")  # fmt: skip
FILE_NAME = "procedures.csv"  # in the home: the catalogue that was imported
MOST_BYTES = 32 << 20
_home: Path | None = None
_CODE = re.compile(r"[1-3]\.\d{6}")


class Digitise(StrEnum):
    """Whether a component is to be digitised (TT 01/2023/TT-VPCP Art. 4)."""

    REQUIRED = "required"
    OPTIONAL = "optional"  # where it applies
    SHOWN = "shown"
    NO = "no"


class CatalogueLine(NamedTuple):
    """A component of one version of a procedure."""

    procedure: str  # mã thủ tục
    name: str  # of the procedure
    valid_from: date
    valid_to: date | None  # the last day; None: until further notice
    component: str
    types: tuple[str, ...]  # labels of document types that are it
    digitise: Digitise
    reason: str  # Vietnamese, why it is not digitised


class Catalogue(NamedTuple):
    """Procedures with their components."""

    lines: tuple[CatalogueLine, ...]
    is_imported: bool = False  # False: the sample, which knows a few procedures only

    def knows(self, procedure: str) -> bool:
        """Tell whether a procedure is in it, on whatever day."""
        return any(line.procedure == procedure for line in self.lines)

    def components(self, procedure: str, on: date) -> tuple[CatalogueLine, ...]:
        """Return the components of the version that held on a day; empty without one."""
        return tuple(
            line
            for line in self.lines
            if line.procedure == procedure
            and line.valid_from <= on
            and (line.valid_to is None or on <= line.valid_to)
        )


def read_catalogue(data: bytes) -> Catalogue:
    """Read a catalogue from CSV in UTF-8 with the header ``COLUMNS``.

    Raises:
        MisconfiguredError: it is no such file; the message names the line.
    """
    if len(data) > MOST_BYTES:
        raise _refused(f"tệp lớn hơn {MOST_BYTES >> 20} MB")
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise _refused(f"dòng đầu phải là {','.join(COLUMNS)}")
        return Catalogue(tuple(_lines(rows)), is_imported=True)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused("không phải CSV mã UTF-8") from error


def set_home(home: Path) -> None:
    """Set the home whose catalogue this process uses; called when the settings are read."""
    global _home
    _home = home


def current_catalogue() -> Catalogue:
    """Return the catalogue of this process's home, the sample where none was imported."""
    return catalogue_of(_home) if _home else sample_catalogue()


def catalogue_of(home: Path) -> Catalogue:
    """Return the catalogue of a home, the sample where none was imported.

    It is read each time: a process that runs for weeks knows what was imported yesterday.
    """
    try:
        return _read_again((home / FILE_NAME).read_bytes())
    except FileNotFoundError:
        return sample_catalogue()
    except MisconfiguredError as error:  # changed by hand: dossiers are read all the same
        log.warning("%s", error)
        return sample_catalogue()


def current_bytes() -> bytes:
    """Return the imported catalogue of this process's home as it is; empty where there is none."""
    try:
        return (_home / FILE_NAME).read_bytes() if _home else b""
    except FileNotFoundError:
        return b""


@lru_cache(maxsize=1)
def _read_again(data: bytes) -> Catalogue:
    """Read a catalogue once, however many dossiers ask for it."""
    return read_catalogue(data)


@cache
def sample_catalogue() -> Catalogue:
    """Return the catalogue that the product brings."""
    data = Path(__file__).with_name("procedures.csv").read_bytes()
    return read_catalogue(data)._replace(is_imported=False)


def _lines(rows: csv.DictReader[str]) -> Iterator[CatalogueLine]:
    for row in rows:
        try:
            line = _line({name: (row[name] or "").strip() for name in COLUMNS})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _refused(f"dòng {rows.line_num} sai ngày, số cột hay cách số hóa") from error
        if not _CODE.fullmatch(line.procedure) or not line.component or None in row:
            raise _refused(f"dòng {rows.line_num} sai mã thủ tục hoặc thiếu tên giấy tờ")
        yield line


def _line(row: dict[str, str]) -> CatalogueLine:
    return CatalogueLine(
        row["procedure"],
        row["name"],
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        row["component"],
        tuple(filter(None, row["types"].split("|"))),
        Digitise(row["digitise"]),
        row["reason"],
    )


def _refused(why: str) -> MisconfiguredError:
    return MisconfiguredError(
        f"Danh mục thủ tục không dùng được: {why}.",
        "Sửa tệp CSV rồi nhập lại; danh mục cũ vẫn dùng.",
    )

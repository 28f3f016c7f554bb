"""TIFFs of the old JPEG style (compression 6; TIFF 6.0, section 22), as their writers made them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from tests.paper import photos, tiffs

_SOS, _DQT, _DHT, _DRI = 0xDA, 0xDB, 0xC4, 0xDD


def whole_stream(path: Path) -> None:
    """The whole JPEG lies in the file, named by JPEGInterchangeFormat."""
    _save(path, photos.jpeg(photos.page()), tags={512: 1, 513: 8})


def whole_strip(path: Path) -> None:
    """The whole JPEG is the strip, and no tag says so."""
    _save(path, photos.jpeg(photos.page()), tags={512: 1})


def header_apart(path: Path) -> None:
    """JPEGInterchangeFormat names the header alone; the strip has the data."""
    data = photos.jpeg(photos.page())
    start = _scan_start(data)
    _save_apart(path, data[:start], data[start:-2], lambda at: {512: 1, 513: at, 514: start})


def tables_apart(path: Path) -> None:
    """Tables lie in the file each by itself, as Wang's and Kofax's programs wrote them."""
    data = photos.jpeg(photos.page(), optimize=True)
    tables = b"".join(_tables(data, _DQT)) + b"".join(_tables(data, _DHT))
    quantisation, huffman = _tables(data, _DQT), _tables(data, _DHT)

    def named(at: int) -> dict[int, tiffs.Value]:
        places, here = [], at
        for table in (*quantisation, *huffman):
            places.append(here + 1)  # behind the byte that numbers it
            here += len(table)
        count = len(quantisation)
        return {512: 1, 519: places[:count], 520: [places[count]], 521: [places[count + 1]]}

    _save_apart(path, tables, data[_scan_start(data) : -2], named)


def nonsense(path: Path) -> None:
    """Says it is an old JPEG, and has nothing that could be put together to one."""
    _save(path, bytes(range(256)) * 40, tags={512: 14})


def _save(path: Path, packed: bytes, tags: dict[int, tiffs.Value]) -> None:
    image = np.asarray(photos.page())
    if 513 in tags:
        tags |= {514: len(packed)}
    tiffs.save(
        path,
        tiffs.Picture(image, compression=tiffs.OLD_JPEG, packed=packed, tags={254: 0} | tags),
    )


def _save_apart(
    path: Path, apart: bytes, strip: bytes, tags: Callable[[int], dict[int, tiffs.Value]]
) -> None:
    """Write a strip, and what belongs to it behind it."""
    at = 8 + len(strip) + len(strip) % 2
    image = np.asarray(photos.page())
    hidden = tiffs.Picture(
        image, compression=tiffs.OLD_JPEG, packed=strip, behind=apart, tags=tags(at)
    )
    tiffs.save(path, hidden)


def _tables(data: bytes, marker: int) -> list[bytes]:
    """Return the tables of a kind, each with the byte that numbers it."""
    found, at = [], 2
    while data[at + 1] != _SOS:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == marker:
            found.append(data[at + 4 : at + 2 + length])
        at += 2 + length
    return found


def _scan_start(data: bytes) -> int:
    """Return where the coded data begins."""
    at = data.index(bytes([0xFF, _SOS]))
    return at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def page() -> Image.Image:
    """Return the page that lies in each of these files."""
    return photos.page()

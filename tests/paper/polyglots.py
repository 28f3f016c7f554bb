"""PDFs that are something else as well: other programs find what they look for before the mark."""

from __future__ import annotations

from pathlib import Path

JUNK = {  # what stands before the PDF's mark, within its first kilobyte
    "html application": b"<html><hta:application id=a><script>document.title='ran'</script><!--\n",
    "batch": b"@echo off\r\ncalc.exe\r\nexit /b\r\n",
    "program": b"MZ" + b"\x90\0" * 60,
    "printer language": b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n",
    "mail": b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n",
    "byte order mark": b"\xef\xbb\xbf",
}


def save_with_junk(kind: str, source: Path, target: Path) -> None:
    """Write a copy of a PDF with a kind of ``JUNK`` before it."""
    target.write_bytes(JUNK[kind] + source.read_bytes())

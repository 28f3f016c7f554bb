"""A scan that looks signed: a stamp on the page the way signing programs put it there."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream


def sign(path: Path) -> Path:
    """Put a stamp with a signature field on the first page; the signature itself is none."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        _stamp(pdf)
        pdf.save(path)
    return path


def _stamp(pdf: pikepdf.Pdf) -> None:
    stamp = Stream(pdf, b"1 0 0 RG 1 1 98 28 re S")
    stamp.Type, stamp.Subtype, stamp.BBox = Name.XObject, Name.Form, [0, 0, 100, 30]
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=pikepdf.String("Signature1"),
            F=132,
            Rect=[400, 20, 500, 50],
            V=pdf.make_indirect(Dictionary(Type=Name.Sig, Contents=b"\0" * 64)),
            AP=Dictionary(N=stamp),
            P=pdf.pages[0].obj,
        )
    )
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)

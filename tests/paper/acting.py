"""PDFs that act or point outside when they are opened: one kind of action or reference in each.

Whatever a kind brings names ``MARKER``, so that a file without that word has nothing of it left.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.paper.lures import MARKER, PORT

Plant = Callable[[pikepdf.Pdf], None]

ADDRESS = f"http://127.0.0.1:{PORT}/{MARKER}"
_RECT = [20, 20, 90, 40]


def file_of() -> Dictionary:
    """Return a file specification that names a file elsewhere."""
    return Dictionary(Type=Name.Filespec, FS=Name.URL, F=String(ADDRESS), UF=String(ADDRESS))


def embedded(pdf: pikepdf.Pdf) -> Dictionary:
    """Return a file specification with a file inside."""
    inside = Stream(pdf, b"MZ " + MARKER.encode(), Type=Name.EmbeddedFile)
    names: dict[str, Any] = {"F": String(f"{MARKER}.exe"), "UF": String(f"{MARKER}.exe")}
    return Dictionary(Type=Name.Filespec, EF=Dictionary(F=inside), **names)


def script() -> Dictionary:
    """Return an action that runs a script."""
    return Dictionary(S=Name.JavaScript, JS=String(f"app.launchURL('{ADDRESS}')"))


def actions(pdf: pikepdf.Pdf) -> dict[str, Dictionary]:
    """Return an action of every type (ISO 32000-2, table 201)."""
    return {
        "GoTo": Dictionary(S=Name.GoTo, D=String(MARKER)),
        "GoToR": Dictionary(S=Name.GoToR, F=String(rf"\\10.0.0.9\{MARKER}.pdf"), D=[0, Name.Fit]),
        "GoToE": Dictionary(S=Name.GoToE, F=file_of(), T=Dictionary(R=Name.C, N=String(MARKER))),
        "Launch": Dictionary(S=Name.Launch, F=String(f"/usr/bin/touch {MARKER}")),
        "Thread": Dictionary(S=Name.Thread, F=file_of(), D=0),
        "URI": Dictionary(S=Name.URI, URI=String(ADDRESS)),
        "Sound": Dictionary(S=Name.Sound, Sound=Stream(pdf, MARKER.encode(), F=file_of())),
        "Movie": Dictionary(S=Name.Movie, T=String(MARKER)),
        "Hide": Dictionary(S=Name.Hide, T=String(MARKER)),
        "Named": Dictionary(S=Name.Named, N=Name(f"/{MARKER}")),
        "SubmitForm": Dictionary(S=Name.SubmitForm, F=file_of(), Flags=4),
        "ResetForm": Dictionary(S=Name.ResetForm, Fields=[String(MARKER)]),
        "ImportData": Dictionary(S=Name.ImportData, F=file_of()),
        "SetOCGState": Dictionary(S=Name.SetOCGState, State=[Name.ON], Next=script()),
        "Rendition": Dictionary(S=Name.Rendition, JS=String(MARKER), R=Dictionary(C=file_of())),
        "Trans": Dictionary(S=Name.Trans, Trans=Dictionary(), Next=script()),
        "GoTo3DView": Dictionary(S=Name.GoTo3DView, V=String(MARKER), Next=script()),
        "JavaScript": script(),
        "RichMediaExecute": Dictionary(S=Name.RichMediaExecute, CMD=Dictionary(C=String(MARKER))),
    }


def _in_root(**values: Any) -> Plant:
    return lambda pdf: pdf.Root.update({f"/{key}": value for key, value in values.items()})


def _on_page(make: Callable[[pikepdf.Pdf], dict[str, Any]]) -> Plant:
    return lambda pdf: pdf.pages[0].obj.update({f"/{k}": v for k, v in make(pdf).items()})


def _annotation(make: Callable[[pikepdf.Pdf], dict[str, Any]]) -> Plant:
    def plant(pdf: pikepdf.Pdf) -> None:
        annotation = Dictionary(Type=Name.Annot, Rect=_RECT, **make(pdf))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(annotation)])

    return plant


def _link(name: str) -> Plant:
    return _annotation(lambda pdf: {"Subtype": Name.Link, "A": actions(pdf)[name]})


def _on_image(make: Callable[[pikepdf.Pdf], dict[str, Any]]) -> Plant:
    def plant(pdf: pikepdf.Pdf) -> None:
        (image,) = pdf.pages[0].get_images().values()
        image.update({f"/{key}": value for key, value in make(pdf).items()})

    return plant


def _drawn(subtype: Name, data: bytes, **keys: Any) -> Plant:
    """Return what puts an external object on the page and draws it."""

    def plant(pdf: pikepdf.Pdf) -> None:
        drawn = Stream(pdf, data, Type=Name.XObject, Subtype=subtype, BBox=[0, 0, 9, 9], **keys)
        pdf.pages[0].obj.Resources.XObject["/Lure"] = drawn
        pdf.pages[0].contents_add(b"q /Lure Do Q")

    return plant


def _form(field: Callable[[pikepdf.Pdf], dict[str, Any]], **keys: Any) -> Plant:
    def plant(pdf: pikepdf.Pdf) -> None:
        made = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, Rect=_RECT, T=String(MARKER), **field(pdf)
            )
        )
        pdf.pages[0].obj.Annots = Array([made])
        pdf.Root.AcroForm = Dictionary(Fields=Array([made]), **keys)

    return plant


def _font(pdf: pikepdf.Pdf) -> None:
    program = Stream(pdf, b"", F=file_of(), FFilter=Name.FlateDecode)
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.Lure, FontFile2=program)
    pdf.pages[0].obj.Resources.Font = Dictionary(
        L=Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Lure, FontDescriptor=descriptor
        )
    )
    pdf.pages[0].contents_add(b"BT /L 9 Tf 3 Tr 9 9 Td ( ) Tj ET")


def _outline(pdf: pikepdf.Pdf) -> None:
    item = pdf.make_indirect(Dictionary(Title=String(MARKER), A=actions(pdf)["GoToR"]))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))
    item.Parent = pdf.Root.Outlines


def _structure(pdf: pikepdf.Pdf) -> None:
    leaf = Dictionary(
        Type=Name.StructElem, S=Name.Link, AF=embedded(pdf), ActualText=String(MARKER)
    )
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=leaf))
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _layers(pdf: pikepdf.Pdf) -> None:
    usage = Dictionary(CreatorInfo=Dictionary(Creator=String(MARKER)), View=Dictionary(X=script()))
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("1"), Usage=usage))
    events = Array([Dictionary(Event=Name.View, OCGs=[group], Category=[Name.View], X=script())])
    state = Dictionary(Order=[group], AS=events)
    configurations = Array([Dictionary(Name=String(MARKER), X=script())])
    pdf.Root.OCProperties = Dictionary(OCGs=[group], D=state, Configs=configurations)
    pdf.pages[0].obj.Resources.Properties = Dictionary(L=group)
    pdf.pages[0].contents_add(b"/OC /L BDC EMC")


def _metadata(pdf: pikepdf.Pdf) -> None:
    xmp = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{ADDRESS}">]><x>&e;</x>'.encode()
    pdf.Root.Metadata = Stream(pdf, xmp, Type=Name.Metadata, Subtype=Name.XML)
    pdf.docinfo["/Title"] = String(MARKER)


def _names(**trees: Callable[[pikepdf.Pdf], Any]) -> Plant:
    def plant(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Names = Dictionary()
        for key, make in trees.items():
            pdf.Root.Names[f"/{key}"] = Dictionary(Names=[String(MARKER), make(pdf)])

    return plant


def _media(subtype: str, key: str) -> Plant:
    return _annotation(
        lambda pdf: {
            "Subtype": Name(f"/{subtype}"),
            key: Stream(pdf, MARKER.encode(), F=file_of()),
            "AA": Dictionary(PO=script()),
            "AP": Dictionary(N=Stream(pdf, b"", Subtype=Name.Form, BBox=_RECT, X=script())),
        }
    )


KINDS: dict[str, Plant] = {
    **{f"link with {name}": _link(name) for name in actions(pikepdf.new())},
    "open action": lambda pdf: _in_root(OpenAction=actions(pdf)["Launch"])(pdf),
    "open destination elsewhere": _in_root(OpenAction=Array([file_of(), Name.Fit])),
    "actions of the document": _in_root(AA=Dictionary(WC=script(), WS=script(), DP=script())),
    "actions of a page": _on_page(lambda _: {"AA": Dictionary(O=script(), C=script())}),
    "scripts by name": _names(JavaScript=lambda _: script()),
    "files by name": _names(EmbeddedFiles=embedded),
    "addresses by name": _names(URLS=lambda _: file_of(), IDS=lambda _: file_of()),
    "destinations by name": _names(Dests=lambda _: Dictionary(D=[0, Name.Fit], X=script())),
    "pages and views by name": _names(Pages=embedded, Templates=embedded, Renditions=embedded),
    "associated file": lambda pdf: _in_root(AF=Array([embedded(pdf)]))(pdf),
    "associated file of a page": _on_page(lambda pdf: {"AF": Array([embedded(pdf)])}),
    "associated file of an image": _on_image(lambda pdf: {"AF": Array([embedded(pdf)])}),
    "base address": _in_root(URI=Dictionary(Base=String(ADDRESS))),
    "portfolio": _in_root(Collection=Dictionary(D=String(MARKER), Navigator=script())),
    "requirements": _in_root(Requirements=Array([Dictionary(RH=String(MARKER))])),
    "permissions": _in_root(Perms=Dictionary(DocMDP=file_of())),
    "bookmark": _outline,
    "structure": _structure,
    "layers": _layers,
    "metadata": _metadata,
    "unknown key": lambda pdf: _in_root(**{MARKER: Array([script(), embedded(pdf)])})(pdf),
    "article threads": lambda pdf: _in_root(Threads=Array([Dictionary(I=embedded(pdf))]))(pdf),
    "steps of a page": _on_page(lambda _: {"PresSteps": Dictionary(NA=script())}),
    "data of a program": _on_page(lambda pdf: {"PieceInfo": Dictionary(A=embedded(pdf))}),
    "content elsewhere": lambda pdf: pdf.pages[0].contents_add(
        Stream(pdf, b" ", F=file_of(), FFilter=Name.FlateDecode, FDecodeParms=Dictionary())
    ),
    "image elsewhere": _on_image(
        lambda _: {"F": file_of(), "FFilter": Name.DCTDecode, "FDecodeParms": Dictionary()}
    ),
    "image for printing": _on_image(
        lambda _: {"Alternates": Array([Dictionary(Image=file_of(), DefaultForPrinting=True)])}
    ),
    "image by OPI": _on_image(lambda _: {"OPI": Dictionary({"/2.0": Dictionary(F=file_of())})}),
    "metadata of an image": _on_image(lambda pdf: {"Metadata": Stream(pdf, MARKER.encode())}),
    "form by OPI": _drawn(Name.Form, b"", OPI=Dictionary({"/1.3": Dictionary(F=file_of())})),
    "page of another file": _drawn(Name.Form, b"", Ref=Dictionary(F=file_of(), Page=0)),
    "PostScript": _drawn(Name.PS, MARKER.encode(), Level1=String(MARKER)),
    "PostScript in a form": _drawn(Name.Form, b"", Subtype2=Name.PS, PS=String(MARKER)),
    "font elsewhere": _font,
    "field with a script": _form(lambda _: {"FT": Name.Tx, "AA": Dictionary(K=script())}),
    "field with a locked file": _form(lambda _: {"FT": Name.Sig, "Lock": file_of()}),
    "form of XFA": lambda pdf: _form(
        lambda _: {"FT": Name.Tx}, XFA=Stream(pdf, MARKER.encode()), CO=Array([String(MARKER)])
    )(pdf),
    "attached file": _annotation(lambda p: {"Subtype": Name.FileAttachment, "FS": embedded(p)}),
    "other actions of a link": _annotation(
        lambda _: {"Subtype": Name.Link, "PA": script(), "AA": Dictionary(E=script())}
    ),
    **{
        name: _media(name, key)
        for name, key in {
            "Screen": "MK", "Movie": "Movie", "Sound": "Sound", "3D": "3DD",
            "RichMedia": "RichMediaContent", "Projection": "FS", "Watermark": "FS",
        }.items()
    },
}  # fmt: skip


def save_acting(kind: str, source: Path, target: Path) -> None:
    """Write a copy of a PDF in which one kind of action or reference is planted.

    Args:
        kind: a key of ``KINDS``.
        source: a PDF of which the first page shows one image.
        target: the copy.
    """
    with pikepdf.open(source) as pdf:
        KINDS[kind](pdf)
        pdf.save(target, fix_metadata_version=False, compress_streams=False)

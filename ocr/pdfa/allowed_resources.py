"""The allow-list of PDF objects, part 2: fonts, colours, patterns and functions."""

from __future__ import annotations

from collections.abc import Mapping

from ocr.pdfa.object_rules import (
    PLAIN,
    ListOf,
    MapOf,
    Named,
    OneOf,
    Rule,
    Slots,
    keyed,
    names,
    stream,
)

_FUNCTIONS = OneOf((PLAIN, "function", ListOf("function")))
_SHADING_PLAIN = (
    "ShadingType Background BBox AntiAlias Domain Matrix Coords Extend BitsPerCoordinate"
    " BitsPerComponent BitsPerFlag Decode VerticesPerRow"
)
_SHADING: dict[str, Rule] = {"ColorSpace": "colour space", "Function": _FUNCTIONS}
_FUNCTION_PLAIN = "FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds"


FONTS: Mapping[str, Named] = {
    "font": keyed(
        "BaseFont Name FirstChar LastChar Widths FontBBox FontMatrix",
        "Subtype",
        Type=names("Font"),
        Subtype=names("Type0 Type1 MMType1 TrueType Type3"),
        FontDescriptor="font descriptor",
        Encoding=OneOf((PLAIN, "encoding", "character map")),
        ToUnicode=OneOf((PLAIN, "character map")),
        DescendantFonts=ListOf("cid font"),
        CharProcs=MapOf("content"),
        Resources="resources",
    ),
    "cid font": keyed(
        "BaseFont DW W DW2 W2",
        "Subtype",
        Type=names("Font"),
        Subtype=names("CIDFontType0 CIDFontType2"),
        CIDSystemInfo="character collection",
        FontDescriptor="font descriptor",
        CIDToGIDMap=OneOf((PLAIN, "content")),
    ),
    "character collection": keyed("Registry Ordering Supplement"),
    "encoding": keyed("BaseEncoding Differences", Type=names("Encoding")),
    "character map": stream(
        "CMapName WMode",
        Type=names("CMap"),
        CIDSystemInfo="character collection",
        UseCMap=OneOf((PLAIN, "character map")),
    ),
    "font descriptor": keyed(
        "FontName FontFamily FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent"
        " Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth CharSet Lang",
        Type=names("FontDescriptor"),
        Style=keyed("Panose"),
        FontFile="font program",
        FontFile2="font program",
        FontFile3="font program",
        CIDSet="content",
    ),
    "font program": stream(
        "Length1 Length2 Length3", Subtype=names("Type1C CIDFontType0C OpenType")
    ),
}
COLOURS: Mapping[str, Named] = {
    "colour space": OneOf((
        PLAIN,
        Slots((names("ICCBased"), "icc profile")),
        Slots((names("CalGray CalRGB Lab"), keyed("WhitePoint BlackPoint Gamma Matrix Range"))),
        Slots((names("Indexed I"), "colour space", PLAIN, OneOf((PLAIN, "content")))),
        Slots((names("Separation"), PLAIN, "colour space", "function")),
        Slots((names("DeviceN"), PLAIN, "colour space", "function", "colorants"), optional=1),
        Slots((names("Pattern"), "colour space")),
    )),
    "icc profile": stream("N Range", Alternate="colour space"),
    "colorants": keyed(
        "Subtype",
        Colorants=MapOf("colour space"),
        Process=keyed("Components", ColorSpace="colour space"),
        MixingHints=keyed("Solidities PrintingOrder"),
    ),
    "graphics state": keyed(
        "LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK",
        Type=names("ExtGState"),
        Font=Slots(("font", PLAIN)),
        SMask=OneOf((PLAIN, "soft mask")),
        BG=_FUNCTIONS,
        BG2=_FUNCTIONS,
        UCR=_FUNCTIONS,
        UCR2=_FUNCTIONS,
        TR=_FUNCTIONS,
        TR2=_FUNCTIONS,
    ),
    "soft mask": keyed(
        "BC",
        "S",
        Type=names("Mask"),
        S=names("Alpha Luminosity"),
        G="form",
        TR=OneOf((PLAIN, "function")),
    ),
    "pattern": OneOf((
        stream(
            "PatternType PaintType TilingType BBox XStep YStep Matrix",
            "PatternType",
            Type=names("Pattern"),
            Resources="resources",
        ),
        keyed(
            "PatternType Matrix",
            "PatternType",
            Type=names("Pattern"),
            Shading="shading",
            ExtGState="graphics state",
        ),
    )),
    "shading": OneOf((
        stream(_SHADING_PLAIN, "ShadingType", **_SHADING),
        keyed(_SHADING_PLAIN, "ShadingType", **_SHADING),
    )),
    "function": OneOf((
        stream(_FUNCTION_PLAIN, "FunctionType"),
        keyed(_FUNCTION_PLAIN, "FunctionType", Functions=ListOf("function")),
    )),
}  # fmt: skip

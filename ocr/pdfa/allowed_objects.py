"""Defines the allow-list of PDF objects: the keys that a PDF we hand out may have, and no others.

A grammar by the tables of ISO 32000-1. What a page needs to look as it does is listed: content,
resources, fonts, images, colours, layers, and the metadata we write. Whatever acts, points outside
or carries files is not: actions, annotations, names, forms, scripts, embedded and external files.
"""

from __future__ import annotations

from collections.abc import Mapping

from ocr.pdfa.allowed_resources import COLOURS, FONTS
from ocr.pdfa.object_rules import (
    FILTERS,
    PARAMETERS,
    PLAIN,
    ListOf,
    MapOf,
    Named,
    OneOf,
    Rule,
    keyed,
    names,
    stream,
)

_IMAGE: dict[str, Rule] = {
    "Type": names("XObject"),
    "Subtype": names("Image"),
    "ColorSpace": "colour space",
    "Mask": OneOf((PLAIN, "mask")),
    "SMask": "mask",
    "OC": "layer",
}
_IMAGE_PLAIN = "Width Height BitsPerComponent Intent ImageMask Decode Interpolate SMaskInData Name"

RULES: Mapping[str, Named] = {
    # The file
    "trailer": keyed(
        "Size ID W Index Length",
        "Root",
        Type=names("XRef"),
        Filter=FILTERS,
        DecodeParms=PARAMETERS,
        Root="catalog",
        Info="information",
    ),
    "catalog": keyed(
        "Version Lang",
        "Pages",
        Type=names("Catalog"),
        Pages="page tree",
        Metadata="metadata",
        OutputIntents=ListOf("output intent"),
        OCProperties=keyed("", OCGs=ListOf("layer group"), D="layer state"),
    ),
    "information": keyed(
        "Title Author Subject Keywords Creator Producer CreationDate ModDate Trapped"
    ),
    "metadata": stream("", "Subtype", Type=names("Metadata"), Subtype=names("XML")),
    "output intent": keyed(
        "OutputCondition OutputConditionIdentifier RegistryName Info",
        "S",
        Type=names("OutputIntent"),
        S=names("GTS_PDFA1"),
        DestOutputProfile="icc profile",
    ),
    "object stream": stream("N First", "Type", Type=names("ObjStm")),
    "cross-reference stream": stream(
        "Size ID W Index", "Type", Type=names("XRef"), Root="catalog", Info="information"
    ),
    # Pages
    "page tree": keyed(
        "Count",
        "Kids",
        Type=names("Pages"),
        Parent="page tree",
        Kids=ListOf(OneOf(("page tree", "page"))),
    ),
    "page": keyed(
        "MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit",
        "Type",
        Type=names("Page"),
        Parent="page tree",
        Resources="resources",
        Contents=OneOf(("content", ListOf("content"))),
        Group="group",
    ),
    "content": stream(""),
    "resources": keyed(
        "ProcSet",
        ExtGState=MapOf("graphics state"),
        ColorSpace=MapOf("colour space"),
        Pattern=MapOf("pattern"),
        Shading=MapOf("shading"),
        XObject=MapOf("drawn object"),
        Font=MapOf("font"),
        Properties=MapOf(OneOf(("layer", "tag"))),
    ),
    "tag": keyed("MCID ActualText Alt Lang E Type Subtype BBox Attached"),
    # Images and forms
    "drawn object": OneOf(("image", "form")),
    "image": stream(_IMAGE_PLAIN, "Subtype", **_IMAGE),
    "mask": stream(f"{_IMAGE_PLAIN} Matte", **_IMAGE),
    "form": stream(
        "FormType BBox Matrix Name",
        "Subtype",
        Type=names("XObject"),
        Subtype=names("Form"),
        Resources="resources",
        Group="group",
        OC="layer",
    ),
    "group": keyed(
        "I K",
        "S",
        Type=names("Group"),
        S=names("Transparency"),
        CS="colour space",
    ),
    "decode parameters": keyed(
        "Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows"
        " EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform",
        JBIG2Globals="content",
    ),
    # Layers (optional content)
    "layer": OneOf(("layer group", "layer membership")),
    "layer group": keyed("Name Intent", "Type", Type=names("OCG")),
    "layer membership": keyed(
        "",
        "Type",
        Type=names("OCMD"),
        OCGs=OneOf(("layer group", ListOf("layer group"))),
        P=names("AllOn AnyOn AnyOff AllOff"),
        VE="layer expression",
    ),
    "layer expression": ListOf(OneOf((PLAIN, "layer group", "layer expression"))),
    "layer state": keyed(
        "Name Creator BaseState ListMode Intent",
        ON=ListOf("layer group"),
        OFF=ListOf("layer group"),
        Locked=ListOf("layer group"),
        Order="layer order",
    ),
    "layer order": ListOf(OneOf((PLAIN, "layer group", "layer order"))),
    **FONTS,
    **COLOURS,
}

"""Normalises document symbols (QĐ-UBND) by the abbreviations of NĐ 30/2020 Annex III and agencies.

Codes are data of the decree, not of this product; an agency that is not listed is normal and
only lowers confidence.
"""

from __future__ import annotations

from pipeline.documents.confusions import remove_spaces
from pipeline.vietnamese import fold

# NĐ 30/2020 Art. 7 and Annex III; normative kinds from the law on legal documents.
TYPE_OF_ABBREVIATION = {
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận",
    "GUQ": "Giấy ủy quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "SL": "Sắc lệnh",
    "CV": "Công văn",
    "GPXD": "Giấy phép xây dựng",
    "GKS": "Giấy khai sinh",
}
COPIES = frozenset({"SY", "SL", "TrS", "BS"})
# Agencies whose abbreviation is the same everywhere, and offices inside them.
AGENCIES = frozenset(
    "UBND HĐND TTPVHCC CP TTg CTN QH UBTVQH VPCP VPQH VPUBND VP "
    "BNV BTP BCA BTC BCT BXD BYT BGDĐT BKHCN BTTTT BTNMT BNNMT BNNPTNT BKHĐT BLĐTBXH BVHTTDL "
    "BGTVT BQP BNG BDTTG TTCP NHNN TANDTC VKSNDTC KTNN "
    "SNV STP STC SCT SXD SYT SGDĐT SKHCN STTTT SNNMT STNMT SVHTT STTT SKHĐT SLĐTBXH SGTVT SDL "
    "VX NC TH KTTH KGVX KT ĐT CNTT CNXD NNMT NV TP TCKH TNMT QLĐT VHXH KSTTHC "
    "TU HU ĐU BTCTU VPTU BTGTU".split()
)
KNOWN_ABBREVIATIONS = AGENCIES | COPIES | frozenset(TYPE_OF_ABBREVIATION)
_SPELLINGS = {fold(name): name for name in sorted(KNOWN_ABBREVIATIONS)}
_AMBIGUOUS = {"hd"}  # Hướng dẫn and Hợp đồng fold alike


def normalise_symbol(raw: str) -> str:
    """Return a symbol without spaces and without the doubled Đ that Tesseract reads for Ð."""
    parts = remove_spaces(raw).strip("-.&/").split("-")
    return "-".join(_undouble(part) for part in parts if part)


def with_dash(symbol: str, abbreviation: str) -> str:
    """Return ``TTrUBND`` as ``TTr-UBND``; the title gives the abbreviation it begins with."""
    agency = symbol.removeprefix(abbreviation)
    return f"{abbreviation}-{agency}" if agency != symbol and agency in AGENCIES else symbol


def as_printed(symbol: str) -> str:
    """Return a typed symbol in its printed form: ``qd-ttpvhcc`` becomes ``QĐ-TTPVHCC``."""
    return "-".join(_part_as_printed(part) for part in symbol.split("-"))


def abbreviated_type(symbol: str) -> str | None:
    """Return the document type that a symbol begins with, or None (công văn, unknown)."""
    head = symbol.replace("/", "-").split("-")[0]
    return TYPE_OF_ABBREVIATION.get(head)


def _undouble(part: str) -> str:
    single = part.replace("ĐĐ", "Đ")
    return single if single in TYPE_OF_ABBREVIATION else part


def _part_as_printed(part: str) -> str:
    if part in TYPE_OF_ABBREVIATION or part in AGENCIES:
        return part
    folded = fold(part)
    if folded in _SPELLINGS and folded not in _AMBIGUOUS:
        return _SPELLINGS[folded]
    return part.upper()

"""Names what a file needs and our decoders lack, so that no such file is called damaged."""

from __future__ import annotations

from ocr.files.formats.tiff import Samples
from pipeline.errors import UnsupportedFormatError

_TIFF_CODECS = {  # TIFF 6.0 and its registry of compressions
    6: "JPEG kiểu cũ (JPEG trong TIFF 6.0)",
    9: "JBIG (TIFF-FX)",
    10: "JBIG (TIFF-FX)",
    22610: "JPEG XR",
    32766: "NeXT",
    32771: "CCITT 16 bit",
    32809: "ThunderScan",
    32908: "Pixar",
    32909: "Pixar",
    33003: "JPEG 2000",
    33004: "JPEG 2000",
    33005: "JPEG 2000",
    34661: "JBIG",
    34676: "SGI LogLuv",
    34677: "SGI LogLuv",
    34712: "JPEG 2000",
    34713: "ảnh thô Nikon",
    34715: "JBIG2",
    34887: "LERC",
    34892: "JPEG của ảnh thô DNG",
    34934: "JPEG XR",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
_COLOURS = {
    0: "thang xám",
    1: "thang xám",
    2: "RGB",
    3: "bảng màu",
    4: "mặt nạ",
    5: "CMYK",
    6: "YCbCr",
    8: "CIELab",
    9: "ICCLab",
    10: "ITULab",
    32803: "ảnh thô máy ảnh (CFA)",
    32844: "LogLuv",
    32845: "LogLuv",
    34892: "ảnh thô máy ảnh (DNG)",
}
_SAVE_AGAIN = (
    "Mở bằng phần mềm của máy quét hoặc phần mềm xem ảnh, xuất lại dạng TIFF nén LZW, JPEG hoặc "
    "PDF rồi nộp lại."
)
_FLOATING = 3  # SampleFormat


def tiff_compression(samples: Samples) -> UnsupportedFormatError:
    """Return the refusal of a TIFF whose compression has no decoder here."""
    name = _TIFF_CODECS.get(samples.compression, f"số {samples.compression}")
    return _refusal(f"Tệp TIFF nén kiểu {name}")


def tiff_samples(samples: Samples) -> UnsupportedFormatError:
    """Return the refusal of a TIFF whose samples are laid out in a way that no decoder here has."""
    colours = _COLOURS.get(samples.photometric, f"số {samples.photometric}")
    kinds = "+".join(str(each) for each in sorted(set(samples.bits)))
    bits = f"{len(samples.bits)} × {kinds}" if len(samples.bits) > 1 else kinds
    more = " số thực" if samples.kind == _FLOATING else ""
    more += ", có kênh trong suốt" if samples.has_alpha else ""
    more += ", tách mặt phẳng màu" if samples.planar else ""
    return _refusal(f"Tệp TIFF có kiểu điểm ảnh {colours} {bits} bit{more}")


def jpeg_kind(name: str) -> UnsupportedFormatError:
    """Return the refusal of a JPEG of a kind that has no decoder here."""
    return _refusal(f"Tệp JPEG kiểu {name}")


def _refusal(what: str) -> UnsupportedFormatError:
    return UnsupportedFormatError(
        f"{what}, phần mềm này chưa đọc được kiểu này; tệp không hỏng.", _SAVE_AGAIN
    )

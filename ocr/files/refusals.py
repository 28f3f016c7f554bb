"""Says of each kind of file that is not taken what it is, and what its sender can do."""

from __future__ import annotations

from typing import NamedTuple

from ocr.files import kinds
from pipeline.errors import (
    EncryptedScanError,
    NoPaperError,
    RefusedScanError,
    UnreadableScanError,
    UnsupportedFormatError,
)


class _Sentence(NamedTuple):
    what: str  # Vietnamese, one sentence
    remedy: str
    error: type[RefusedScanError] = UnsupportedFormatError


_PRINT = "Mở tệp rồi in ra PDF (Print – Microsoft Print to PDF), sau đó thả tệp PDF."
_SAVE_PICTURE = "Mở ảnh rồi lưu lại dạng JPEG hoặc PNG, sau đó thả lại."
_NO_PAPER = "Nếu trong đó có giấy tờ, hãy quét hoặc in giấy tờ ra PDF rồi thả tệp PDF."
_UNPACK = "Giải nén ra rồi thả cả thư mục, hoặc nén lại dạng ZIP."


def _office(program: str, product: str) -> _Sentence:
    how = f"Mở bằng {product}, chọn Lưu thành (Save As) – PDF, rồi thả tệp PDF."
    return _Sentence(f"Đây là tệp {program}, máy này chưa đọc được.", how)


def _picture(name: str) -> _Sentence:
    return _Sentence(f"Đây là ảnh {name}, không nhận được.", _SAVE_PICTURE)


_SENTENCES: dict[str, _Sentence] = {
    **dict.fromkeys((kinds.DOC, kinds.DOCX, kinds.RTF), _office("Word", "Word")),
    **dict.fromkeys((kinds.XLS, kinds.XLSX), _office("Excel", "Excel")),
    **dict.fromkeys((kinds.PPT, kinds.PPTX), _office("PowerPoint", "PowerPoint")),
    kinds.ODT: _office("văn bản OpenDocument (ODT)", "LibreOffice"),
    kinds.ODS: _office("bảng tính OpenDocument (ODS)", "LibreOffice"),
    kinds.ODP: _office("trình chiếu OpenDocument (ODP)", "LibreOffice"),
    kinds.LOCKED_OFFICE: _Sentence(
        "Tệp Word, Excel hoặc PowerPoint này bị khóa bằng mật khẩu.",
        "Mở bằng mật khẩu, chọn Lưu thành (Save As) – PDF, rồi thả tệp PDF.",
        EncryptedScanError,
    ),
    kinds.MAIL: _Sentence(
        "Đây là thư điện tử, máy này chưa đọc được.",
        "Mở thư, in ra PDF, lưu các tệp đính kèm vào cùng một thư mục rồi thả thư mục đó.",
    ),
    kinds.MSG: _Sentence(
        "Đây là thư Outlook (.msg), không nhận được.",
        "Mở bằng Outlook, in thư ra PDF, lưu các tệp đính kèm vào cùng thư mục rồi thả thư mục đó.",
    ),
    kinds.TEXT: _Sentence("Đây là tệp văn bản thuần (như .txt), không phải bản quét.", _PRINT),
    kinds.ZEROS: _Sentence(
        "Trong tệp chỉ có số 0: tệp chưa chép xong hoặc ổ đĩa bị lỗi.",
        "Chép lại hoặc quét lại rồi thả lại.",
        UnreadableScanError,
    ),
    "web page": _Sentence("Đây là trang web lưu về máy, không phải bản quét.", _PRINT),
    "xps": _Sentence("Đây là bản in XPS, không nhận được.", _PRINT),
    "book": _Sentence("Đây là sách điện tử (EPUB), không nhận được.", _PRINT),
    "postscript": _Sentence("Đây là tệp in PostScript, không nhận được.", _PRINT),
    "drawing": _Sentence(
        "Đây là bản vẽ (AutoCAD hoặc tương tự), không nhận được.",
        "Mở bản vẽ, xuất (Plot hoặc Export) ra PDF rồi thả tệp PDF.",
    ),
    "image/gif": _picture("GIF"),
    "image/bmp": _picture("BMP"),
    "image/avif": _picture("AVIF"),
    "image/jp2": _picture("JPEG 2000"),
    "image/jxl": _picture("JPEG XL"),
    "image/jxr": _picture("JPEG XR"),
    "image/psd": _picture("Photoshop (PSD)"),
    "image/svg": _picture("SVG"),
    "image/wmf": _picture("Windows Metafile (WMF)"),
    "image/djvu": _Sentence("Đây là tệp DjVu, không nhận được.", _PRINT),
    "raw photo": _picture("thô của máy ảnh (RAW)"),
    "archive": _Sentence("Đây là tệp nén không phải ZIP (như RAR, 7z, tar).", _UNPACK),
    "video": _Sentence("Đây là phim (video), không phải giấy tờ.", _NO_PAPER, NoPaperError),
    "audio": _Sentence("Đây là tệp âm thanh, không phải giấy tờ.", _NO_PAPER, NoPaperError),
    "program": _Sentence(
        "Đây là chương trình máy tính, không phải giấy tờ; không được mở.",
        "Không mở tệp này. Nếu người khác gửi tới, báo người phụ trách máy tính.",
        NoPaperError,
    ),
    "shortcut": _Sentence(
        "Đây là lối tắt (shortcut), chỉ trỏ tới tệp ở nơi khác chứ không có nội dung.",
        "Tìm đúng tệp giấy tờ mà lối tắt trỏ tới rồi thả tệp đó.",
        NoPaperError,
    ),
    "thumbnails": _Sentence(
        "Đây là tệp hình thu nhỏ do Windows tự tạo (Thumbs.db), không phải giấy tờ.",
        "Không cần làm gì; có thể xóa tệp này.",
        NoPaperError,
    ),
    "signature": _Sentence(
        "Đây là chữ ký số hoặc chứng thư để riêng, không phải giấy tờ.",
        "Giữ tệp này cùng bản gốc đã ký; chỉ thả giấy tờ đã ký (PDF).",
        NoPaperError,
    ),
    "data": _Sentence("Đây là tệp dữ liệu, không phải giấy tờ.", _NO_PAPER, NoPaperError),
}
_UNKNOWN = _Sentence(
    "Không nhận ra loại tệp: không phải PDF, ảnh (TIFF, JPEG, PNG, HEIC, WebP) hay ZIP.",
    "Mở bằng chương trình đã tạo ra nó, in ra PDF rồi thả tệp PDF.",
    NoPaperError,
)


def refusal_of(kind: str) -> RefusedScanError:
    """Return the refusal of a file of a kind, as ``kinds.kind_of`` names it."""
    sentence = _SENTENCES.get(kind, _UNKNOWN)
    return sentence.error(sentence.what, sentence.remedy)

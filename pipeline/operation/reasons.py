"""Names the fixed reasons for which files are refused and pages not read, and nothing else of them.

A reason in a receipt may hold names of files, which clerks give after people. So a reason is
counted under the fixed sentence that it holds; one that holds none of them has no name at all.
"""

from __future__ import annotations

OTHER, NONE = "lý do khác", "không rõ lý do"

# As `ocr/`, `pipeline/intake/` and `pipeline/stages.py` write them, without what varies in them.
_FIXED = (
    "Cấu trúc tệp không cho phép ghi thêm lớp chữ",
    "Chuyển tài liệu sang PDF quá",
    "Dữ liệu hình ảnh bị hỏng đến mức chương trình mở ảnh phải dừng",
    "Không có quyền đọc tệp",
    "Không lấy được tệp này ra",
    "Không mở được hình ảnh của trang, dữ liệu bị hỏng",
    "Không nhận ra loại tệp",
    "Không nhận được chữ in nào",
    "Không đọc được tệp",
    "Không đọc được: chữ viết tay, quá mờ hoặc không phải chữ",
    "Kích thước hoặc nội dung hình của trang không xử lý được",
    "LibreOffice không mở được tài liệu này",
    "Liên kết (link) trong tệp ZIP",
    "Máy chưa cài LibreOffice",
    "Mở tệp PDF quá",
    "Mở tệp hoặc trang quá",
    "Mở tệp này cần quá nhiều bộ nhớ",
    "Mọi trang của tệp đã bị bỏ ra",
    "Tesseract không đọc được trang này",
    "Thư điện tử bị hỏng hoặc lồng nhau quá nhiều lớp",
    "Trang mới được nhập vào hồ sơ, đang chờ đọc",
    "Trang ảnh vượt giới hạn",
    "Trong tệp ZIP không có tệp nào",
    "Trong tệp chỉ có số 0",
    "Trong tệp có hơn",
    "Trong tệp không có giấy tờ nào nhận được",
    "Tệp PDF bị hỏng hoặc bị cắt cụt",
    "Tệp PDF bị khóa bằng chứng thư số hoặc hệ thống quản lý quyền",
    "Tệp PDF bị khóa bằng mật khẩu",
    "Tệp PDF bị khóa, không mật khẩu nào đã khai mở được",
    "Tệp PDF có quá nhiều đối tượng trên một trang",
    "Tệp Word, Excel hoặc PowerPoint này bị khóa bằng mật khẩu",
    "Tệp ZIP bị hỏng hoặc bị cắt cụt",
    "Tệp ZIP này bung ra lớn bất thường",
    "Tệp bị hỏng hoặc bị cắt cụt",
    "Tệp con bị khóa bằng mật khẩu của ZIP",
    "Tệp con nén kiểu",
    "Tệp con trong ZIP bị hỏng",
    "Tệp edXML hỏng hoặc không đúng quy chuẩn",
    "Tệp edXML không kèm văn bản nào",
    "Tệp edXML quá lớn",
    "Tệp không có trang nào",
    "Tệp nén lồng trong tệp nén quá nhiều lớp",
    "Tệp này tốn quá nhiều thời gian đọc",
    "Tệp rỗng, không có dữ liệu",
    "Tệp đính kèm trong PDF bị hỏng",
    "Tệp đính kèm trong PDF bị khóa bằng mật khẩu",
    "Tệp ẩn, tệp ghi dở hoặc liên kết",
    "Tệp ẩn hoặc tệp ghi dở",
    "Vẽ trang PDF quá",
    "bung ra hơn",
    "có mật khẩu",
    "phần mềm này chưa đọc được kiểu này",
    "tài liệu mật không được số hóa tại đây",
    "vượt giới hạn",
    "Đây là biểu mẫu điện tử XFA",
    "Đây là bản in XPS",
    "Đây là bản vẽ",
    "Đây là chương trình máy tính",
    "Đây là chữ ký số hoặc chứng thư để riêng",
    "Đây là lối tắt",
    "Đây là phim",
    "Đây là sách điện tử",
    "Đây là thư Outlook",
    "Đây là thư điện tử",
    "Đây là trang web lưu về máy",
    "Đây là tệp DjVu",
    "Đây là tệp Excel",
    "Đây là tệp PowerPoint",
    "Đây là tệp Word",
    "Đây là tệp bảng tính OpenDocument",
    "Đây là tệp dữ liệu",
    "Đây là tệp hình thu nhỏ do Windows tự tạo",
    "Đây là tệp in PostScript",
    "Đây là tệp nén không phải ZIP",
    "Đây là tệp trình chiếu OpenDocument",
    "Đây là tệp văn bản OpenDocument",
    "Đây là tệp văn bản thuần",
    "Đây là tệp âm thanh",
    "Đây là ảnh",
    "Đọc trang quá",
)


def general_reason(reason: str) -> str:
    """Return the fixed sentence that a reason holds: no name of a person, file or folder.

    Args:
        reason: Vietnamese, as it stands in a receipt or record.
    """
    if not reason.strip():
        return NONE
    places = ((reason.find(one), one) for one in _FIXED)
    found = [(at, -len(one), one) for at, one in places if at >= 0]
    if not found:
        return OTHER
    name = min(found)[2]
    return name[0].upper() + name[1:]

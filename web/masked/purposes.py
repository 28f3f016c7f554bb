"""Names the purposes that unmasked data is looked at for, as people read them."""

from __future__ import annotations

from pipeline.model import Purpose

PURPOSES = {
    Purpose.CASE: "Giải quyết thủ tục của người có hồ sơ",
    Purpose.COPY: "Cấp bản sao, trích lục",
    Purpose.VERIFICATION: "Xác minh, đối chiếu thông tin",
    Purpose.COMPLAINT: "Giải quyết khiếu nại, tố cáo",
    Purpose.AUTHORITY: "Cung cấp theo yêu cầu của cơ quan có thẩm quyền",
    Purpose.INSPECTION: "Thanh tra, kiểm tra, kiểm toán",
    Purpose.DATA_SUBJECT: "Trả lời yêu cầu của người có dữ liệu",
    Purpose.DATA_QUALITY: "Kiểm tra, sửa dữ liệu đã số hóa",
}


def purpose_name(name: str) -> str:
    """Return the name of a purpose of the audit log; an unknown one stays as it is."""
    return {str(known): text for known, text in PURPOSES.items()}.get(name, name)

"""Lists the printed labels of people, organisations and receipts (docs/domain.md §3.5).

One line of the table: what stands behind the label, then the labels, between ``|``. A name's line
says whose name it is. Labels are as printed; they are compared folded.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from pipeline.documents.fuzzy import folded_text


class PartyRole(StrEnum):
    """Whose name stands behind a label."""

    APPLICANT = "applicant"  # người nộp, người yêu cầu
    OWN = "own"  # the person whom a paper is about, or whoever fills it in
    SUBJECT = "subject"  # người được khai
    WIFE = "wife"
    HUSBAND = "husband"
    PARTY = "party"  # ông, bà: a side of a contract, the holder of a title
    OTHER = "other"  # mother, father, head of the household …
    ORGANISATION = "organisation"


class PrintedLabel(NamedTuple):
    """What stands behind a printed label."""

    field: str  # name, born_on, … ; "" for what is not kept, and only ends the value before it
    role: PartyRole | None = None  # of a name
    wraps: bool = False  # its value may go on below
    stands_bare: bool = False  # it is known without its colon

    @property
    def goes_on(self) -> bool:
        """Whether its value may stand in the row below it."""
        return bool(self.field)


_NAMES = {
    PartyRole.APPLICANT: """
Họ, chữ đệm, tên người yêu cầu|Họ và tên người yêu cầu|Họ tên người yêu cầu|Người yêu cầu
Họ và tên người nộp hồ sơ|Họ tên người nộp hồ sơ|Họ và tên người nộp|Người nộp hồ sơ|Người nộp
Tiếp nhận hồ sơ của|Tiếp nhận hồ sơ của ông/bà|Tiếp nhận hồ sơ của ông (bà)|Đã nhận hồ sơ của
Tiếp nhận hồ sơ của ông/bà/tổ chức|Họ và tên người đề nghị|Người đề nghị|Họ và tên chủ hồ sơ
Chủ hồ sơ|Tên chủ hồ sơ|Tôi tên là|Tên tôi là|Tôi là|Họ và tên người khai|Người kê khai
Họ, chữ đệm, tên người đi khai sinh|Họ và tên người đi khai sinh|Người đi khai sinh
Họ, chữ đệm, tên người đi khai tử|Họ, chữ đệm, tên người đi đăng ký|Người nộp đơn
Tôi là (ghi họ tên bằng chữ in hoa)|Tôi tên là (ghi bằng chữ in hoa)
Tên chủ đầu tư|Chủ đầu tư|Tên chủ đầu tư (tên chủ hộ)|Tên đại diện chủ đầu tư
Tên cá nhân/tổ chức|Tên tổ chức/cá nhân|Họ và tên cá nhân/tổ chức|Cá nhân/tổ chức nộp hồ sơ
""",
    PartyRole.OWN: """
Họ, chữ đệm, tên|Họ và tên|Họ tên|Họ, chữ đệm và tên|Họ, chữ đệm và tên khai sinh
Họ, chữ đệm, tên khai sinh|Họ và tên/Full name|Họ, chữ đệm và tên khai sinh/Full name|Full name
Họ và tên khai sinh|Họ, tên
""",
    PartyRole.SUBJECT: """
Họ, chữ đệm, tên người được khai sinh|Họ và tên người được khai sinh|Người được khai sinh
Họ, chữ đệm, tên người chết|Họ và tên người chết|Họ, chữ đệm, tên người được cấp
Họ và tên người được cấp|Họ, chữ đệm, tên con|Họ, chữ đệm, tên người được nhận
Họ, chữ đệm, tên người được đăng ký lại khai sinh
""",
    PartyRole.WIFE: "Họ, chữ đệm, tên vợ|Họ và tên vợ|Họ tên vợ|Họ, chữ đệm, tên bên nữ|Bên nữ",
    PartyRole.HUSBAND: "Họ, chữ đệm, tên chồng|Họ và tên chồng|Họ tên chồng|Bên nam|"
    "Họ, chữ đệm, tên bên nam",
    PartyRole.PARTY: """
Ông|Bà|Ông/bà|Ông (bà)|Cấp cho|Cấp cho ông|Cấp cho bà|Cấp cho ông/bà
Họ và tên người sử dụng đất|Người sử dụng đất|Họ và tên chủ sử dụng đất
Tên người sử dụng đất|Người sử dụng đất, chủ sở hữu tài sản
""",
    PartyRole.OTHER: """
Họ, chữ đệm, tên người mẹ|Họ, chữ đệm, tên mẹ|Họ và tên người mẹ|Họ và tên mẹ|Họ tên mẹ
Họ, chữ đệm, tên người cha|Họ, chữ đệm, tên cha|Họ và tên người cha|Họ và tên cha|Họ tên cha
Họ và tên chủ hộ|Họ, chữ đệm và tên chủ hộ|Chủ hộ|Họ và tên chủ hộ kinh doanh
Chủ hộ kinh doanh|Họ tên chủ hộ kinh doanh|Tên chủ hộ kinh doanh|Người đại diện theo pháp luật
Người đại diện|Họ và tên người đại diện|Tên người đại diện|Người được ủy quyền
Họ và tên người được ủy quyền|Họ và tên vợ/chồng|Họ và tên người thân
Số định danh cá nhân của chủ hộ|Số định danh chủ hộ|Người tiếp nhận hồ sơ
""",
    PartyRole.ORGANISATION: """
Tên tổ chức|Tên doanh nghiệp|Tên công ty|Tên công ty viết bằng tiếng Việt|Tên hộ kinh doanh
Tên hộ kinh doanh viết bằng tiếng Việt|Tên cơ sở|Tên đơn vị|Đơn vị nộp hồ sơ|Tổ chức nộp hồ sơ
Tên hộ kinh doanh (ghi bằng chữ in hoa)|Tên doanh nghiệp viết bằng tiếng Việt
""",
}

_VALUES = {
    "born_on": """
Ngày, tháng, năm sinh|Ngày sinh|Sinh ngày|Ngày sinh/Date of birth|Date of birth|Năm sinh|Sinh năm
Ngày, tháng, năm sinh/Date of birth|Ngày tháng năm sinh
""",
    "spelled": "Ghi bằng chữ|Bằng chữ|Viết bằng chữ",
    "personal_id": """
Số định danh cá nhân|Số định danh|Số CCCD|CCCD|Số căn cước công dân|Số căn cước|Căn cước số
Căn cước công dân số|CCCD/MST|CCCD/CMND|CMND/CCCD|Số CMND/CCCD|Số CCCD/CMND|CCCD số|CCD số
C CCD số|Số/No.
Số định danh cá nhân/CMND|Số định danh cá nhân/Personal identification number|Số/No
Số CCCD/Căn cước|Số căn cước/CCCD|Số định danh cá nhân/CCCD|Số giấy tờ tùy thân|Mã định danh
Giấy tờ tùy thân|Giấy tờ pháp lý của cá nhân|Số giấy tờ pháp lý của cá nhân|Thẻ căn cước số
Số định danh cá nhân/MST|Số định danh cá nhân/Mã số thuế
""",
    "address": """
Địa chỉ|Nơi cư trú|Nơi thường trú|Địa chỉ thường trú|Nơi ở hiện tại|Nơi ở hiện nay|Chỗ ở hiện nay
Địa chỉ liên hệ|Địa chỉ liên lạc|Hộ khẩu thường trú|Nơi đăng ký thường trú|Thường trú tại
Nơi thường trú/Place of residence|Nơi cư trú/Place of residence|Place of residence
Địa chỉ trụ sở|Địa chỉ trụ sở chính|Địa chỉ trụ sở hộ kinh doanh|Trụ sở hộ kinh doanh
Địa điểm kinh doanh|Nơi ở|Địa chỉ nơi cư trú
""",
    "phone": """
Số điện thoại|Điện thoại|Số điện thoại liên hệ|Điện thoại liên hệ|SĐT|Số ĐT|Điện thoại di động|ĐT
Số điện thoại liên lạc|Số điện thoại di động
""",
    "tax_code": """
Mã số thuế|MST|Mã số doanh nghiệp|Mã số hộ kinh doanh|Mã số thuế cá nhân|Mã số thuế (nếu có)
Mã số đăng ký hộ kinh doanh|Mã số thuế hộ kinh doanh
""",
    "received_on": """
Thời gian nhận hồ sơ|Ngày nhận hồ sơ|Thời điểm nhận hồ sơ|Ngày tiếp nhận|Thời gian tiếp nhận
Ngày tiếp nhận hồ sơ|Thời gian tiếp nhận hồ sơ|Nhận hồ sơ lúc|Thời điểm tiếp nhận hồ sơ
""",
    "due_on": """
Thời gian trả kết quả giải quyết hồ sơ|Thời gian trả kết quả|Ngày hẹn trả|Ngày hẹn trả kết quả
Ngày trả kết quả|Thời gian hẹn trả kết quả|Hẹn trả kết quả|Thời gian hẹn trả|Ngày giờ hẹn trả
Thời điểm hẹn trả kết quả|Hẹn trả kết quả vào lúc
""",
    "procedure_name": """
Nội dung yêu cầu giải quyết|Tên thủ tục|Tên thủ tục hành chính|Thủ tục hành chính|Thủ tục
Về việc giải quyết thủ tục hành chính|Tên TTHC|Yêu cầu giải quyết|Nội dung giải quyết
Tên dịch vụ công|Nội dung yêu cầu
""",
    "issued_on": """
Ngày, tháng, năm/Date, month, year|Ngày, tháng, năm cấp|Ngày, tháng, năm cấp/Date of issue
Ngày cấp
""",
    "land": "Thửa đất số|Thửa đất|Vị trí xây dựng|Địa chỉ thửa đất|Tờ bản đồ số|Địa điểm xây dựng",
    "unit": """
Bộ phận tiếp nhận và trả kết quả|Đơn vị tiếp nhận|Nơi tiếp nhận|Cơ quan tiếp nhận
Điểm tiếp nhận|Đơn vị tiếp nhận hồ sơ|Cơ quan giải quyết|Đơn vị giải quyết
""",
    "components": """
Thành phần hồ sơ nộp gồm|Thành phần hồ sơ|Thành phần hồ sơ gồm|Giấy tờ nộp gồm|Hồ sơ gồm
Thành phần hồ sơ nộp|Thành phần hồ sơ yêu cầu gồm|Thành phần hồ sơ, số lượng
""",
}

# Labels that end the value before them.
_STOPS = """
Giới tính|Giới tính/Sex|Sex|Dân tộc|Quốc tịch|Quốc tịch/Nationality|Nationality|Email|Fax|Website
Nơi sinh|Quê quán|Quê quán/Place of origin|Nơi cấp|Cấp ngày|Do|Số lượng|Lĩnh vực|Tôn giáo
Kính gửi|Mã hồ sơ|Mã số hồ sơ|Mã thủ tục|Nơi đăng ký|Nơi đăng ký khai sinh|Nghề nghiệp
Ngày, tháng, năm đăng ký|Tình trạng hôn nhân|Số tài khoản|Tài khoản|Quan hệ với chủ hộ|Đặc điểm
Mối quan hệ với chủ hộ|Có giá trị đến|Có giá trị đến/Date of expiry|Ngày, tháng, năm hết hạn
Nơi đăng ký khai sinh/Place of birth|Ngày, tháng, năm hết hạn/Date of expiry|Ngành, nghề
Vốn điều lệ|Vốn kinh doanh|Số lượng hồ sơ
Nội dung đề nghị|Diện tích|Thời gian giải quyết hồ sơ theo quy định
Quan hệ với người được khai sinh|Quan hệ với người được đề nghị|Đăng ký nhận kết quả tại
Thư điện tử|Địa chỉ email|Địa chỉ thư điện tử|Nơi đăng ký kết hôn
"""


def _entries(lines: str) -> list[str]:
    """Return labels as they are compared; of a long one also its form without what it adds."""
    parts = " | ".join(lines.strip().splitlines()).split("|")
    return [folded for part in parts if (folded := folded_text(part))]


def _table() -> dict[str, PrintedLabel]:
    table = {stop: PrintedLabel("") for stop in _entries(_STOPS)}
    for field, lines in _VALUES.items():
        for entry in _entries(lines):
            wraps = field in {"address", "procedure_name", "unit"}
            bare = field in {"born_on", "personal_id", "phone"} and len(entry.split()) > 2
            table[entry] = PrintedLabel(field, None, wraps, bare)
    for role, lines in _NAMES.items():
        for entry in _entries(lines):
            bare = len(entry.split()) > 2 or entry in {"ong", "ba", "ho va ten"}
            table[entry] = PrintedLabel("name", role, stands_bare=bare)
    return table


LABELS = _table()

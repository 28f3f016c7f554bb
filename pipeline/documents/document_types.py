"""Lists the document types and the printed titles by which each is known.

Sources: NĐ 30/2020 Art. 7 and Annex III (29 types), TT 03/2025/TT-VPCP Appendix I and the older
names of TT 01/2018 (forms of the procedure), docs/domain.md §3.5 (citizen papers).
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.documents.fuzzy import folded_text
from pipeline.documents.symbols import TYPE_OF_ABBREVIATION

LETTER = "Công văn"  # has no printed title: known by V/v, Kính gửi and its symbol


class DocumentType(NamedTuple):
    """A type of paper: its label and the titles that papers of it begin with."""

    label: str  # as printed, in normal case
    titles: tuple[str, ...]  # folded texts that begin such a paper
    printed: tuple[str, ...]  # the same with their marks, in normal case
    administrative: bool = False  # of NĐ 30: head with number and summary after the title


_ADMINISTRATIVE = (
    *(label for key, label in TYPE_OF_ABBREVIATION.items() if key not in {"CV", "GPXD", "GKS"}),
    "Luật",
    "Pháp lệnh",
    "Lệnh",
    "Thư công",
    "Nội quy",
    "Điều lệ",
)

# Forms that accompany a dossier, then papers of citizens and bodies. One line: the label, then
# other titles of the same paper after "|".
_CITIZEN = """
Giấy tiếp nhận hồ sơ và hẹn trả kết quả|Biên nhận hồ sơ|Phiếu tiếp nhận hồ sơ và hẹn trả kết quả
Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ|Phiếu hướng dẫn hoàn thiện hồ sơ
Phiếu từ chối tiếp nhận giải quyết hồ sơ|Phiếu từ chối giải quyết hồ sơ
Văn bản xin lỗi và đề nghị gia hạn thời gian trả kết quả|Phiếu xin lỗi và hẹn lại ngày trả kết quả
Thông báo dừng giải quyết hồ sơ|Thông báo dừng giải quyết
Phiếu kiểm soát quá trình giải quyết hồ sơ
Sổ theo dõi hồ sơ
Thẻ căn cước công dân|Căn cước công dân
Thẻ căn cước|Căn cước
Giấy chứng minh nhân dân|Chứng minh nhân dân
Giấy khai sinh|Trích lục khai sinh
Giấy chứng sinh
Tờ khai đăng ký khai sinh
Tờ khai đăng ký lại khai sinh
Tờ khai đăng ký kết hôn
Tờ khai đăng ký khai tử
Tờ khai đăng ký nhận cha, mẹ, con
Tờ khai cấp Giấy xác nhận tình trạng hôn nhân
Tờ khai cấp bản sao trích lục hộ tịch|Tờ khai cấp bản sao trích lục
Tờ khai thay đổi, cải chính, bổ sung thông tin hộ tịch|Tờ khai đăng ký việc thay đổi cải chính
Tờ khai thay đổi thông tin cư trú
Tờ khai lệ phí trước bạ
Tờ khai thuế sử dụng đất phi nông nghiệp
Tờ khai thuế thu nhập cá nhân
Tờ khai
Giấy chứng nhận kết hôn
Giấy xác nhận tình trạng hôn nhân
Giấy xác nhận thông tin về cư trú|Xác nhận thông tin về cư trú
Giấy báo tử
Trích lục khai tử
Trích lục kết hôn|Trích lục đăng ký kết hôn
Trích lục bản đồ địa chính
Trích lục hộ tịch|Trích lục
Sổ hộ khẩu
Giấy chứng nhận quyền sử dụng đất|Giấy chứng nhận quyền sở hữu nhà ở và quyền sử dụng đất ở|\
Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất|\
Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất
Giấy chứng nhận đăng ký doanh nghiệp|Giấy chứng nhận đăng ký kinh doanh
Giấy chứng nhận đăng ký hộ kinh doanh|Giấy chứng nhận đăng ký kinh doanh hộ kinh doanh
Giấy chứng nhận đăng ký thuế
Giấy chứng nhận đủ điều kiện an toàn thực phẩm|\
Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm
Giấy đề nghị đăng ký hộ kinh doanh|Giấy đề nghị đăng ký thành lập hộ kinh doanh
Giấy đề nghị đăng ký doanh nghiệp
Giấy đề nghị
Giấy phép xây dựng|Giấy phép xây dựng nhà ở riêng lẻ
Giấy phép lái xe
Giấy phép
Đơn đề nghị cấp giấy phép xây dựng
Đơn đăng ký biến động đất đai, tài sản gắn liền với đất|Đơn đăng ký biến động
Đơn đăng ký đất đai, tài sản gắn liền với đất|Đơn đăng ký, cấp giấy chứng nhận quyền sử dụng đất
Đơn đề nghị|Đơn xin
Hợp đồng chuyển nhượng quyền sử dụng đất|\
Hợp đồng chuyển nhượng quyền sử dụng đất và tài sản gắn liền với đất
Hợp đồng tặng cho quyền sử dụng đất
Hợp đồng mua bán nhà ở
Hợp đồng thuê nhà
Hợp đồng ủy quyền
Văn bản thỏa thuận phân chia di sản thừa kế
Văn bản khai nhận di sản thừa kế
Văn bản ủy quyền
Phiếu chuyển thông tin nghĩa vụ tài chính|\
Phiếu chuyển thông tin để xác định nghĩa vụ tài chính về đất đai
Phiếu lý lịch tư pháp
Thông báo nộp thuế|Thông báo thuế
Thông báo kết quả giải quyết thủ tục về cư trú
Giấy nộp tiền vào ngân sách nhà nước
Giấy cam đoan|Bản cam đoan
Bản cam kết|Giấy cam kết
Giấy xác nhận
Giấy chứng nhận
Sơ yếu lý lịch
Di chúc
"""


def _citizen(line: str) -> DocumentType:
    titles = tuple(title.strip() for title in line.split("|"))
    return DocumentType(titles[0], tuple(folded_text(title) for title in titles), titles)


DOCUMENT_TYPES: tuple[DocumentType, ...] = (
    *(
        DocumentType(label, (folded_text(label),), (label,), administrative=True)
        for label in dict.fromkeys(_ADMINISTRATIVE)
    ),
    *(_citizen(line) for line in _CITIZEN.strip().splitlines()),
)

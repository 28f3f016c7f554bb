"""What offices say: the pieces that ``prose`` puts together."""

from __future__ import annotations

# Real legal instruments that papers of one-stop centres cite; no people are named in them.
CITATIONS = (
    "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Luật Lưu trữ ngày 21 tháng 6 năm 2024",
    "Luật Giao dịch điện tử ngày 22 tháng 6 năm 2023",
    "Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ về thực hiện thủ tục hành "
    "chính theo cơ chế một cửa, một cửa liên thông",
    "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
    "Nghị định số 45/2020/NĐ-CP ngày 08 tháng 4 năm 2020 của Chính phủ về thực hiện thủ tục hành "
    "chính trên môi trường điện tử",
    "Thông tư số 01/2023/TT-VPCP ngày 05 tháng 4 năm 2023 của Văn phòng Chính phủ quy định một số "
    "nội dung và biện pháp thi hành trong số hóa hồ sơ, kết quả giải quyết thủ tục hành chính",
)
CIVIL_CITATIONS = (
    "Luật Hộ tịch ngày 20 tháng 11 năm 2014",
    "Luật Cư trú ngày 13 tháng 11 năm 2020",
    "Nghị định số 123/2015/NĐ-CP ngày 15 tháng 11 năm 2015 của Chính phủ quy định chi tiết một số "
    "điều và biện pháp thi hành Luật Hộ tịch",
)

SUMMARIES = {
    "Quyết định": (
        "phê duyệt kế hoạch số hóa hồ sơ thủ tục hành chính năm {year}",
        "ban hành quy trình tiếp nhận, số hóa và lưu trữ hồ sơ tại Bộ phận Một cửa",
        "giải quyết thủ tục {procedure} cho {courtesy} {applicant}",
        "thành lập Tổ công tác kiểm tra chất lượng dữ liệu số hóa",
        "công bố danh mục hồ sơ được khai thác trên kho dữ liệu điện tử",
    ),
    "Thông báo": (
        "kết quả giải quyết hồ sơ {code}",
        "lịch tiếp nhận hồ sơ vào sáng thứ Bảy hằng tuần",
        "điều chỉnh thời gian trả kết quả thủ tục {procedure}",
        "kết luận cuộc họp giao ban công tác một cửa tháng {month} năm {year}",
    ),
    "Tờ trình": (
        "đề nghị phê duyệt kinh phí trang bị máy quét phục vụ số hóa hồ sơ",
        "đề nghị giải quyết thủ tục {procedure} cho {courtesy} {applicant}",
        "đề nghị ban hành quy chế khai thác kho dữ liệu điện tử",
    ),
    "Kế hoạch": (
        "số hóa hồ sơ, kết quả giải quyết thủ tục hành chính còn hiệu lực năm {year}",
        "kiểm tra công tác văn thư, lưu trữ tại các bộ phận chuyên môn",
        "tuyên truyền, hướng dẫn người dân nộp hồ sơ trực tuyến năm {year}",
    ),
    "Báo cáo": (
        "kết quả tiếp nhận và giải quyết thủ tục hành chính tháng {month} năm {year}",
        "tình hình số hóa hồ sơ và tái sử dụng dữ liệu số hóa quý {quarter} năm {year}",
        "công tác kiểm soát thủ tục hành chính tháng {month} năm {year}",
    ),
    "Công văn": (
        "cung cấp bản sao hồ sơ {code}",
        "phối hợp xác minh nơi cư trú của công dân",
        "bổ sung thành phần hồ sơ {procedure}",
        "đôn đốc số hóa hồ sơ tồn đọng trước ngày {deadline}",
        "hướng dẫn tra cứu kết quả giải quyết thủ tục hành chính",
    ),
}

AGENTS = (
    "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân {unit}",
    "Bộ phận Tiếp nhận và Trả kết quả {unit}",
    "Phòng Văn hóa - Xã hội {unit}",
    "Phòng Kinh tế, Hạ tầng và Đô thị {unit}",
    "Công an {unit}",
    "công chức Tư pháp - Hộ tịch",
    "Tổ số hóa hồ sơ",
    "viên chức văn thư, lưu trữ",
    "Trung tâm Phục vụ hành chính công",
    "đơn vị cung cấp dịch vụ số hóa",
)
TASKS = (
    "rà soát, phân loại và thống kê toàn bộ hồ sơ thủ tục hành chính đã giải quyết từ năm {past}",
    "quét, nhận dạng và trích xuất thông tin từ hồ sơ giấy theo đúng quy trình đã được phê duyệt",
    "kiểm tra tính đầy đủ, chính xác của dữ liệu trước khi ký số và đưa vào kho dữ liệu",
    "bố trí trang thiết bị, đường truyền và chỗ ngồi cho người dân đến thực hiện thủ tục",
    "hướng dẫn tổ chức, cá nhân nộp hồ sơ trực tuyến và thanh toán phí, lệ phí không dùng tiền mặt",
    "cập nhật tình trạng xử lý hồ sơ lên Hệ thống thông tin giải quyết thủ tục hành chính",
    "bảo quản hồ sơ gốc, không để hư hỏng, thất lạc hoặc lẫn hồ sơ giữa các lĩnh vực",
    "đối chiếu bản điện tử với bản giấy và lập biên bản xử lý các trang mờ, rách, ố vàng",
    "tổng hợp khó khăn, vướng mắc và đề xuất biện pháp tháo gỡ",
    "bàn giao hồ sơ đã số hóa vào lưu trữ hiện hành theo danh mục kèm theo",
    "công khai kết quả đánh giá mức độ hài lòng của người dân tại trụ sở",
    "trả lời bằng văn bản cho tổ chức, cá nhân khi hồ sơ chưa đủ điều kiện giải quyết",
)
LIMITS = (
    "trước ngày {deadline}",
    "chậm nhất vào ngày {deadline}",
    "trong thời hạn {days:02d} ngày làm việc kể từ ngày ký văn bản này",
    "xong trong quý {quarter} năm {year}",
    "bảo đảm tiến độ, chất lượng theo yêu cầu",
    "và báo cáo kết quả về {spoken} trước ngày {deadline}",
)
STATISTICS = (
    "Trong tháng {month} năm {year}, Bộ phận Một cửa đã tiếp nhận {total} hồ sơ, trong đó "
    "{online} hồ sơ nộp trực tuyến; đã giải quyết {done} hồ sơ, đạt tỷ lệ {rate}",
    "Tính đến ngày {deadline}, số hồ sơ đã số hóa là {done} trên tổng số {total} hồ sơ, đạt "
    "{rate}; còn {left} hồ sơ đang được chỉnh lý",
    "Qua kiểm tra ngẫu nhiên {sample} trang, có {bad} trang phải quét lại do mờ chữ hoặc lệch "
    "khung, chiếm tỷ lệ {badrate}",
    "Tổng khối lượng dự kiến là {total} trang tài liệu khổ A4, tương đương {metres} mét giá; kinh "
    "phí thực hiện là {money} đồng",
    "Số hồ sơ trả đúng hạn và trước hạn là {done}, số hồ sơ quá hạn là {bad}; nguyên nhân chủ yếu "
    "là do phải xác minh thông tin tại nhiều cơ quan",
)
PERSONAL = (
    "Hồ sơ mã số {code} của {courtesy} {applicant}, sinh ngày {born}, số định danh cá nhân {id}, "
    "nơi cư trú: {address}, được tiếp nhận ngày {received}",
    "{Courtesy} {applicant} (số định danh cá nhân {id}) đề nghị giải quyết thủ tục {procedure}; "
    "thành phần hồ sơ đầy đủ, hợp lệ theo quy định",
    "Kết quả giải quyết thủ tục {procedure} của {courtesy} {applicant} được trả tại Bộ phận Một "
    "cửa {unit} vào ngày {due}",
)
REMARKS = (
    "Việc số hóa phải bảo đảm tính toàn vẹn, tin cậy và khả năng sử dụng lâu dài của tài liệu",
    "Không yêu cầu tổ chức, cá nhân nộp lại giấy tờ đã có trong kho dữ liệu điện tử",
    "Thông tin cá nhân được bảo vệ theo quy định của pháp luật về bảo vệ dữ liệu cá nhân",
    "Dữ liệu sau khi số hóa được kiểm tra hai lần, do hai người khác nhau thực hiện",
    "Hồ sơ có trang bị mờ, rách hoặc có dấu đè lên chữ phải được quét lại ở chế độ màu",
    "Mọi thắc mắc của người dân được giải đáp tại quầy số {counter} hoặc qua tổng đài 1022",
    "Kết quả kiểm tra là căn cứ để đánh giá mức độ hoàn thành nhiệm vụ của từng bộ phận",
    "Các bộ phận chủ động phối hợp, không để chồng chéo hoặc bỏ sót nhiệm vụ được giao",
    "Trường hợp hồ sơ chưa hợp lệ, người tiếp nhận hướng dẫn đầy đủ, cụ thể trong một lần",
    "Thời gian giải quyết được rút ngắn {share} so với quy định nhờ tái sử dụng dữ liệu đã số hóa",
)
OPENINGS = (
    "Thực hiện chương trình cải cách hành chính năm {year}, {spoken} {verb} như sau:",
    "Để nâng cao chất lượng phục vụ tổ chức, cá nhân tại Bộ phận Một cửa, {spoken} {verb} như sau:",
    "Trên cơ sở kết quả số hóa hồ sơ quý {quarter} năm {year}, {spoken} {verb} như sau:",
)
HEADINGS = {
    "Kế hoạch": (
        "I. MỤC ĐÍCH, YÊU CẦU", "II. NỘI DUNG THỰC HIỆN", "III. KINH PHÍ", "IV. TỔ CHỨC THỰC HIỆN",
    ),
    "Báo cáo": (
        "I. TÌNH HÌNH CHUNG", "II. KẾT QUẢ THỰC HIỆN", "III. TỒN TẠI, HẠN CHẾ",
        "IV. NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI",
    ),
}  # fmt: skip
RECIPIENTS = (
    "UBND thành phố (để báo cáo)", "Thường trực Đảng ủy {unit}",
    "Chủ tịch, các Phó Chủ tịch UBND", "Công an {unit}", "Bộ phận Một cửa",
    "Cổng thông tin điện tử", "Các tổ dân phố",
)  # fmt: skip

"""The table of commands: each with its module, its line of help and examples.

Only the called command's module is imported, because importing Prefect alone takes seconds.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """A command: the module that runs it, and its line of help."""

    module: str  # in flows/commands/; has `arguments(parser)` and `run(args) -> int`
    help: str
    examples: tuple[str, ...] = ()  # lines that may be typed as they stand


KEEPS_FILES = {
    "watch",
    "ingest",
    "read",
    "worker",
    "web",
    "export",
    "doctor",
    "user",
    "withheld",
    "exchange",
    "backup",
    "restore",
    "alerts",
}
NEEDS_PREFECT = {"watch", "ingest", "deploy", "worker"}
COMMANDS = {
    "watch": Command(
        "services.watch",
        "theo dõi thư mục, đọc và lập chỉ mục những gì được thả vào",
        ("sohoa watch",),
    ),
    "ingest": Command(
        "dossiers.ingest",
        "lấy tệp hoặc thư mục vào kho ngay, chờ và báo kết quả",
        (
            'sohoa ingest "hồ sơ 12.pdf"',
            "sohoa ingest thu-muc/ --json",
        ),
    ),
    "read": Command(
        "dossiers.read", "đọc một tệp mà không lưu vào kho", ('sohoa read "quyết định.pdf"',)
    ),
    "search": Command(
        "dossiers.search",
        "tìm trong kho",
        (
            'sohoa search "giấy phép xây dựng"',
            'sohoa search "Nguyễn Văn" --filter year=2026',
            "sohoa search 0007 --json --limit 5",
        ),
    ),
    "show": Command("dossiers.show", "xem một hồ sơ", ("sohoa show H26.19.25-260105-0007",)),
    "kho": Command(
        "dossiers.kho", "giấy tờ của một người hay tổ chức trong mọi hồ sơ, còn hiệu lực không"
    ),
    "duplicates": Command(
        "dossiers.duplicates",
        "giấy tờ và trang có thể bị trùng trong kho; xác nhận không phải bản trùng",
        ("sohoa duplicates", "sohoa duplicates H26.19.25-260105-0007 --json"),
    ),
    "history": Command("dossiers.history", "xem các lần thay đổi của một hồ sơ"),
    "export": Command(
        "dossiers.export",
        "lấy PDF tìm được chữ của một hồ sơ ra thư mục",
        ("sohoa export H26.19.25-260105-0007 --to pdf/",),
    ),
    "cover-sheet": Command(
        "dossiers.cover_sheet",
        "in tờ bìa, tờ phân cách có mã QR để quét cùng giấy tờ",
        ("sohoa cover-sheet H26.19.25-260105-0007", "sohoa cover-sheet --separator 10"),
    ),
    "correct": Command(
        "dossiers.correct",
        "xác nhận, sửa, bỏ trường của giấy tờ; chia lại giấy tờ; hoàn tác",
        (
            'sohoa correct H26.19.25-260105-0007 --set "issued_on=5/1/2026"',
            "sohoa correct H26.19.25-260105-0007 --undo 4",
        ),
    ),
    "review": Command(
        "dossiers.review", "hàng kiểm tra: trường còn ngờ và mẫu kiểm soát; tỷ lệ sai thật"
    ),
    "join": Command("dossiers.join", "nhập một hồ sơ tới sau vào hồ sơ cùng mã, hoặc để riêng"),
    "retry": Command("dossiers.retry", "cho làm lại hồ sơ hỏng hoặc còn thiếu"),
    "exchange": Command(
        "dossiers.exchange",
        "trao đổi hồ sơ với phần mềm khác: gửi đi, nhận về bằng bản tin",
        (
            "sohoa exchange send H26.19.25-260105-0007",
            "sohoa exchange take",
        ),
    ),
    "audit": Command(
        "upkeep.audit",
        "nhật ký truy cập: ai đã xem gì, kiểm tra, cảnh báo, khóa",
        (
            "sohoa audit verify",
            "sohoa audit who H26.19.25-260105-0007",
        ),
    ),
    "catalogue": Command("upkeep.catalogue", "xem hoặc thay danh mục thủ tục hành chính"),
    "reprocess": Command(
        "upkeep.reprocess",
        "hiểu lại hồ sơ theo quy tắc mới, hoặc đọc lại: liệt kê, rồi áp dụng",
        (
            "sohoa reprocess --stage understand",
            "sohoa reprocess --stage understand --apply",
            "sohoa reprocess --stage read H26.19.25-260105-0007 --apply",
        ),
    ),
    "reindex": Command("upkeep.reindex", "lập lại chỉ mục tìm kiếm từ kho"),
    "today": Command(
        "upkeep.today",
        "sổ ngày: mỗi tệp ra sao, đã cất giấy được chưa",
        ("sohoa today", "sohoa today --day 28/11/2026 --xlsx so-ngay.xlsx"),
    ),
    "verify": Command(
        "upkeep.verify",
        "băm lại kho, tìm những gì đã thay đổi, bị mất, chưa đọc được",
        ("sohoa verify --limit 1000",),
    ),
    "backup": Command(
        "upkeep.backup",
        "sao lưu kho, tài khoản, nhật ký, khóa: chỉ chép thêm phần mới",
        ("sohoa backup /mnt/sao-luu", "sohoa backup /mnt/sao-luu --keys /mnt/khoa"),
    ),
    "restore": Command(
        "upkeep.restore",
        "khôi phục bản sao lưu vào thư mục trống; --check: diễn tập, không ghi vào kho",
        ("sohoa restore /mnt/sao-luu --check", "sohoa restore /mnt/sao-luu"),
    ),
    "status": Command(
        "upkeep.status",
        "xem cả hệ thống trên một màn hình: dịch vụ, hàng đợi, hôm nay, ổ đĩa, sao lưu",
        ("sohoa status", "sohoa status --json"),
    ),
    "alerts": Command(
        "upkeep.alerts",
        "báo cho người vận hành khi có chuyện: một lần khi bắt đầu, một lần khi hết",
        ("sohoa alerts --test", "sohoa alerts --every 60"),
    ),
    "prepare": Command(
        "services.prepare", "tạo kho, chỉ mục, quyền và tài khoản của từng vai trò trên máy chủ"
    ),
    "deploy": Command("services.deploy", "đăng ký việc đọc hồ sơ với work pool của Prefect"),
    "worker": Command(
        "services.worker", "đọc hồ sơ cho work pool; chạy trên bao nhiêu máy cũng được"
    ),
    "web": Command("services.web", "mở phòng đọc trên trình duyệt"),
    "user": Command(
        "people.user",
        "tài khoản của người dùng: tạo, khóa, đặt lại, vai trò, token",
        ("sohoa user add can-bo-1 --role reader --unit H26.19",),
    ),
    "withheld": Command(
        "people.withheld", "hồ sơ giữ lại: liệt kê; hai người đề nghị và duyệt bỏ giữ lại"
    ),
    "completion": Command(
        "services.completion",
        "in tập lệnh để bash hoặc zsh tự điền lệnh và tùy chọn",
        ("sohoa completion bash > ~/.local/share/bash-completion/completions/sohoa",),
    ),
    "doctor": Command("upkeep.doctor", "kiểm tra mọi bộ phận và nói cách sửa"),
}

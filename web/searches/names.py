"""Names filters, facets and orders of a search in Vietnamese, as forms, chips and links do."""

from __future__ import annotations

DAY_FILTERS = {
    "received_from": "quét từ ngày",
    "received_to": "quét đến ngày",
    "reception_from": "tiếp nhận từ ngày",
    "reception_to": "tiếp nhận đến ngày",
    "issued_from": "ban hành từ ngày",
    "issued_to": "ban hành đến ngày",
}
OTHER_FILTERS = {"procedure": "Mã thủ tục", "issuer": "Cơ quan ban hành"}
SORTS = {
    "relevance": "khớp nhất",
    "reception": "mới tiếp nhận",
    "received": "mới quét",
    "issued": "ngày văn bản",
    "code": "mã hồ sơ",
}
FACETS = {  # chosen by links alone; the others of COUNTED have a field in the form
    "state": "Tình trạng",
    "document_type": "Loại giấy tờ",
    "unit": "Đơn vị",
    "year": "Năm",
}

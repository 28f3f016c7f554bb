"""A dossier's procedure is looked up in the catalogue that the office imported."""

from __future__ import annotations

from pipeline.documents import assemble
from pipeline.documents.catalogue import COLUMNS, read_catalogue, sample_catalogue
from pipeline.documents.dossier_facts import with_known_procedures
from tests.support.typeset import page
from tests.unit.pipeline.test_documents_assemble import HEADING

HEAD = ",".join(COLUMNS)
RECEIPT = [*HEADING, "^GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã thủ tục: 1.004222"]


def test_a_procedure_that_the_offices_catalogue_lacks_waits_for_a_person() -> None:
    known = f"{HEAD}\n1.001193,Khai sinh,2025-07-01,,Tờ khai,,required,\n"
    (document,) = with_known_procedures(assemble([page(RECEIPT)]), read_catalogue(known.encode()))
    code = document.findings["procedure_code"]
    assert code.value == "1.004222"
    assert not code.is_certain
    assert code.reasons


def test_what_the_sample_lacks_says_nothing() -> None:
    rows = [*RECEIPT[:-1], "Mã thủ tục: 1.009999"]
    (document,) = with_known_procedures(assemble([page(rows)]), sample_catalogue())
    assert document.findings["procedure_code"].is_certain

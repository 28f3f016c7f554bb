"""Whoever reads the files of an embedded index finds no number of a person, nor half of one."""

from __future__ import annotations

from pathlib import Path

import pytest
import tantivy

from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import open_index
from search.embedded.schema import schema
from search.text.number_keys import FOLDER, NAME
from search.text.shown_again import clear_snippet
from tests.support.numbered_papers import NumberedPaper, numbered_papers

COLUMNS = (
    "code", "exact", "folded", "skeleton", "keys", "pairs", "page_folded", "beginnings",
    "suggested", "unit", "document_type", "issuer", "issuer_folded", "issuer_set", "procedure",
    "of_unit", "number_hash", "number_part", "page_hash",
)  # fmt: skip
STORED = ("heading", "pages", "groups")


@pytest.fixture(scope="module")
def papers() -> list[NumberedPaper]:
    return numbered_papers(50)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, papers: list[NumberedPaper]) -> Path:
    place = tmp_path_factory.mktemp("home")
    open_index(SearchSettings(), place).publish([paper.publication for paper in papers])
    return place


def told(papers: list[NumberedPaper]) -> set[str]:
    return {one for paper in papers for one in (*paper.numbers, *paper.remains)}


def generation(home: Path) -> Path:
    (found,) = [path for path in (home / "index").iterdir() if path.is_dir()]
    return found


def test_no_byte_of_its_files_and_no_stored_value_tells_one(
    home: Path, papers: list[NumberedPaper]
) -> None:
    paths = [path for path in generation(home).iterdir() if path.is_file()]
    files = b"\n".join(path.read_bytes() for path in paths)
    # Names of parts, in JSON, are hexadecimal digits at random.
    parts = b"\n".join(path.read_bytes() for path in paths if path.suffix != ".json")
    searcher = tantivy.Index.open(str(generation(home))).searcher()
    everything = searcher.search(tantivy.Query.all_query(), searcher.num_docs).hits
    kept = [searcher.doc(at) for _, at in everything]
    stored = b"\n".join(bytes(one) for doc in kept for name in STORED for one in doc.get_all(name))
    assert b"\xc4\x90\xc6\xa1n" in stored, "the words themselves are there"
    assert not [one for one in told(papers) if len(one) > 8 and one.encode() in files]
    assert not [one for one in told(papers) if len(one) > 5 and one.encode() in parts]
    assert not [one for one in told(papers) if one.encode() in stored]
    squeezed = bytes(byte for byte in stored if byte not in b" .,-()\n")
    assert not [one for one in told(papers) if len(one) > 8 and one.encode() in squeezed]


def test_no_term_of_any_column_begins_as_one(home: Path, papers: list[NumberedPaper]) -> None:
    searcher = tantivy.Index.open(str(generation(home))).searcher()
    of_kinds = ("", "value·", "said·n", "part·", "exact·", "folded·")
    for paper in papers[:10]:
        starts = {one[:6] for one in paper.numbers} | {one[:5] for one in paper.remains}
        asked = [
            (tantivy.Occur.Should, prefix(column, kind + start))
            for column in COLUMNS
            for kind in of_kinds
            for start in starts
        ]
        assert not searcher.search(tantivy.Query.boolean_query(asked), 1).hits


def prefix(column: str, start: str) -> tantivy.Query:
    return tantivy.Query.fuzzy_term_query(schema(), column, start, 0, prefix=True)


def test_each_is_found_whole_by_all_and_in_part_by_whoever_may(
    home: Path, papers: list[NumberedPaper]
) -> None:
    index = open_index(SearchSettings(), home)

    def found(text: str, *, may: bool) -> set[str]:
        return {hit.dossier for hit in index.find(Query(text, limit=60, parts_of_numbers=may)).hits}

    for paper in papers[:20]:
        dossier = paper.publication.dossier.id
        number, phone, tax_code = paper.numbers
        for typed in (number, f"{number[:5]} {number[5:]}", f"+84 {phone[1:]}", tax_code):
            owners = found(typed, may=False)
            assert dossier in owners, typed
            assert len(owners) <= 3, "made-up phones are few, and may be of two people"
        for part in (number[-6:], number[:7], number[2:9], phone[-5:], *paper.remains):
            assert dossier not in found(part, may=False), part
            assert dossier in found(part, may=True), part


def test_snippets_and_titles_have_dots_in_their_place(
    home: Path, papers: list[NumberedPaper]
) -> None:
    index = open_index(SearchSettings(), home)
    for paper in papers[:5]:
        (hit,) = index.find(Query(paper.personal_id)).hits
        assert "⟦••••••••••••⟧" in hit.snippet
        assert not [one for one in told(papers) if one in hit.snippet + hit.title]


def test_another_key_asks_for_another_index(home: Path, papers: list[NumberedPaper]) -> None:
    index = open_index(SearchSettings(key="k" * 32), home)
    with pytest.raises(Exception, match="phiên bản khác"):
        index.find(Query("đơn"))
    key = home / FOLDER / NAME
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_bytes().strip() not in b"".join(
        path.read_bytes() for path in (home / "index").rglob("*") if path.is_file()
    )


def test_a_snippet_gets_its_numbers_back_from_its_page_unless_it_is_doubtful() -> None:
    page = "Số cũ 031898001562 cấp\nngày mới\nSố cũ 031898001570 cấp"
    assert (
        clear_snippet("… ⟦••••••••••••⟧ cấp ngày mới …", page) == "… ⟦031898001562⟧ cấp ngày mới …"
    )
    doubtful = "… cũ ⟦••••••••••••⟧ cấp …"
    assert clear_snippet(doubtful, page) == doubtful
    assert clear_snippet("đơn ⟦••••••••••••⟧", page) == "đơn ⟦••••••••••••⟧"

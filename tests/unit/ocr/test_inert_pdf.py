"""What is handed out is inert: nothing acts or leads outside, or there is no PDF at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from ocr.pdfa import build, inert
from tests.paper.acting import KINDS, embedded, file_of, save_acting, script
from tests.paper.lures import MARKER
from tests.support.pdf_remains import remains
from tests.support.searchable_pdfs import (
    FAX,
    PDF,
    as_pdf,
    bind,
    drawn,
    pages_of,
    raw_words,
    tokens,
)

pytestmark = pytest.mark.slow  # each PDF is built in a process, and read by two programs

LEVELS = ("2b", "")  # a PDF/A, and a plain PDF
PAGES = pages_of(drawn(FAX))


@pytest.fixture(scope="module", params=LEVELS, ids=["PDF/A", "plain"])
def scan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan that becomes a PDF/A; or, by a visible word in a font of the reader's, a plain PDF."""
    path, _ = as_pdf(drawn(FAX), tmp_path_factory.mktemp("scan"))
    if not request.param:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            pdf.pages[0].obj.Resources.Font = Dictionary(F1=font)
            pdf.pages[0].contents_add(b"BT /F1 9 Tf 40 20 Td (7) Tj ET")
            pdf.save(path)
    return path


@pytest.fixture(scope="module")
def built(scan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = bind(scan, PDF, PAGES, tmp_path_factory.mktemp("built"))
    assert made.path
    return made.path


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_acts_or_leads_outside_is_handed_out(
    kind: str, scan: Path, tmp_path: Path
) -> None:
    source = tmp_path / "acting.pdf"
    save_acting(kind, scan, source)
    assert remains(source, MARKER), "the source does nothing"
    made = bind(source, PDF, PAGES, tmp_path / "made")
    assert made.path, made.reasons
    assert remains(made.path, MARKER) == []
    assert raw_words(made.path)[0][-len(tokens(PAGES[0])) :] == tokens(PAGES[0])


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every dictionary and stream of a PDF, those in others as well."""
    ahead = [pdf.trailer, *pdf.objects]
    while ahead:
        each = ahead.pop()
        if isinstance(each, (Dictionary, Stream)):
            yield each
            ahead += [value for _, value in each.items() if is_direct(value)]
        elif isinstance(each, Array):
            ahead += [value for value in each if is_direct(value)]


def is_direct(value: Any) -> bool:
    return isinstance(value, (Dictionary, Stream, Array)) and not value.is_indirect


def test_actions_in_every_dictionary_of_a_scan_do_not_travel(scan: Path, tmp_path: Path) -> None:
    source = tmp_path / "acting.pdf"
    with pikepdf.open(scan) as pdf:
        for owner in list(dictionaries(pdf)):
            lure = {"/A": script(), "/AF": embedded(pdf), "/Lure": file_of()}
            owner.update(lure | ({"/F": file_of()} if isinstance(owner, Stream) else {}))
        pdf.save(source)
    made = bind(source, PDF, PAGES, tmp_path / "made")
    assert made.path, made.reasons
    assert remains(made.path, MARKER) == []


def saved(pdf: pikepdf.Pdf, target: Path) -> Path:
    pdf.save(target, preserve_pdfa=False, fix_metadata_version=False)
    return target


def test_the_walk_passes_what_was_built(built: Path, tmp_path: Path) -> None:
    assert inert.find_unlisted(built) == []
    with pikepdf.open(built) as pdf:
        assert inert.find_unlisted(saved(pdf, tmp_path / "again.pdf")) == []


def test_the_walk_finds_an_unknown_key_in_every_dictionary(built: Path, tmp_path: Path) -> None:
    with pikepdf.open(built) as pdf:
        count = len(list(dictionaries(pdf)))
    assert count > 20
    missed = []
    for place in range(count):
        with pikepdf.open(built) as pdf:
            owner = list(dictionaries(pdf))[place]
            # The writer makes its own object and cross-reference streams.
            if str(owner.get("/Type")) in ("/ObjStm", "/XRef") or "/Predictor" in owner:
                continue
            owner["/Lure"] = script()
            if not inert.find_unlisted(saved(pdf, tmp_path / "planted.pdf")):
                missed.append(repr(owner))
    assert missed == []


PLANTED: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "an external stream": lambda pdf: pdf.Root.Metadata.update({"/F": file_of()}),
    "an annotation": lambda pdf: pdf.pages[0].obj.update(
        {"/Annots": Array([Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], Dest=String("a"))])}
    ),
    "an entity": lambda pdf: pdf.Root.Metadata.write(b"<!DOCTYPE x><x/>"),
    "a layer with a usage": lambda pdf: pdf.pages[0].obj.Resources.update(
        {"/Properties": Dictionary(L=Dictionary(Type=Name.OCG, Usage=Dictionary()))}
    ),
    "a group of another kind": lambda pdf: pdf.pages[0].obj.update(
        {"/Group": Dictionary(S=Name.JavaScript)}
    ),
    "a font that is an action": lambda pdf: pdf.pages[0].obj.Resources.update(
        {"/Font": Dictionary(F1=script())}
    ),
    "an encrypted file": lambda _: None,
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_walk_finds_what_is_planted(what: str, built: Path, tmp_path: Path) -> None:
    target = tmp_path / "planted.pdf"
    with pikepdf.open(built) as pdf:
        PLANTED[what](pdf)
        is_locked = what == "an encrypted file"
        locked = pikepdf.Encryption(owner="a", user="") if is_locked else None
        pdf.save(target, encryption=locked, fix_metadata_version=False)
    assert inert.find_unlisted(target)


def test_the_walk_finds_objects_to_which_nothing_leads(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "appended.pdf"
    whole = built.read_bytes()
    with pikepdf.open(built) as pdf:
        size, root = int(pdf.trailer.Size), pdf.Root.objgen[0]
    former = int(whole.rsplit(b"startxref", 1)[1].split()[0])
    extra = b"%d 0 obj\n<</S/JavaScript/JS(x)>>\nendobj\n" % size
    table = f"xref\n{size} 1\n{len(whole):010d} 00000 n \ntrailer\n".encode()
    table += f"<</Size {size + 1}/Root {root} 0 R/Prev {former}>>\n".encode()
    update = extra + table + b"startxref\n%d\n%%%%EOF\n" % (len(whole) + len(extra))
    target.write_bytes(whole + update)
    found = inert.find_unlisted(target)
    assert {"/Prev", f"object {size}"} <= set(found)


@pytest.mark.parametrize(
    ("before", "behind"), [(b"<script>\n", b""), (b"", b"<script>"), (b"", b"MZ" * 99)]
)
def test_the_walk_finds_bytes_around_the_file(
    before: bytes, behind: bytes, built: Path, tmp_path: Path
) -> None:
    target = tmp_path / "around.pdf"
    target.write_bytes(before + built.read_bytes() + behind)
    try:
        assert inert.find_unlisted(target)
    except pikepdf.PdfError:  # its offsets hold no longer: no PDF either
        assert before


def test_where_something_is_left_there_is_no_pdf(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last walk is on its own: it holds also where the first removes nothing."""
    words = tmp_path / "words.jsonl"
    words.write_text('{"width": 9, "height": 9, "is_own": true, "lines": []}\n', encoding="utf-8")
    source, target = tmp_path / "acting.pdf", tmp_path / "made.pdf"
    save_acting("image elsewhere", scan, source)
    job = build.PdfJob(source, PDF, words, target, "2b", "Đơn", "0a", 60.0)
    assert build.build_pdf(job)["sound"]
    monkeypatch.setattr(inert, "remove_unlisted", lambda _: None)
    answer = build.build_pdf(job)
    assert not answer["sound"]
    assert "còn phần không được phép đưa ra" in answer["reasons"][0]
    assert "/F" in answer["reasons"][0]

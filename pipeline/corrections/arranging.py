"""Works out a dossier anew after people decided about single pages; papers elsewhere stay.

The rest of a paper stays one paper; a page that came next to another one is told by its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.corrections.fields import with_documents
from pipeline.corrections.scattered import (
    begins_of,
    first_on,
    is_scattered,
    last_on,
    parted_pages,
)
from pipeline.corrections.seen import places_of
from pipeline.documents.confirmation import in_order, keep_confirmed
from pipeline.documents.machine_readable.cover_findings import has_two_codes
from pipeline.errors import EditConflictError
from pipeline.joining.merge import with_scans
from pipeline.joining.missing_files import intake_reasons
from pipeline.joining.passes import reason_of
from pipeline.model import (
    Document,
    Dossier,
    Finding,
    Outcome,
    PageEdit,
    PageNote,
    PagePlace,
    Record,
)
from pipeline.page_edits.reading import plain_recipe, recipe_for
from pipeline.ports import Archive
from pipeline.stages import judge, pages_of
from pipeline.understanding import assembled, decided_begins, with_senders_facts


def with_edits(
    dossier: Dossier, edits: Sequence[PageEdit], order: Sequence[PagePlace], archive: Archive
) -> Dossier:
    """Return a dossier with other decisions about its pages, and the papers that they are now.

    It waits to be read where a page lies otherwise than it was read.

    Args:
        dossier: the newest version.
        edits: the decisions about its pages.
        order: the order of its pages as people decided it; empty: that of its scans.
        archive: where its history and its pages are.
    """
    history = archive.history(dossier.id)
    decided = replace(dossier, edits=tuple(edits), order=tuple(order))
    changed = {each.place for each in {*dossier.edits} ^ {*edits}}
    stood_in = {
        each.replaced_by: each.place
        for each in edits
        if each.replaced_by and each.place in changed and each.left_out
    }
    documents = dossier.documents
    for standing, replaced in stood_in.items():
        documents = tuple(_standing_in(dossier, documents, standing, replaced))
    moved = with_scans(replace(decided, documents=documents), dossier.scans)
    notes = tuple(_known_note(note, history) for note in moved.pages)
    state = _judged(replace(moved, pages=notes), history, archive)
    papers = _papers(dossier, state, changed, archive)
    # The papers come last: they add that their codes contradict to how reading ended.
    return with_documents(replace(state, documents=dossier.documents), papers, archive)


def without_edits(newest: Dossier, before: Dossier, after: Dossier, archive: Archive) -> Dossier:
    """Return a dossier without what one of its versions decided about single pages.

    Args:
        newest: the dossier as it is now.
        before: the dossier before that version.
        after: the dossier as that version had it.
        archive: where its history and its pages are.

    Raises:
        EditConflictError: somebody decided about the same again since.
    """
    changed = {each.place for each in {*before.edits} ^ {*after.edits}}
    is_moved = before.order != after.order
    if {*_about(newest, changed)} != {*_about(after, changed)} or (
        is_moved and newest.order != after.order
    ):
        raise EditConflictError(
            "Trang hay thứ tự trang này đã được sửa lại sau đó, nên không hoàn tác được.",
            "Sửa lại theo ý bạn.",
        )
    edits = [each for each in newest.edits if each.place not in changed]
    order = before.order if is_moved else newest.order
    cuts = [*newest.boundaries]
    if before.boundaries != after.boundaries:  # a page took over what was decided of another one
        gone, back = ({*one.boundaries} - {*two.boundaries} for one, two in _both(after, before))
        cuts = [*(each for each in cuts if each not in gone), *(back - {*cuts})]
    state = replace(newest, boundaries=tuple(cuts))
    return with_edits(state, [*edits, *_about(before, changed)], order, archive)


def _both(one: Dossier, other: Dossier) -> tuple[tuple[Dossier, Dossier], ...]:
    return (one, other), (other, one)


def _about(dossier: Dossier, places: set[PagePlace]) -> list[PageEdit]:
    return [each for each in dossier.edits if each.place in places]


def _judged(dossier: Dossier, history: Sequence[Record], archive: Archive) -> Dossier:
    """Return a dossier with how reading the pages that it has now ended, as a worker judges it."""
    if dossier.outcome is None or any(_is_turned(note, dossier) for note in dossier.pages):
        return replace(dossier, outcome=None)
    outcome, reasons = judge(dossier.pages)
    half = reason_of(dossier, archive)
    intake = (*intake_reasons(history), *filter(None, (half,)))
    if intake and outcome is Outcome.COMPLETE:
        outcome = Outcome.PARTIAL
    return replace(dossier, outcome=outcome, reasons=(*intake, *reasons))


def _is_turned(note: PageNote, dossier: Dossier) -> bool:
    """Tell whether a page was read as it lay otherwise than people say now."""
    edit = dossier.find_edit(note.scan, note.number)
    wanted = recipe_for(plain_recipe(note.recipe), edit.orientation if edit else None)
    return bool(note.recipe) and note.recipe != wanted


def _known_note(note: PageNote, history: Sequence[Record]) -> PageNote:
    """Return the newest note of a page that has a result; that of a page that was out came back."""
    if note.recipe:
        return note
    known = (
        each
        for record in reversed(history)
        for each in record.dossier.pages
        if (each.scan, each.number) == (note.scan, note.number)
    )
    return next(known, note)


def _standing_in(
    dossier: Dossier, documents: Sequence[Document], standing: PagePlace, replaced: PagePlace
) -> Iterator[Document]:
    """Yield papers in which one page stands for another; what was read on that one is gone."""
    places = [PagePlace(note.scan, note.number) for note in dossier.pages]
    if standing not in places or replaced not in places:
        yield from documents
        return
    new, old = places.index(standing) + 1, places.index(replaced) + 1
    for paper in documents:
        stays = {page: page for page in paper.pages if page != new}
        if old not in paper.pages:
            kept = paper.on_pages(stays)
            if kept.pages or paper.absent or any(map(_is_confirmed, paper.findings.values())):
                yield kept
            continue
        findings = {
            name: replace(found, page=new, box=None) if found.page == old else found
            for name, found in paper.findings.items()
            if found.page != old or _is_confirmed(found)
        }
        yield replace(paper.on_pages(stays | {old: new}), findings=findings)


def _is_confirmed(finding: Finding) -> bool:
    return finding.confirmed_by is not None


def _papers(
    before: Dossier, state: Dossier, changed: set[PagePlace], archive: Archive
) -> tuple[Document, ...]:
    """Return the papers of a dossier whose pages were changed; the others stay as they are."""
    whole = {
        places_of(paper, before): is_scattered(paper, before.documents)
        for paper in before.documents
    }
    same = {
        paper.span: paper
        for paper in state.documents
        if paper.pages
        and (places := places_of(paper, state)) in whole
        and not changed & {each.place for each in places}
    }
    scattered = [
        paper
        for paper in same.values()
        if whole[places_of(paper, state)] and is_scattered(paper, state.documents)
    ]
    begins = {**_known_begins(state), **begins_of(scattered), **decided_begins(state)}
    parted = parted_pages(state.documents)
    read = assembled(pages_of(state, state.pages, archive), begins, parted)
    stay = [paper for paper in scattered if _is_by_itself(paper, read)]
    theirs = {page for paper in stay for page in paper.pages}
    found = [each for each in with_senders_facts(state, read) if not theirs & {*each.pages}]
    kept = [_undoubted(same[paper.span], paper) for paper in found if paper.span in same]
    kept += stay
    ids = {paper.span for paper in kept}
    touched = [paper for paper in state.documents if paper.span not in ids]
    others = [paper for paper in found if paper.span not in ids]
    return tuple(sorted([*kept, *keep_confirmed(touched, others)], key=in_order))


def _is_by_itself(paper: Document, read: Sequence[Document]) -> bool:
    """Tell whether no page of another paper was put to one of a paper's."""
    pages = {*paper.pages}
    return all(pages >= {*each.pages} for each in read if pages & {*each.pages})


def _undoubted(paper: Document, read: Document) -> Document:
    """Return a paper without the doubt that another code of the dossier cast on its own.

    The other one may be left out now; ``with_papers`` doubts it again where it is not.
    """
    was, code = paper.findings.get("dossier_code"), read.findings.get("dossier_code")
    if was is None or code is None or was.value != code.value or not has_two_codes(paper):
        return paper
    return replace(paper, findings={**paper.findings, "dossier_code": code})


def _known_begins(state: Dossier) -> Mapping[int, bool]:
    """Map the number of a page to whether it begins a paper, where its neighbour says so."""
    last, begins = last_on(state.documents), {}
    for page, paper in first_on(state.documents).items():
        before = last.get(page - 1)
        if page == paper.pages[0]:
            if page == 1 or before is not None:  # beside a page that came back its words tell
                begins[page] = True
        elif before is paper:
            begins[page] = False
    return begins

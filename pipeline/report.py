"""Turns dossiers, pages, hits and accounts into rows and JSON for commands and scripts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pipeline.checklist.decided import component_rows
from pipeline.model import (
    Account,
    ApiToken,
    Document,
    Dossier,
    Finding,
    Hit,
    Page,
    PageState,
    Results,
    Withheld,
)
from pipeline.model.table_text import text_by_rows
from pipeline.owners.found import HeldPaper
from pipeline.people.rights import rights_of


def page_table(dossier: Dossier) -> list[dict[str, Any]]:
    """Return a row per page: number, state, confidence, seconds, reason."""
    return [
        {
            "page": number,
            "state": str(note.state),
            "confidence": round(note.confidence, 2),
            "seconds": round(note.seconds, 1),
            "reason": " ".join(filter(None, (*note.reasons, note.apart))),
            "apart": note.apart,
        }
        for number, note in enumerate(dossier.pages, start=1)
    ]


def outcome_row(dossier: Dossier, extra: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a dossier's outcome in the shape of `sohoa ingest --json`."""
    return {
        "dossier": dossier.id,
        "code": dossier.code,
        "outcome": str(dossier.outcome) if dossier.outcome else None,
        "scans": len(dossier.scans),
        "pages": len(dossier.pages),
        "not_read": sum(note.state is PageState.NOT_READ for note in dossier.pages),
        "seconds": round(sum(note.seconds for note in dossier.pages), 2),
        "page_seconds": round(sum(note.seconds for note in dossier.pages), 2),
        "reasons": [*extra, *dossier.reasons],
    }


def reading(
    pages: list[Page], documents: tuple[Document, ...], reasons: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what was read from a file in the shape of `sohoa read --json`.

    Args:
        pages: its pages, and those of files in it.
        documents: the papers that these pages are.
        reasons: Vietnamese; what of the file is not read.
    """
    return {
        "pages": [_page(page) for page in pages],
        "documents": [_document(document) for document in documents],
        "reasons": list(reasons),
    }


def results(found: Results, waiting: int | None = None) -> dict[str, Any]:
    """Return search results in the shape of `sohoa search --json`.

    Args:
        found: the results of the search, as the index gave them.
        waiting: how many dossiers are queued; None while the store does not answer.
    """
    return {
        "total": found.total,
        "took_ms": round(found.took_ms, 2),
        "hits": [_hit(hit) for hit in found.hits],
        "facets": found.facets,
        "approximate": found.approximate,
        "given_up": list(found.given_up),
        "never_so_marked": list(found.never_so_marked),
        "waiting": waiting,
        "next": found.next,
    }


def whole_dossier(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier with scans, pages and documents in the shape of `sohoa show --json`."""
    return {
        **outcome_row(dossier),
        "title": dossier.title,
        "details": dossier.details,
        "name": dossier.name,
        "received": dossier.received.isoformat(),
        "unit": dossier.unit,
        "procedure": dossier.procedure,
        "scans": [
            {"sha256": s.sha256, "name": s.name, "size": s.size, "pages": s.pages}
            for s in dossier.scans
        ],
        "pages": page_table(dossier),
        "documents": [_document(document) for document in dossier.documents],
        "withheld": _withheld(dossier.withheld),
        "origin": dossier.origin,
        "missing": [asdict(each) for each in dossier.missing or ()],
        "proposed_join": dossier.proposed_join,
        "edits": edits(dossier),
        "joined_into": dossier.joined_into,
        "joined_from": list(dossier.joined_from),
        "rules": dossier.rules,
        "components": component_rows(dossier),
    }


def edits(dossier: Dossier) -> list[dict[str, Any]]:
    """Return what people decided of single pages, a row for each, in the order of scans."""
    files = {scan.sha256: number for number, scan in enumerate(dossier.scans, 1)}
    known = (each for each in dossier.edits if each.scan in files)
    return [
        {
            "file": files[each.scan],
            "scan": each.scan,
            "number": each.number,
            "by": each.by,
            "orientation": each.orientation,
            "words": each.words,
            "left_out": each.left_out or None,
            "replaced_by": list(each.replaced_by) if each.replaced_by else None,
            "confirmed": each.is_confirmed,
        }
        for each in sorted(known, key=lambda each: (files[each.scan], each.number))
    ]


def _withheld(withheld: Withheld | None) -> dict[str, Any] | None:
    if withheld is None:
        return None
    return {"since": withheld.since.isoformat(), "by": withheld.by, "why": withheld.why}


def _page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "state": str(page.state),
        "reasons": list(page.reasons),
        "text": page.text.text,
        "confidence": round(page.text.confidence, 3),
        "measures": asdict(page.measures),
        "codes": [{**asdict(code), "box": list(code.box)} for code in page.codes],
        "tables": [{"rows": text_by_rows(page, table)} for table in page.tables],
        "parts": [list(part) for part in page.parts],
        "slots": [
            {**asdict(slot), "kind": str(slot.kind), "box": list(slot.box)} for slot in page.slots
        ],
    }


def _document(document: Document) -> dict[str, Any]:
    findings = {name: _finding(finding) for name, finding in document.findings.items()}
    return {
        "type": document.type,
        "pages": list(document.pages),
        "parts": [each._asdict() for each in document.parts],
        "boundary": document.boundary,
        "findings": findings,
        "absent": sorted(document.absent),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "value": finding.value,
        "raw": finding.raw,
        "confidence": round(finding.confidence, 3),
        "page": finding.page,
        "box": list(finding.box) if finding.box else None,
        "source": str(finding.source),
        "reasons": list(finding.reasons),
        "confirmed_by": finding.confirmed_by,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "dossier": hit.dossier,
        "code": hit.code,
        "page": hit.page,
        "title": hit.title,
        "snippet": hit.snippet,
        "score": round(hit.score, 4),
    }


def account(person: Account) -> dict[str, Any]:
    """Return an account; nothing in it opens anything."""
    return {
        "name": person.name,
        "roles": sorted(person.roles),
        "units": _names(person.scope.units),
        "document_types": _names(person.scope.document_types),
        "levels": _names(person.scope.levels),
        "disabled": person.is_disabled,
        "must_change_password": person.must_change_password,
        "second_factor": person.has_second_factor,
        "created": person.created.isoformat(),
        "signed_in": person.signed_in.isoformat() if person.signed_in else None,
        "provider": person.subject.issuer if person.subject else None,
    }


def token(held: ApiToken) -> dict[str, Any]:
    """Return an API token without its secret; its scopes are what it may do now."""
    return {
        "id": held.id,
        "name": held.account.name,
        "label": held.label,
        "scopes": sorted(rights_of(held)),
        "units": _names(held.scope.units),
        "created": held.created.isoformat(),
        "ends": held.ends.isoformat(),
        "used": held.used.isoformat() if held.used else None,
        "revoked": held.is_revoked,
    }


def held_paper(held: HeldPaper) -> dict[str, Any]:
    """Return the row of a paper of an owner, for `sohoa kho`."""
    dossier, validity = held.record.dossier, held.validity
    return {
        "dossier": dossier.id,
        "code": dossier.code,
        "version": held.record.sequence,
        **_document(held.document),
        "validity": validity.state.value,
        "until": validity.until.isoformat() if validity.until else None,
        "rule": validity.rule,
    }


def _names(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)

"""Says what the audit log keeps of a token that is made or revoked; never its text."""

from __future__ import annotations

from pipeline.model.people import ApiToken, TokenRequest

_LONGEST_LABEL = 80


def token_facts(token: ApiToken | TokenRequest) -> dict[str, str | int]:
    """Return id, rights, days, label and units of a token; without units: all of its account."""
    if isinstance(token, TokenRequest):
        days, units = token.days, token.units
    else:
        days, units = (token.ends - token.created).days, token.scope.units
    told: dict[str, str | int] = {
        "token": token.id,
        "rights": ",".join(sorted(token.rights)),
        "days": days,
        "label": token.label[:_LONGEST_LABEL],
    }
    if units is not None:
        told["units"] = ",".join(sorted(units))
    return told

"""Finds the saved searches of whoever asks: the person of a session, or the account of a token."""

from __future__ import annotations

from pipeline.people.errors import AccountRefusedError
from pipeline.ports.saved_searches import SavedSearches
from web.people.gate import Asked


def own_searches(asked: Asked) -> tuple[SavedSearches, str]:
    """Return the saved searches, and the id of the account whose own are meant.

    Raises:
        AccountRefusedError: the demonstration has no accounts, so nobody has searches.
    """
    accounts, held = asked.context.visits.accounts(), asked.visit.held
    if accounts is None or held is None:
        raise AccountRefusedError(
            "Chế độ trình diễn không lưu tìm kiếm.", "Tạo tài khoản để mỗi người lưu của mình."
        )
    return accounts.searches, held.account.id

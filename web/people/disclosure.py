"""Decides whether a visit sees personal data: the one place that does.

Clear is the demonstration, and who may unmask and has chosen a purpose for the dossier. A machine
sees nothing clear, but gets files when its call names a purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.errors import SohoaError
from pipeline.masking import mask_text
from pipeline.model import ApiToken, Purpose, PurposeChoice, Receipt, Right
from pipeline.people.rights import rights_of_roles
from web.context import AppContext
from web.people.bearer import PURPOSE_HEADER
from web.people.gate import check_need
from web.people.visits import Visit


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a visit sees of a dossier, and what for."""

    is_clear: bool
    choice: PurposeChoice | None = None  # None in the demonstration as well

    @property
    def purpose(self) -> str:
        """The purpose, as the audit log keeps it; empty where there is none."""
        return str(self.choice.purpose) if self.choice else ""


class PurposeMissingError(SohoaError):
    """Something is asked for that is never masked, before a purpose was chosen."""

    http_status = 428  # RFC 6585: Precondition Required

    def __init__(self, dossier: str, remedy: str = "Mở hồ sơ, chọn mục đích rồi tải lại.") -> None:
        super().__init__("Cần chọn mục đích trước khi mở tệp này.", remedy)
        self.dossier = dossier


def purpose_path(dossier: str) -> str:
    """Return the path of the page that asks for the purpose."""
    return f"/ho-so/{dossier}/muc-dich"


def check_clear(context: AppContext, visit: Visit, dossier: str) -> Disclosure:
    """Refuse what is never masked (files, exports) to whoever sees the dossier masked.

    Args:
        context: the handlers' context.
        visit: the visit.
        dossier: the dossier's id.

    Raises:
        AccountsUnavailableError: the database of accounts is away.
        PurposeMissingError: a purpose must be chosen first.
        RightMissingError: the account may not unmask.
    """
    if visit.token:
        return _named_by_call(visit, visit.token, dossier)
    disclosure = disclosure_of(context, visit, dossier)
    if not disclosure.is_clear:
        check_need(Right.UNMASK, visit)
        raise PurposeMissingError(dossier)
    return disclosure


def _named_by_call(visit: Visit, token: ApiToken, dossier: str) -> Disclosure:
    """Return what a machine gets of a file: its account may unmask, and the call says what for.

    Pages stay masked for it; whoever made the token gave it the right to files by name.
    """
    if Right.UNMASK not in rights_of_roles(token.account.roles):
        check_need(Right.UNMASK, visit)
    if visit.purpose is None:
        kinds = ", ".join(Purpose)
        raise PurposeMissingError(dossier, f"Gửi đầu {PURPOSE_HEADER}, một trong: {kinds}.")
    choice = PurposeChoice(visit.purpose, "", datetime.now(UTC))
    return Disclosure(is_clear=True, choice=choice)


def disclosure_of(context: AppContext, visit: Visit, dossier: str) -> Disclosure:
    """Return what a visit sees of a dossier now.

    Args:
        context: the handlers' context.
        visit: the visit.
        dossier: the dossier's id.

    Raises:
        AccountsUnavailableError: the database of accounts is away.
    """
    if visit.is_demonstration:
        return Disclosure(is_clear=True)
    accounts = context.visits.accounts()
    if visit.session is None or Right.UNMASK not in visit.rights or accounts is None:
        return Disclosure(is_clear=False)
    choice = accounts.purposes.chosen(visit.session.id, dossier)
    return Disclosure(is_clear=choice is not None, choice=choice)


def masked_receipt(visit: Visit, receipt: Receipt) -> Receipt:
    """Return a receipt as a visit sees it: names of files may hold numbers of people."""
    if sees_lists_clear(visit):
        return receipt
    return replace(
        receipt,
        name=mask_text(receipt.name),
        reason=mask_text(receipt.reason),
        remedy=mask_text(receipt.remedy),
    )


def sees_lists_clear(visit: Visit) -> bool:
    """Tell whether lists of many dossiers are shown unmasked: nobody chose a purpose for those."""
    return visit.is_demonstration

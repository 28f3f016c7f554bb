"""Finds out who visits: the session of the cookie, its rights and scope, or the demonstration."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address

from starlette.requests import Request

from accounts import has_accounts, open_accounts
from pipeline.errors import MisconfiguredError, SohoaError
from pipeline.model import (
    ApiToken,
    PersonRole,
    Purpose,
    Right,
    Scope,
    Session,
    SignInStep,
    Visitor,
)
from pipeline.people.rights import rights_of, rights_of_roles
from pipeline.ports import Accounts
from pipeline.settings import Settings
from pipeline.versions import SYSTEM
from web.people.bearer import is_api, purpose_of, token_of
from web.people.cookies import DEVICE, GUEST, SESSION, Cookies, is_relayed

DEMONSTRATION = "demonstration"  # the account in whose name it is recorded
_DEMONSTRATED = rights_of_roles({PersonRole.CLERK, PersonRole.READER, PersonRole.RECORDS})
DESK = "/ban-quet"
FIRST_ACCOUNT = "sohoa user add TÊN --role admin"
PAGES = (  # where the menu leads, what it says, and the right without which it is left out
    ("/", "Tra cứu", Right.SEARCH),
    ("/quay", "Tại quầy", Right.SEARCH),
    (DESK, "Bàn quét", Right.VIEW_RECEIPTS),
    ("/hang-doi", "Hàng đợi", Right.VIEW_RECEIPTS),
    ("/van-de", "Cần xử lý", Right.VIEW_RECEIPTS),
    ("/kiem-tra", "Kiểm tra", Right.CORRECT),
    ("/giu-lai", "Giữ lại", Right.VIEW_WITHHELD),
    ("/nhat-ky", "Nhật ký", Right.READ_AUDIT),
    ("/tai-khoan", "Tài khoản", Right.MANAGE_ACCOUNTS),
    ("/van-hanh", "Vận hành", Right.VIEW_OPERATION),
    ("/danh-muc", "Danh mục", Right.VIEW_OPERATION),
)
OWN_PAGE = "/phien"


class NoAccountsError(SohoaError):
    """Somebody comes over the network, and the room has no accounts yet."""

    http_status = 403


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and what they may."""

    visitor: Visitor
    request: str  # id of the request
    session: Session | None = None
    secret: str = field(default="", repr=False)  # of the session, or of a guest's form
    is_demonstration: bool = False
    token: ApiToken | None = None  # of a machine that calls the API
    purpose: Purpose | None = None  # that its call names; it holds for this call alone

    @property
    def held(self) -> Session | ApiToken | None:
        """What the visitor shows: a session, or the token of a machine."""
        return self.session or self.token

    @property
    def name(self) -> str:
        """The account's name; empty of a guest."""
        if self.is_demonstration:
            return DEMONSTRATION
        return self.held.account.name if self.held else ""

    @property
    def actor(self) -> str:
        """Who records name; without accounts that is the system."""
        return SYSTEM if self.is_demonstration else self.name

    @property
    def rights(self) -> frozenset[Right]:
        """What the visitor may do now."""
        if self.is_demonstration:
            return _DEMONSTRATED
        return rights_of(self.held) if self.held else frozenset()

    @property
    def scope(self) -> Scope:
        """Which dossiers the visitor may know of."""
        if self.is_demonstration:
            return Scope()
        if self.token:
            return self.token.scope
        return self.session.account.scope if self.session else Scope(frozenset())

    @property
    def is_signed_in(self) -> bool:
        """Whether all steps of a sign-in are done; a token has none."""
        if self.token:
            return True
        return self.session is not None and self.session.step is SignInStep.DONE

    @property
    def csrf(self) -> str:
        """The token that forms of this visit carry; empty where they need none."""
        if not self.secret:
            return ""
        return hmac.new(self.secret.encode(), b"csrf", hashlib.sha256).hexdigest()

    @property
    def pages(self) -> tuple[tuple[str, str, Right], ...]:
        """The pages of the menu that the visitor may open."""
        return tuple(page for page in PAGES if page[2] in self.rights)

    @property
    def home(self) -> str:
        """The first page that the visitor may open."""
        return self.pages[0][0] if self.pages else OWN_PAGE

    def may(self, right: str) -> bool:
        """Tell whether the visitor has a right, by its name; for templates."""
        return Right(right) in self.rights


class Visits:
    """Opens the accounts once there are any, and tells of each request whose it is."""

    def __init__(self, settings: Settings, accounts: Accounts | None = None) -> None:
        self._settings = settings
        self._accounts = accounts
        self._lock = threading.Lock()

    def accounts(self) -> Accounts | None:
        """Return the accounts; None while nobody has one, which is the demonstration.

        Raises:
            AccountsUnavailableError: the database is away; nobody is taken for anybody then.
            MisconfiguredError: a newer version has written it, or its key is another one.
        """
        if self._accounts is None:
            with self._lock:
                where = self._settings.accounts, self._settings.home
                if self._accounts is None and has_accounts(*where):
                    self._accounts = open_accounts(*where)
        return self._accounts

    def is_demonstration(self) -> bool:
        """Tell whether pages must say that nobody signs in; never raises."""
        with suppress(SohoaError):
            return self.accounts() is None
        return False

    def close(self) -> None:
        """Close the connections to the database."""
        if self._accounts is not None:
            self._accounts.close()

    def visit(self, request: Request) -> Visit:
        """Return whose request it is.

        Raises:
            AccountsUnavailableError: the database of accounts is away.
            NoAccountsError: nobody has an account, and the request comes over the network.
            TokenExposedError: a call of the API shows its token to others.
            TokenMissingError: a call of the API shows no token.
            TokenRefusedError: its token opens nothing.
        """
        cookies, address = Cookies(request), address_of(request)
        visitor = Visitor(address, request.headers.get("user-agent", ""), cookies.get(DEVICE))
        number = str(request.scope.get("request_id", ""))
        accounts = self.accounts()
        if accounts is None:
            if not _is_of_this_machine(request):
                raise NoAccountsError(
                    "Phòng đọc chưa có tài khoản nào nên chỉ phục vụ ngay trên máy chủ.",
                    f"Người vận hành tạo tài khoản đầu tiên: {FIRST_ACCOUNT}",
                )
            return Visit(visitor, number, is_demonstration=True)
        if is_api(request.url.path):
            token = token_of(request, accounts)
            return Visit(visitor, number, token=token, purpose=purpose_of(request))
        secret = cookies.get(SESSION)
        session = accounts.sessions.find(secret) if secret else None
        if session is None:
            return Visit(visitor, number, secret=cookies.get(GUEST))
        return Visit(visitor, number, session, secret)


def check_address(settings: Settings) -> None:
    """Refuse to serve others than this machine before there is anybody to sign in.

    A proxy or a host name of the network in the settings says that others will come: a proxy on
    this machine asks from a loopback address, whoever it asks for.

    Raises:
        MisconfiguredError: address, proxies or names are for others, and nobody has an account.
        AccountsUnavailableError: the database of accounts is away.
    """
    web = settings.web
    others = [f"địa chỉ {web.host}"] if not is_loopback(web.host) else []
    others += [f"proxy {proxy} (web.proxies)" for proxy in web.proxies]
    others += [f"tên {name} (web.names)" for name in web.names if not is_loopback(name)]
    if not others or has_accounts(settings.accounts, settings.home):
        return
    raise MisconfiguredError(
        f"Chưa có tài khoản nào nên không mở phòng đọc ở {others[0]} cho người khác xem hồ sơ.",
        f"Tạo tài khoản đầu tiên: `{FIRST_ACCOUNT}` (trong compose: "
        f"`docker compose run --rm web {FIRST_ACCOUNT}`), rồi mở lại.",
    )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address, given as a name or in digits."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def new_guest() -> str:
    """Return the secret from which the token of a guest's form is derived."""
    return secrets.token_urlsafe(24)


def address_of(request: Request) -> str:
    """Return the network address of a request; a proxy that is named in the settings tells it."""
    return request.client.host if request.client else ""


def _is_of_this_machine(request: Request) -> bool:
    """Tell whether a program of this machine asks, and not a proxy for somebody else."""
    if is_relayed(request):
        return False
    try:
        return ip_address(address_of(request)).is_loopback
    except ValueError:  # no address of a network: a socket of this machine
        return True

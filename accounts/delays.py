"""Delays attempts after failed ones: for the account, for the address, and for known devices apart.

An attempt is counted before anything is compared, and taken off the count when it succeeds; so a
hundred at once count as a hundred. Whoever comes from a device or address from which the account's
owner has signed in before has a count of their own: strangers delay strangers only. Nothing is
ever locked for good.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from accounts.keys import KeyRing
from accounts.rows import cleaned, folded
from accounts.schema import failures
from pipeline.model import Visitor
from pipeline.people.errors import SignInDelayedError

_REMEMBERED = 10_000  # lanes that a process refuses by itself
_REMEMBERED_SECONDS = 5  # … for so long at most: an administrator may have forgiven them
_KNOWN_DAYS = 180  # that a device is known without signing in again
_CLOCKS_DIFFER = timedelta(minutes=5)  # by so much, between machines that share the database
_KEPT = timedelta(days=1)  # then a count is forgotten whatever it was


class Lane(NamedTuple):
    """A count of attempts, and how it delays."""

    key: str
    free: int  # attempts before the first delay
    longest: int  # seconds; each attempt doubles the delay until then
    forgets: int  # seconds in which one attempt is forgotten
    is_shared: bool = False  # by several accounts: a success takes off one attempt only

    def wait(self, count: int, at: datetime, now: datetime) -> float:
        """Return the seconds that are still to be waited.

        Args:
            count: the attempts that count.
            at: the newest of them.
            now: the present moment.
        """
        left = self.remaining(count, at, now)
        if left < self.free or now < at - _CLOCKS_DIFFER:  # the clock was set back
            return 0.0
        delay = min(self.longest, 2.0 ** min(left - self.free, 30))
        return max(0.0, min(delay, delay - (now - at).total_seconds()))

    def remaining(self, count: int, at: datetime, now: datetime) -> int:
        """Return how many attempts are not forgotten yet."""
        passed = max(0.0, (now - at).total_seconds())
        return max(0, count - int(passed // self.forgets))


class Delays:
    """Counts attempts in the database, and refuses at once those it has just refused."""

    def __init__(self, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now
        self._refused: OrderedDict[str, datetime] = OrderedDict()

    def lanes(self, name: str, visitor: Visitor, *, is_known_address: bool) -> tuple[Lane, ...]:
        """Return the lanes of signing in.

        Args:
            name: the name as typed, of an account or not.
            visitor: the person who types it.
            is_known_address: the owner of the account has signed in from there.
        """
        if device := self.known_device(name, visitor):
            return (Lane(f"device:{device}", free=10, longest=900, forgets=900),)
        address = network_of(visitor.address)
        whole = Lane(f"address:{address}", free=20, longest=900, forgets=180, is_shared=True)
        if is_known_address:
            mark = self._keys.mark("place", f"{folded(name)} {address}")
            return Lane(f"place:{mark}", free=10, longest=60, forgets=900), whole
        mark = self._keys.mark("name", folded(name))
        return Lane(f"name:{mark}", free=5, longest=30, forgets=900), whole

    def own_lanes(self, what: str, name: str, visitor: Visitor) -> tuple[Lane, ...]:
        """Return the lane of whoever gave the right password and now gives a code, or another one.

        Args:
            what: the name of the thing that is given.
            name: the account's name.
            visitor: the person who gives it.
        """
        apart = self.known_device(name, visitor) or self._keys.mark("name", folded(name))
        return (Lane(f"{what}:{apart}", free=5, longest=900, forgets=900),)

    def refuse_remembered(self, name: str, visitor: Visitor) -> None:
        """Refuse what was refused a moment ago, without asking the database.

        Args:
            name: the name as typed.
            visitor: the person who types it.

        Raises:
            SignInDelayedError: the same name from there, or the address, is remembered.
        """
        now = self._now()
        for is_known in (False, True):
            lanes = self.lanes(name, visitor, is_known_address=is_known)
            for key in (_together(lanes), *(lane.key for lane in lanes if lane.is_shared)):
                until = self._refused.get(key, now)
                if now < until <= now + timedelta(seconds=_REMEMBERED_SECONDS):
                    raise delayed((until - now).total_seconds())

    def count(self, connection: Connection, lanes: tuple[Lane, ...]) -> None:
        """Count an attempt that is about to be made.

        Args:
            connection: a transaction that writes.
            lanes: the lanes in which it counts.

        Raises:
            SignInDelayedError: it comes too early, and does not count.
        """
        now = self._now()
        by_key = {lane.key: lane for lane in lanes}
        for key in sorted(by_key):  # everybody locks rows in this order
            _insert_unless_there(connection, {"key": key, "attempts": 0, "at": now})
        rows = connection.execute(
            select(failures)
            .where(failures.c.key.in_(by_key))
            .order_by(failures.c.key)
            .with_for_update()
        ).all()
        waits = {row.key: by_key[row.key].wait(row.attempts, row.at, now) for row in rows}
        if longest := max(waits.values(), default=0.0):
            apart = {key: wait for key, wait in waits.items() if wait and by_key[key].is_shared}
            self._remember(apart | {_together(by_key.values()): longest}, now)
            raise delayed(longest)
        for row in rows:
            counted = by_key[row.key].remaining(row.attempts, row.at, now) + 1
            connection.execute(
                update(failures).where(failures.c.key == row.key).values(attempts=counted, at=now)
            )

    def forgive(self, connection: Connection, lanes: tuple[Lane, ...]) -> None:
        """Forget the attempts of lanes after one that succeeded, or when an administrator asks."""
        self._refused.pop(_together(lanes), None)
        for lane in lanes:
            mine = failures.c.key == lane.key
            if lane.is_shared:
                fewer = update(failures).where(mine, failures.c.attempts > 0)
                connection.execute(fewer.values(attempts=failures.c.attempts - 1))
            else:
                connection.execute(delete(failures).where(mine))

    def sweep(self, connection: Connection) -> None:
        """Delete counts that are forgotten."""
        connection.execute(delete(failures).where(failures.c.at < self._now() - _KEPT))

    def new_device(self, name: str) -> str:
        """Return what a browser keeps, so that it is known the next time."""
        what = f"{self._now().date().toordinal():x}.{secrets.token_hex(16)}"
        return f"{what}.{self._device_mark(name, what)}"

    def known_device(self, name: str, visitor: Visitor) -> str:
        """Return the mark of a device on which somebody of this name has signed in; else nothing.

        Told by a keyed hash alone, so that asking costs no look into the database.
        """
        what, _, mark = cleaned(visitor.device, 200).rpartition(".")
        if not what or not secrets.compare_digest(
            mark.encode(), self._device_mark(name, what).encode()
        ):
            return ""
        age = self._now().date().toordinal() - int(what.partition(".")[0], 16)
        return mark if age <= _KNOWN_DAYS else ""

    def _device_mark(self, name: str, what: str) -> str:
        return self._keys.mark("device", f"{folded(name)} {what}")

    def _remember(self, waits: dict[str, float], now: datetime) -> None:
        for key, wait in waits.items():
            seconds = min(wait, _REMEMBERED_SECONDS)
            self._refused.pop(key, None)  # so that it goes to the end; other threads may be here
            self._refused[key] = now + timedelta(seconds=seconds)
        while len(self._refused) > _REMEMBERED:
            self._refused.popitem(last=False)


def _together(lanes: Iterable[Lane]) -> str:
    """Return what an attempt in these lanes is remembered by."""
    return " ".join(sorted(lane.key for lane in lanes))


def network_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the network of 64 bits, which one person has."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return cleaned(address, 64)
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def delayed(seconds: float) -> SignInDelayedError:
    """Return the error of an attempt that comes too early."""
    whole = max(1, int(seconds) + 1)
    return SignInDelayedError(
        "Đã có quá nhiều lần đăng nhập sai.", f"Thử lại sau {whole} giây.", whole
    )


def _insert_unless_there(connection: Connection, values: dict[str, object]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(failures).values(values).on_conflict_do_nothing())

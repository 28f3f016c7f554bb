"""Keeps the searches that people saved, names and words encrypted with the key of accounts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from accounts.database import Database
from accounts.keys import KeyRing
from accounts.rows import cleaned, new_id
from accounts.schema import accounts, saved_searches
from pipeline.people.errors import AccountRefusedError
from pipeline.ports.saved_searches import LONGEST_SEARCH_NAME, MOST_SAVED, SavedSearch


class SavedSearchStore:
    """The saved searches; fulfils ``pipeline.ports.saved_searches.SavedSearches``."""

    def __init__(self, database: Database, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._database = database
        self._keys = keys
        self._now = now

    def keep(self, account: str, name: str, parameters: Mapping[str, str]) -> SavedSearch:
        """Keep a search; one of the same name is replaced."""
        name = " ".join(cleaned(name, LONGEST_SEARCH_NAME).split())
        if not name:
            raise AccountRefusedError("Tìm kiếm cần một tên để lưu.", "Gõ tên rồi lưu lại.")
        made = SavedSearch(new_id(), name, dict(parameters))
        with self._database.writing() as connection:
            # In PostgreSQL too: two tabs that save at once go one after the other.
            mine = select(accounts.c.id).where(accounts.c.id == account).with_for_update()
            if connection.execute(mine).first() is None:
                raise AccountRefusedError("Tài khoản này không còn.", "Đăng nhập lại.")
            known = self._of(connection, account)
            same = [one.id for one in known if one.name.casefold() == name.casefold()]
            if len(known) - len(same) >= MOST_SAVED:
                raise AccountRefusedError(
                    f"Đã lưu {MOST_SAVED} tìm kiếm, không lưu thêm được.",
                    "Bỏ bớt tìm kiếm không dùng nữa rồi lưu lại.",
                )
            connection.execute(delete(saved_searches).where(saved_searches.c.id.in_(same)))
            row = {
                "id": made.id,
                "account": account,
                "sealed": self._keys.seal(json.dumps([made.name, made.parameters])),
                "created": self._now(),
            }
            connection.execute(saved_searches.insert().values(row))
        return made

    def of(self, account: str) -> tuple[SavedSearch, ...]:
        """Return the searches of an account, by name."""
        with self._database.reading() as connection:
            return self._of(connection, account)

    def remove(self, account: str, search: str) -> bool:
        """Remove a search of an account; False when it has none of this id."""
        mine = (saved_searches.c.account == account) & (saved_searches.c.id == search)
        with self._database.writing() as connection:
            return bool(connection.execute(delete(saved_searches).where(mine)).rowcount)

    def _of(self, connection: Connection, account: str) -> tuple[SavedSearch, ...]:
        asked = select(saved_searches).where(saved_searches.c.account == account)
        found = map(self._saved, connection.execute(asked).all())
        return tuple(sorted(found, key=lambda one: one.name.casefold()))

    def _saved(self, row: Row[Any]) -> SavedSearch:
        name, parameters = json.loads(self._keys.unseal(row.sealed))
        return SavedSearch(row.id, name, parameters)

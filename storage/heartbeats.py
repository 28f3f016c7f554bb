"""Stores leases and the heartbeats of watchers: the only objects that are overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pipeline import records
from pipeline.errors import ObjectExistsError, ObjectMissingError, RecordError
from pipeline.model import Lease, WatcherHeartbeat
from pipeline.ports import ObjectStore
from storage import keys


class StoredHeartbeats:
    """What those who work say of themselves, each about its own work, over an object store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def find_lease(self, dossier: str) -> Lease | None:
        """Return the newest lease of a dossier."""
        attempts = list(self._store.keys(keys.leases(dossier)))
        return records.LEASE.load(self._store.get(attempts[-1])) if attempts else None

    def take_lease(self, lease: Lease) -> bool:
        """Take an attempt; False when somebody else took it first."""
        try:
            self._store.put(keys.lease(lease.dossier, lease.attempt), records.LEASE.dump(lease))
        except ObjectExistsError:
            return False
        return True

    def renew_lease(self, lease: Lease) -> None:
        """Write a lease with a new heartbeat or its release; only its holder may."""
        self._store.replace(keys.lease(lease.dossier, lease.attempt), records.LEASE.dump(lease))

    def keep_watcher(self, heartbeat: WatcherHeartbeat) -> None:
        """Write the heartbeat of a watcher over its last one."""
        self._store.replace(keys.watcher(heartbeat.watcher), records.WATCHER.dump(heartbeat))

    def watchers(self) -> Iterator[WatcherHeartbeat]:
        """Yield the last heartbeat of each watcher; damaged ones are left out."""
        for key in self._store.keys(keys.WATCHERS):
            with suppress(ObjectMissingError, RecordError):
                yield records.WATCHER.load(self._store.get(key))

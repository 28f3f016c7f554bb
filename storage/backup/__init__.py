"""Copies the embedded store and its home into a folder of backups, checks and restores them."""

from __future__ import annotations

from storage.backup.checking import CheckReport, check_backup
from storage.backup.folder import BackupFolder, BackupRefusedError, BackupSet
from storage.backup.home_part import DATABASES, BackupSource
from storage.backup.making import MadeBackup, make_backup
from storage.backup.restoring import Restored, restore_backup

__all__ = [
    "DATABASES",
    "BackupFolder",
    "BackupRefusedError",
    "BackupSet",
    "BackupSource",
    "CheckReport",
    "MadeBackup",
    "Restored",
    "check_backup",
    "make_backup",
    "restore_backup",
]

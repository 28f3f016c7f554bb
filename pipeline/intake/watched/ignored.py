"""Tells names that are never taken from a watched folder: our own, hidden, unfinished, litter.

Litter is what operating systems, NAS devices and synchronising programs put beside people's files:
thumbnails, recycle bins, snapshots, locks. It is nobody's paper, so it is not refused either.
"""

from __future__ import annotations

import re

RECEIPTS, REFUSED = "_bien_nhan", "_loi"
_OURS = {RECEIPTS, REFUSED}
_UNFINISHED = (".part", ".partial", ".crdownload", ".tmp", ".filepart")

# Compared without regard to case: FAT, NTFS and most shares do not tell cases apart.
_WINDOWS = {
    "$extend",
    "$recycle.bin",
    "desktop.ini",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "iconcache.db",
    "indexervolumeguid",
    "recycled",
    "recycler",
    "system volume information",
    "thumbs.db",
    "wpsettings.dat",
}
_MACOS = {
    ".appledb",
    ".appledesktop",
    ".appledouble",
    ".apdisk",
    ".ds_store",
    ".fseventsd",
    ".localized",
    ".lsoverride",
    ".mobilebackups",
    ".temporaryitems",
    ".trashes",
    ".volumeicon.icns",
    ":2eds_store",  # netatalk's spelling
    "__macosx",
    "icon\r",
    "icon\uf00d",  # the same as Samba spells it
    "network trash folder",
    "temporary items",
}
_NAS = {  # Synology, QNAP, NetApp, Buffalo, Western Digital, Samba's recycle bin, ZFS
    "#recycle",
    "#snapshot",
    ".recycle",
    ".snapshot",
    ".snapshots",
    ".streams",
    ".synologyworkingdirectory",
    ".wdmc",
    ".zfs",
    "@eadir",
    "@recently-snapshot",
    "@recycle",
    "@sharebin",
    "@tmp",
    "@transcode",
    "trashbox",
    "~snapshot",
}
_LINUX = {
    ".directory",
    ".thumbnails",
    ".trash",
    ".xdg-volume-info",
    "aquota.group",
    "aquota.user",
    "lost+found",
    "quota.group",
    "quota.user",
}
_SYNCHRONISED = {
    ".dropbox",
    ".dropbox.attr",
    ".dropbox.cache",
    ".owncloudsync.log",
    ".stfolder",
    ".stignore",
    ".stversions",
    ".sync",
    ".tmp.drivedownload",
    ".tmp.driveupload",
}
_LITTER = frozenset(_WINDOWS | _MACOS | _NAS | _LINUX | _SYNCHRONISED)
_LITTER_FORM = re.compile(
    r"""
      \._.*                             # macOS: resource forks on other file systems
    | ~\$.*                             # Microsoft Office: who has the file open
    | \.~lock\..*\#                     # LibreOffice: the same
    | \.@.*                             # QNAP: .@__thumb, .@__qini, .@upload_cache
    | \.trash-\d+                       # Linux desktops: the bin of a user
    | \.(?:spotlight|documentrevisions)-v\d+
    | \.com\.apple\..*
    | found\.\d{3}                      # Windows: what chkdsk found
    | \.nfs[0-9a-f]{8,}                 # NFS, FUSE, Samba: removed while somebody had it open
    | \.fuse_hidden[0-9a-f]+
    | \.smbdelete.*
    | \.(?:_sync|sync|csync_journal)_?[0-9a-f]*\.db.*
    | .*:(?:zone\.identifier|encryptable|afp_\w+|com\.apple\..*)(?::\$data)?  # streams of NTFS
    """,
    re.VERBOSE | re.DOTALL,
)


def is_litter(name: str) -> bool:
    """Tell whether a system or a program left this name for itself: it is nobody's paper."""
    lowered = name.casefold()
    return lowered in _LITTER or _LITTER_FORM.fullmatch(lowered) is not None


def is_unfinished(name: str) -> bool:
    """Tell whether a name says that somebody is still writing."""
    return name.casefold().endswith(_UNFINISHED)


def is_ignored(name: str) -> bool:
    """Tell whether a name is never taken: hidden, ours, litter, or unfinished."""
    # A share that does not tell cases apart may list our folders as somebody else spelled them.
    return (
        name.startswith(".") or name.casefold() in _OURS or is_unfinished(name) or is_litter(name)
    )

"""Finds the type of file system a watched folder lies on: network shares must be polled."""

from __future__ import annotations

import os
import re
from pathlib import Path

# Another machine writes there, and this kernel is not notified: inotify(7), "Limitations".
_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|ncpfs|afs|ceph|glusterfs|lustre|beegfs|gpfs|orangefs|coda"
    r"|ocfs2|gfs2|fuse|fuse\..*|virtiofs|vboxsf|hgfs|vmhgfs|prl_fs"
)
_MOUNTS = Path("/proc/self/mountinfo")


def network_share(folder: Path, mounts: Path = _MOUNTS) -> str:
    """Return the type of network file system a folder lies on (``cifs``); empty for a local disk.

    Args:
        folder: any path; links are followed.
        mounts: the kernel's list of mounts, proc(5) ``mountinfo``.
    """
    resolved = os.path.realpath(folder)
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        before, _, after = line.partition(" - ")
        mounted = _unescape(before.split()[4])
        inside = resolved == mounted or resolved.startswith(mounted.rstrip("/") + "/")
        if inside and len(mounted) >= len(best):  # of two on one mount point the later one covers
            best, kind = mounted, after.split()[0]
    return kind if _NETWORK.fullmatch(kind) else ""


def _unescape(escaped: str) -> str:
    """Undo the kernel's octal escapes of blanks in a path."""
    return re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), escaped)

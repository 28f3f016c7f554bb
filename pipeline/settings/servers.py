"""Checks what settings say about servers: addresses, names to sign in with, certificates.

Whoever speaks to a server would otherwise notice it first, far from the setting that was wrong. No
message repeats a value: a secret may have been typed in the wrong place.
"""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from urllib.parse import urlsplit

# RFC 1123, section 2.1, and underscores, which containers have in their names; or an IPv6 address.
_HOST = re.compile(r"(?=.{1,253}$)(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|\[[0-9a-fA-F:.]+\]", re.ASCII)
_BUCKET = re.compile(r"[a-zA-Z0-9][\w.:-]{1,61}[a-zA-Z0-9]", re.ASCII)
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")


def check_host(name: str, host: str) -> None:
    """Check a host name or address, with or without a port. Raises ``ValueError``.

    Args:
        name: the name of the setting.
        host: its value, or the part of it that is a host.
    """
    wrong = f"{name} has no host with a port, such as minio:9000"
    try:
        parts = urlsplit(f"//{host}")
        address = parts.netloc.removesuffix(f":{parts.port}") if parts.port else parts.netloc
    except ValueError:
        raise ValueError(wrong) from None
    if parts.netloc != host or parts.port == 0 or not _HOST.fullmatch(address):
        raise ValueError(wrong)


def check_url(name: str, url: str) -> None:
    """Check the URL of a server: a scheme, a host, perhaps a path. Raises ``ValueError``.

    Args:
        name: the name of the setting.
        url: its value.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in ("http", "https"):
        raise ValueError(f"{name} does not begin with http:// or https://")
    host, _, path = rest.partition("/")
    check_host(name, host.rpartition("@")[2])
    if re.search(r"[\s?#]", path):
        raise ValueError(f"{name} has more than a scheme, a host and a path")


def check_bucket(name: str, bucket: str) -> None:
    """Check the name of a bucket, by the rules of S3 and its elder ones. Raises ``ValueError``.

    Args:
        name: the name of the setting.
        bucket: its value.
    """
    is_odd = any(each in bucket for each in ("..", ".-", "-.")) or _ADDRESS.fullmatch(bucket)
    if is_odd or not _BUCKET.fullmatch(bucket):
        raise ValueError(f"{name} is no name of a bucket, such as sohoa")


def check_ascii(**values: str) -> None:
    """Check names and secrets that headers carry. Raises ``ValueError``.

    Args:
        values: the value of each setting, by its name.
    """
    for name, value in values.items():
        if not value.isascii():
            raise ValueError(f"{name} has letters that are not ASCII; headers carry no others")


def check_certificates(name: str, path: Path) -> None:
    """Check that a file holds certificates (PEM). Raises ``ValueError``.

    Args:
        name: the name of the setting.
        path: its value.
    """
    try:
        if path.is_file():
            ssl.create_default_context(cafile=str(path))
            return
    except (OSError, ValueError):  # of ssl as well: it holds none
        pass
    raise ValueError(f"{name} is no file of certificates (PEM) that can be read")

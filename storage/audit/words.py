"""Hashes typed words with a key of the home, and encrypts them so that only the auditor reads them.

Equal words have equal hashes, so searches can be counted and compared without being read. The copy
is sealed by HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM); the private key is nowhere here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import unicodedata
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from pipeline.audit.entries import MOST_WORDS
from pipeline.errors import MisconfiguredError, ObjectExistsError
from pipeline.private_files import create_private, fsync_folder
from pipeline.settings import AuditSettings
from storage.audit.live_file import unavailable

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"sohoa audit words 1"
_PADDING = 64  # bytes: the length of a copy tells the length of the words no closer than this
KEYS = "keys"  # in the home
HASH_KEY, PUBLIC_KEY = "audit-words.key", "auditor-public.pem"
_WORDS = "Chạy `sohoa audit keys TỆP` với tệp ở nơi khác."


class WordSeal:
    """Hashes words, and encrypts them where the auditor's public key is known.

    Args:
        key: the secret of the hash, at least 32 bytes.
        auditor: the auditor's public key; None while there is none, then words are only hashed.
    """

    def __init__(self, key: bytes, auditor: X25519PublicKey | None) -> None:
        self._key = key
        self._auditor = auditor

    def seal(self, words: str) -> dict[str, str]:
        """Return what an entry keeps of words: ``words_hash``, and ``words_box`` with its key."""
        text = words[:MOST_WORDS]
        found = {"words_hash": self.digest(text)}
        if self._auditor is None:
            return found
        plain = text.encode("utf-8", "replace")
        padded = plain + bytes(-len(plain) % _PADDING)
        box = _SUITE.encrypt(padded, self._auditor, info=_PURPOSE)
        return found | {
            "words_box": base64.b64encode(box).decode(),
            "words_key": _name_of(self._auditor),
        }

    def digest(self, words: str) -> str:
        """Return the hash of words, whatever their case and the spaces between them."""
        text = " ".join(unicodedata.normalize("NFC", words).casefold().split())
        return hmac.new(self._key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


class AuditorKey:
    """The auditor's private key, which opens sealed words. Raises ``MisconfiguredError``.

    Args:
        path: the file that ``sohoa audit keys`` wrote.
    """

    def __init__(self, path: Path) -> None:
        try:
            key = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            raise MisconfiguredError(
                f"Không đọc được khóa của kiểm toán viên trong {path}.", "Kiểm tra đường dẫn."
            ) from error
        if not isinstance(key, X25519PrivateKey):
            raise MisconfiguredError(f"Tệp {path} không phải khóa của nhật ký truy cập.")
        self._key = key
        self.name = _name_of(key.public_key())

    def open(self, box: str) -> str | None:
        """Return sealed words; None when they were sealed for another key, or changed."""
        with suppress(InvalidTag, ValueError):
            plain = _SUITE.decrypt(base64.b64decode(box), self._key, info=_PURPOSE)
            return plain.rstrip(b"\0").decode()
        return None


def open_word_seal(settings: AuditSettings, home: Path) -> WordSeal:
    """Open the keys of a home; the key of the hash is made when there is none.

    Raises:
        AuditUnavailableError: the key of the hash cannot be read or made.
        MisconfiguredError: the auditor's public key is damaged.
    """
    named = settings.words_key.get_secret_value()
    key = named.encode() if named else _hash_key(home / KEYS / HASH_KEY)
    own = home / KEYS / PUBLIC_KEY
    is_named = settings.public_key is not None
    return WordSeal(key, _public_key(settings.public_key or own, must_be=is_named))


def has_auditor_key(settings: AuditSettings, home: Path) -> bool:
    """Tell whether typed words are encrypted for an auditor, and not only hashed."""
    return (settings.public_key or home / KEYS / PUBLIC_KEY).exists()


def make_auditor_keys(private: Path, home: Path, *, replaces: bool = False) -> str:
    """Make a pair of keys: the private one into a file of the auditor's, the public one kept here.

    Args:
        private: the new file of the private key, outside of the home.
        home: the home.
        replaces: whether the home may have a public key already; what was sealed for the old one
            is opened with the old private key only.

    Returns:
        the name of the pair, as entries carry it.

    Raises:
        MisconfiguredError: the file lies in the home, or cannot be written.
        ObjectExistsError: there is such a file, or a public key.
    """
    public = home / KEYS / PUBLIC_KEY
    if private.resolve().is_relative_to(home.resolve()):
        raise MisconfiguredError("Khóa riêng không được nằm trong SOHOA_HOME.", _WORDS)
    if public.exists() and not replaces:
        raise ObjectExistsError(
            "Đã có khóa của kiểm toán viên.",
            "Thêm --replace để thay; chữ đã khóa bằng khóa cũ chỉ mở được bằng khóa cũ.",
        )
    key = X25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        create_private(private, pem)
    except FileExistsError as error:
        raise ObjectExistsError(f"Đã có tệp {private}.", "Chọn tên khác.") from error
    except OSError as error:
        raise MisconfiguredError(f"Không ghi được {private} ({error.strerror}).", _WORDS) from error
    shown = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with unavailable():
        _replace(public, shown)
    return _name_of(key.public_key())


def _hash_key(path: Path) -> bytes:
    """Read the key of the hash, or make it; of two processes that make it one wins."""
    with unavailable():
        if not path.exists():
            fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
            _make_folder(path.parent)
            create_private(fresh, secrets.token_hex(32).encode())
            with suppress(FileExistsError):
                os.link(fresh, path)
            fresh.unlink()
            fsync_folder(path.parent)
        return path.read_bytes()


def _public_key(path: Path, *, must_be: bool) -> X25519PublicKey | None:
    if not must_be and not path.exists():
        return None
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise MisconfiguredError(f"Khóa công khai {path} không đọc được.", _WORDS) from error
    if not isinstance(key, X25519PublicKey):
        raise MisconfiguredError(f"Tệp {path} không phải khóa của nhật ký truy cập.", _WORDS)
    return key


def _name_of(key: X25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fsync_folder(folder.parent)


def _replace(path: Path, data: bytes) -> None:
    _make_folder(path.parent)
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    create_private(fresh, data)
    fresh.replace(path)
    fsync_folder(path.parent)

"""Names of files that are handed out: a stem that means nothing to any system, and our suffix.

What a saved file does when it is opened hangs on its suffix. Ours comes from the media type, which
intake found by the bytes; what somebody wrote behind a dot is only part of the stem.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.plain_text import remove_unseen

SUFFIXES = {  # of each media type: ours first, then other spellings of the same
    "application/pdf": (".pdf",),
    "image/tiff": (".tif", ".tiff"),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/heic": (".heic", ".heif", ".hif"),
    "image/webp": (".webp",),
    "application/zip": (".zip",),
    "message/rfc822": (".eml",),
    "application/vnd.gov.vn.edxml+xml": (".edxml", ".xml"),
    "application/rtf": (".rtf",),
    "application/msword": (".doc",),
    "application/vnd.ms-excel": (".xls",),
    "application/vnd.ms-powerpoint": (".ppt",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "application/vnd.oasis.opendocument.presentation": (".odp",),
}
UNKNOWN = ".bin"
_MAX_BYTES = 160  # of UTF-8; eCryptfs takes 143 letters, others 255 bytes, browsers add " (1)"
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')  # on Windows; a colon opens another stream of a file
_DEVICES = re.compile(  # Windows takes these for devices, whatever follows the first dot
    r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]|conin\$|conout\$|clock\$)\s*(?:\..*)?",
    re.IGNORECASE,
)
_EDGES = " .-"  # Windows drops blanks and dots at the end; dots hide, dashes are options


def file_name(name: str, media_type: str, addition: str = "") -> str:
    """Return the name under which a file is handed out.

    Args:
        name: its name when it came, possibly with folders before it.
        media_type: the media type of its bytes; decides the suffix.
        addition: letters put between stem and suffix, such as ``-tim-duoc``.
    """
    suffixes = SUFFIXES.get(media_type, (UNKNOWN,))
    last = re.split(r"[/\\]", name)[-1]
    stem = _cleaned(_NOT_IN_NAMES.sub("_", remove_unseen(unicodedata.normalize("NFC", last))))
    known = next((each for each in suffixes if stem.lower().endswith(each)), "")
    stem = _cut(_cleaned(stem[: len(stem) - len(known)]), _MAX_BYTES - len(addition) - 8)
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem or 'tep'}{addition}{suffixes[0]}"


def _cleaned(stem: str) -> str:
    return re.sub(r"\s+", " ", stem).strip(_EDGES)


def _cut(stem: str, most: int) -> str:
    """Return the beginning of a stem that has at most so many bytes of UTF-8."""
    return _cleaned(stem.encode()[:most].decode(errors="ignore"))

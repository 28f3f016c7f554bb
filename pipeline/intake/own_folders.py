"""Opens the product's own folders inside a watched folder, where others may write too.

``_bien_nhan/`` holds copies of the receipts, ``_loi/`` the refused files. Each is made by the
product and never followed when it is a link, or when somebody else put it there.
"""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import ForeignFolderError
from pipeline.intake.handles import Folder, is_ours

_NO_FOLDER = {errno.ELOOP, errno.ENOTDIR}


@contextmanager
def own_folder(watched: Folder, name: str) -> Iterator[Folder]:
    """Open one of the product's folders, made where it is missing, locked against other watchers.

    Args:
        watched: the watched folder; its group and mode are taken over, so that clerks can read.
        name: ``RECEIPTS`` or ``REFUSED``.

    Raises:
        ForeignFolderError: what has this name is a link, a file, or somebody else's folder.
        OSError: it cannot be made or opened.
    """
    is_new = not watched.has(name)
    try:
        folder = watched.make_folder(name)
    except OSError as error:
        if error.errno in _NO_FOLDER:
            raise _foreign(name) from error
        raise
    with folder:
        if not is_ours(folder, watched):
            raise _foreign(name)
        if is_new:
            folder.share_like(watched)
        fcntl.flock(folder.descriptor, fcntl.LOCK_EX)
        yield folder


def _foreign(name: str) -> ForeignFolderError:
    return ForeignFolderError(
        f"«{name}» trong thư mục theo dõi không phải do chương trình tạo ra.",
        f"Đổi tên hoặc xóa «{name}» đó; chương trình sẽ tự tạo lại.",
    )

"""Reads secrets from the files that ``SOHOA_…_FILE`` variables name."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from pipeline.errors import MisconfiguredError
from pipeline.settings.watch import Group

_MAX_BYTES = 2**16


class SecretFiles(PydanticBaseSettingsSource):
    """Reads secrets from the files that ``SOHOA_<GROUP>__<NAME>_FILE`` name.

    An environment can be read in ``/proc`` and by ``docker inspect``; a file, such as a secret of
    Docker or a credential of systemd, need not be.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the secrets of a group; nothing for a group that has none."""
        group = field.annotation if isinstance(field.annotation, type) else None
        names = group.model_fields if group and issubclass(group, Group) else {}
        found = {
            name: _secret(f"SOHOA_{field_name}__{name}_FILE".upper())
            for name, inner in names.items()
            if inner.annotation is SecretStr
        }
        return {name: value for name, value in found.items() if value is not None}, field_name, True

    def __call__(self) -> dict[str, Any]:
        """Return the secrets of all groups."""
        groups = self.settings_cls.model_fields.items()
        values = {name: self.get_field_value(field, name)[0] for name, field in groups}
        return {name: value for name, value in values.items() if value}


def _secret(variable: str) -> str | None:
    """Return what the file holds that a variable names, without the end of its last line.

    Raises:
        MisconfiguredError: it cannot be read.
    """
    if not (named := os.environ.get(variable)):
        return None
    try:
        return _text(Path(named)).rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise MisconfiguredError(
            f"{variable}: không đọc được tệp {named[:200]!r}.", "Kiểm tra đường dẫn và quyền đọc."
        ) from error


def _text(path: Path) -> str:
    """Return what a small regular file holds; a pipe or a device might never end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size > _MAX_BYTES:
            raise OSError(errno.EINVAL, "no small regular file", str(path))
        return stream.read(_MAX_BYTES).decode("utf-8")

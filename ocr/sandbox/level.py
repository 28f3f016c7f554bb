"""Defines which parts of the sandbox are in force in a process, and says what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ocr.sandbox import landlock


class _Gap(NamedTuple):
    """What is not contained, and what closes the gap; Vietnamese."""

    what: str
    remedy: str


_GAPS = (  # in the order of a level's fields
    _Gap(
        "nhân không có Landlock, nên bộ đọc bị chiếm vẫn mở được tệp khác của cùng người dùng",
        "Dùng nhân Linux 5.13 trở lên có bật Landlock (lsm=…,landlock).",
    ),
    _Gap(
        "không lọc được lời gọi hệ thống (seccomp), nên vẫn gọi được mạng và tiến trình khác",
        "Cài bằng lệnh: sudo apt-get install libseccomp2",
    ),
    _Gap(
        "tiến trình đọc tệp vẫn là root",
        "Chạy Sohoa bằng một người dùng riêng, không phải root.",
    ),
    _Gap("nhân không khóa được việc nhận thêm quyền", "Dùng nhân Linux 5.13 trở lên."),
)
_LESS = "Landlock mức {abi} chưa có {lacks}, seccomp chặn thay"
_KINDS = {
    landlock.TRUNCATE_SINCE: "luật cắt tệp",
    landlock.NETWORK_SINCE: "luật mạng",
    landlock.SIGNALS_SINCE: "luật tín hiệu",
}


@dataclass(frozen=True, slots=True)
class Level:
    """What of the sandbox is in force in a job's process."""

    landlock: int  # version of its interface; 0: none
    filters_calls: bool
    is_unprivileged: bool
    locks_privileges: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not contained, in Vietnamese; nothing where the sandbox is complete."""
        return tuple(gap.what for gap in self._gaps)

    @property
    def remedy(self) -> str:
        """What closes the gaps, in Vietnamese; empty where the sandbox is complete."""
        return " ".join(gap.remedy for gap in self._gaps)

    @property
    def _gaps(self) -> list[_Gap]:
        held = (self.landlock, self.filters_calls, self.is_unprivileged, self.locks_privileges)
        return [gap for gap, is_held in zip(_GAPS, held, strict=True) if not is_held]

    @property
    def reached(self) -> str:
        """The level in words, Vietnamese."""
        parts = [f"Landlock mức {self.landlock}" if self.landlock else "không có Landlock"]
        parts.append("có seccomp" if self.filters_calls else "không có seccomp")
        lacks = [kind for since, kind in _KINDS.items() if self.landlock < since]
        if self.landlock and self.filters_calls and lacks:
            parts[0] = _LESS.format(abi=self.landlock, lacks=", ".join(lacks))
        return "; ".join(parts)

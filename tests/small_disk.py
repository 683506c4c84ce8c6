"""A disk of its own for a process: a file system in memory, of a size that can be changed, gone with the process."""

from __future__ import annotations

import ctypes
import errno
import os
import time
from pathlib import Path

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000  # CLONE_NEWNS, CLONE_NEWUSER
_READ_ONLY, _REMOUNT, _PRIVATE = 1, 32, (1 << 18) | 16384  # MS_RDONLY, MS_REMOUNT, MS_PRIVATE | MS_REC
_ROOMY = 256 << 20
_PATIENCE = 30.0  # seconds


class SmallDisk:
    """Mounted over a folder, seen by this process and those it starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def over(cls, folder: Path) -> SmallDisk | None:
        """None where the system does not let this user mount anything. Call it in a process of its own."""
        library = ctypes.CDLL(None, use_errno=True)
        if not hasattr(library, "unshare"):
            return None
        user, group = os.getuid(), os.getgid()
        if library.unshare(_NEW_MOUNTS):
            if library.unshare(_NEW_MOUNTS | _NEW_USER):
                return None
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        if library.mount(b"none", b"/", None, _PRIVATE, None):
            return None
        if library.mount(b"none", os.fsencode(folder), b"tmpfs", 0, f"size={_ROOMY}".encode()):
            return None
        return cls(folder)

    def leave(self, free_bytes: int) -> None:
        """Let no more than this be written."""
        found = os.statvfs(self._folder)
        used = (found.f_blocks - found.f_bfree) * found.f_frsize
        self._again(0, used + free_bytes)

    def read_only(self) -> None:
        self._again(_READ_ONLY, _ROOMY)

    def make_room(self) -> None:
        self._again(0, _ROOMY)

    def _again(self, flags: int, size: int) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        deadline = time.monotonic() + _PATIENCE
        while library.mount(b"none", os.fsencode(self._folder), None, _REMOUNT | flags, f"size={size}".encode()):
            number = ctypes.get_errno()
            if number != errno.EBUSY or time.monotonic() > deadline:
                raise OSError(number, f"cannot be mounted again: {self._folder}")
            time.sleep(0.02)  # processes that were killed just now still have files open to be written

"""Who may read the data folder: the account that runs the nights, and a group what is published."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_UMASK = 0o077
_TRAVERSED = 0o710  # the group passes through to what is published, and cannot list what lies beside it
_SHARED = 0o750
_PRIVATE = 0o700
_OWN_FILE = 0o600
_OURS = ("archive", "build", "lake", "logs", "outbox", "register")


def keep_private(data_dir: Path) -> None:
    """Make the data folder, close it, and have this process leave only files that nobody else may read.

    Rights are only taken away, never given: who opened the inbox to senders, or set a group, finds it as it was. Where
    the folder belongs to another account its rights are that account's business.
    """
    os.umask(_UMASK)
    _close(data_dir, _TRAVERSED)
    _close(data_dir / "published", _SHARED)
    for name in _OURS:
        if (data_dir / name).is_dir():
            _close(data_dir / name, _PRIVATE)
    for ledger in data_dir.glob("ledger.db*"):
        _take_away(ledger, _OWN_FILE)


def _close(folder: Path, most: int) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(most)
        return
    _take_away(folder, most)


def _take_away(path: Path, most: int) -> None:
    with suppress(PermissionError, FileNotFoundError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o777 & ~most:
            path.chmod(mode & (0o7000 | most))

"""What a disk says when it does not take what is written, told with its remedy."""

from __future__ import annotations

import errno
import os

_REMEDIES = {
    errno.ENOSPC: ("磁盘已满，请腾出空间后重跑", "the disk is full: make room, then run again"),
    errno.EDQUOT: ("磁盘配额已用完，请腾出空间后重跑", "the disk quota is used up: make room, then run again"),
    errno.EFBIG: ("文件大小超过系统上限，请放宽后重跑", "a file may grow no larger: raise the limit, then run again"),
    errno.EROFS: ("磁盘是只读的，请改为可写后重跑", "the disk is read-only: make it writable, then run again"),
    errno.EACCES: (
        "没有权限，请检查文件夹的所有者和权限后重跑",
        "no permission: look at who owns the folder, then run again",
    ),
    errno.EIO: ("磁盘读写出错，请检查硬盘后重跑", "the disk failed: look at it, then run again"),
}


def remedy_in(text: str) -> str | None:
    """What to do about the trouble with a disk that a text speaks of, in Chinese and English; None if it does not."""
    return next((f"{zh} · {en}" for number, (zh, en) in _REMEDIES.items() if os.strerror(number) in text), None)


def with_remedy(text: str) -> str:
    """The text behind the remedy, where there is one and it is not said yet."""
    remedy = remedy_in(text)
    return f"{remedy}: {text}" if remedy and remedy not in text else text

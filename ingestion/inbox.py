"""The inbox: which files lie in it, which of them are ready, and opening them without ever following a link."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ingestion.personal import shown
from ingestion.texts import visible

_UNFINISHED = (
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".downloading",
    ".filepart",
    ".uploading",
    ".tmp",
    ".temp",
)
# Locks and scratch files of Excel and WPS (~$), LibreOffice (.~lock), WPS (.~), Word (~WRL), NFS and FUSE.
_EDITOR = re.compile(r"~\$.*|\.~.*|~wrl.*\.tmp|~[0-9a-f]+\.tmp|.*~|\.nfs[0-9a-f]+|\.fuse_hidden.*", re.I)
_SYSTEM_FILE = re.compile(r"\.ds_store|\._.*|thumbs\.db|ehthumbs\.db|desktop\.ini|\.directory|\.gitkeep|\.keep", re.I)
_SYSTEM_FOLDER = re.compile(
    r"__macosx|@eadir|#recycle|\$recycle\.bin|system volume information|\.trash.*|\.st(?:folder|versions)|\.git|\.svn",
    re.I,
)


class LeftBecause(Enum):
    """Why a file stays in the inbox: Chinese, English, and whether the next night tries again."""

    STILL_WRITING = ("正在写入，留到下一晚", "still being written, waits for the next night", True)
    UNFINISHED_TRANSFER = ("没有传完，留到下一晚", "the transfer is unfinished, waits for the next night", True)
    UNREADABLE = ("没有读取权限", "may not be read", True)
    EDITOR_FILE = ("表格软件的临时文件", "a lock or scratch file of an editor", False)
    SYSTEM_FILE = ("系统文件", "a file of the operating system", False)
    LINK = ("符号链接，不跟随", "a symbolic link, never followed", False)
    NOT_A_FILE = ("不是普通文件", "not a regular file", False)
    CANNOT_REMOVE = ("已收下，但无法从收件箱移走", "taken in, but may not be removed from the inbox", False)

    def __init__(self, zh: str, en: str, waits: bool) -> None:
        self.zh = zh
        self.en = en
        self.waits = waits


@dataclass(frozen=True, slots=True)
class Left:
    """A file that stays in the inbox."""

    file_name: str
    reason: LeftBecause


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that lies ready: `parts` is its path below the inbox, `file_name` the same as a harmless text."""

    parts: tuple[str, ...]
    file_name: str
    suffix: str
    identity: tuple[int, int, int, int]  # device, inode, size, modified (ns): another means other bytes
    size_bytes: int
    modified_ns: int


def look_through(inbox: Path, quiet_seconds: float) -> tuple[list[Arrival], list[Left]]:
    """Everything in the inbox, at any depth: what is ready, in order of modification and name, and what stays."""
    ready: list[Arrival] = []
    left: list[Left] = []
    for parts, status in _walk(inbox):
        if isinstance(status, LeftBecause):
            left.append(Left(harmless(parts), status))
            continue
        reason = _stays(parts[-1], status, quiet_seconds)
        if reason:
            left.append(Left(harmless(parts), reason))
        else:
            name = harmless(parts)
            ready.append(Arrival(parts, name, _suffix(name), _identity(status), status.st_size, _saved_ns(status)))
    ready.sort(key=lambda arrival: (arrival.modified_ns, arrival.file_name, arrival.parts))
    return ready, sorted(left, key=lambda file: file.file_name)


def open_arrival(inbox: Path, arrival: Arrival) -> int | LeftBecause | None:
    """A descriptor to read the file by, or why it stays; None when it is gone."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with _folder_of(inbox, arrival) as folder:
            return os.open(arrival.parts[-1], flags, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        return LeftBecause.LINK if error.errno in (errno.ELOOP, errno.ENOTDIR) else LeftBecause.UNREADABLE


def is_unchanged(descriptor: int, arrival: Arrival) -> bool:
    """Whether an open file is still the one that was found."""
    return _identity(os.fstat(descriptor)) == arrival.identity


def remove(inbox: Path, arrival: Arrival) -> LeftBecause | None:
    """Remove a file that was taken in, unless another has taken its place; returns why it stays, if it does."""
    try:
        with _folder_of(inbox, arrival) as folder:
            now = os.stat(arrival.parts[-1], dir_fd=folder, follow_symlinks=False)
            if _identity(now) != arrival.identity:
                return LeftBecause.STILL_WRITING
            os.unlink(arrival.parts[-1], dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError:
        return LeftBecause.CANNOT_REMOVE
    return None


def harmless(parts: tuple[str, ...]) -> str:
    """A path as a text that can be stored and shown.

    No control or direction marks, names in GB18030 decoded, numbers of persons masked.
    """
    return "/".join(shown(_printable(part)) for part in parts)


def _printable(part: str) -> str:
    return visible(_decoded(part), keep="") or "�"


def _decoded(part: str) -> str:
    """File systems hold bytes; archives packed on Chinese Windows unpack to names in GB18030."""
    raw = os.fsencode(part)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="replace")


def _suffix(file_name: str) -> str:
    """The ending that tells the kind, with its dot: lower case, blanks and dots after it left out."""
    name = unicodedata.normalize("NFKC", file_name.rpartition("/")[2]).rstrip(" .").lower()
    stem, dot, ending = name.rpartition(".")
    return dot + ending if stem else ""


def _walk(inbox: Path) -> Iterator[tuple[tuple[str, ...], os.stat_result | LeftBecause]]:
    folders: list[tuple[str, ...]] = [()]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(os.path.join(inbox, *folder)))  # noqa: PTH118 (Path is slow)
        except FileNotFoundError:
            continue
        except OSError:
            yield folder or (inbox.name,), LeftBecause.UNREADABLE
            continue
        for entry in entries:
            parts = (*folder, entry.name)
            try:
                if not entry.is_dir(follow_symlinks=False):
                    yield parts, entry.stat(follow_symlinks=False)
                elif _SYSTEM_FOLDER.fullmatch(entry.name):
                    yield parts, LeftBecause.SYSTEM_FILE
                else:
                    folders.append(parts)
            except FileNotFoundError:
                continue


def _stays(name: str, status: os.stat_result, quiet_seconds: float) -> LeftBecause | None:
    if stat.S_ISLNK(status.st_mode):
        return LeftBecause.LINK
    if not stat.S_ISREG(status.st_mode):
        return LeftBecause.NOT_A_FILE
    if _SYSTEM_FILE.fullmatch(name):
        return LeftBecause.SYSTEM_FILE
    if _EDITOR.fullmatch(name):
        return LeftBecause.EDITOR_FILE
    if name.lower().endswith(_UNFINISHED):
        return LeftBecause.UNFINISHED_TRANSFER
    return LeftBecause.STILL_WRITING if _is_fresh(status, quiet_seconds) else None


def _is_fresh(status: os.stat_result, quiet_seconds: float) -> bool:
    """Judged by this machine's clock, not by the night's `now`, which may be when the night was due."""
    return time.time() - _saved_ns(status) / 1e9 < quiet_seconds


def _saved_ns(status: os.stat_result) -> int:
    """When a file was last saved; a sender's clock may run ahead by years, so no later than it came to lie here."""
    return min(status.st_mtime_ns, status.st_ctime_ns)


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@contextmanager
def _folder_of(inbox: Path, arrival: Arrival) -> Iterator[int]:
    """The folder a file lies in, opened step by step so that no part of the way may be a link."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    folder = os.open(inbox, flags)
    try:
        for part in arrival.parts[:-1]:
            below = os.open(part, flags | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        yield folder
    finally:
        os.close(folder)

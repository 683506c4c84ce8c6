"""The archive: every file's bytes, unchanged and read-only, under the SHA-256 they have."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_DIRECTORY_MODE = 0o700
_FILE_MODE = 0o400
_INCOMING = ".incoming"
_CHUNK = 1 << 20


class SourceError(Exception):
    """The file to be stored cannot be read."""


def archived_path(archive: Path, sha256: str) -> Path:
    """Where the bytes with this hash are kept."""
    return archive / sha256[:2] / sha256


@contextmanager
def only_intake(archive: Path) -> Iterator[None]:
    """Keep a second intake waiting until this one ends, however it ends; leftovers of a killed one are cleared."""
    make_directory(archive)
    lock = os.open(archive / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_directory(archive / _INCOMING)
        for leftover in (archive / _INCOMING).iterdir():
            leftover.unlink()
        yield
    finally:
        os.close(lock)


def store(archive: Path, source: int, name: str) -> str:
    """Copy an open file into the archive and return its SHA-256; once it stands there it is whole and on disk.

    The bytes are copied, not linked: whoever still has the file open cannot change the archive through it. They are
    hashed as they are written, so the name is true. `name` tells concurrent copies apart. Raises SourceError when the
    file cannot be read, OSError when the archive cannot be written.
    """
    aside = archive / _INCOMING / name
    digest = hashlib.sha256()
    target = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE)
    try:
        while chunk := _read(source):
            digest.update(chunk)
            _write_all(target, chunk)
        path = archived_path(archive, digest.hexdigest())
        if is_intact(path):
            aside.unlink()
            return path.name
        os.fchmod(target, _FILE_MODE)
        os.fsync(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    finally:
        os.close(target)
    make_directory(path.parent)
    aside.replace(path)
    return path.name


def is_intact(path: Path) -> bool:
    """Whether an archived file is there and its bytes have the hash it is named by."""
    try:
        return sha256_of(path) == path.name
    except FileNotFoundError:
        return False


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, by which a change shows."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_directory(directory: Path) -> None:
    """Make a folder of the archive, closed to others."""
    if not directory.is_dir():
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(_DIRECTORY_MODE)
        flush_directories([directory.parent])


def flush_directories(directories: Iterable[Path]) -> None:
    """Make sure that the names in these folders outlive a power cut."""
    for directory in sorted(set(directories)):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read(source: int) -> bytes:
    try:
        return os.read(source, _CHUNK)
    except OSError as error:
        raise SourceError(str(error)) from error


def _write_all(target: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(target, view) :]

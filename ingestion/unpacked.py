"""What a file holds, told before anything is unpacked: how large it is, whether it is locked."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from typing import NamedTuple

from ingestion.sheet_parts import sheet_parts
from ingestion.zip_directory import ZIP, entries

MOST_UNPACKED = 256 << 20  # a sheet of a million cells unpacks to some 50 MB
_MOST_PACKED = 1032  # how many bytes deflate makes of one at most
_LARGE, _TIGHT = 50_000, 60  # bytes, and how many times as many as packed: parts of returns have ten times as many
_OLE, _LOCKED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
_READ = (b".xml", b".bin")  # what a workbook consists of; pictures and whatever else is packed with it are not read


class Unpacked(NamedTuple):
    """What a workbook says that its parts unpack to, in bytes; of what is no zip archive, how many it has.

    One thing over and over packs many times as tight as a return, and is what a reader may get many copies of.
    """

    size: int
    is_repetitive: bool


def unpacked(content: bytes) -> Unpacked:
    total, is_repetitive = 0, False
    if content.startswith(ZIP):
        with suppress(ValueError):  # cut off or damaged: whoever opens it will say so
            for entry in entries(content):
                if content[entry.name_end - 4 : entry.name_end] in _READ:
                    size = entry.unpacked
                    total += size
                    is_repetitive |= size > _LARGE and size > entry.packed * _TIGHT
    return Unpacked(max(total, len(content)), is_repetitive)


def is_locked(content: bytes) -> bool:
    """Whether a workbook lies encrypted in another file: trying a password takes longer than reading what it hides."""
    return content.startswith(_OLE) and _LOCKED in content


def is_bomb(content: bytes) -> bool:
    """Whether a workbook says itself that it unpacks to more than is ever read."""
    return len(content) > MOST_UNPACKED // _MOST_PACKED and unpacked(content).size > MOST_UNPACKED


def is_bomb_of_sheets(content: bytes, sheet_count: int) -> bool:
    """Whether the sheets of a workbook unpack to more than is ever read, each counted though others show the same part.

    Raises what zipfile does for a damaged archive.
    """
    if sheet_count * len(content) <= MOST_UNPACKED // _MOST_PACKED or not content.startswith(ZIP):
        return False  # so small that it need not be looked at
    if sheet_count * unpacked(content).size <= MOST_UNPACKED:
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = sheet_parts(archive)
        sizes = [part.entry.file_size for part in parts or () if part.entry]
        largest = max(entry.file_size for entry in archive.infolist())
    unknown = max(0, sheet_count - len(sizes))  # each may be any
    return parts is not None and sum(sizes) + unknown * largest > MOST_UNPACKED

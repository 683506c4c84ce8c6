"""What a file holds, told before anything is unpacked: how large it is, whether it is locked."""

from __future__ import annotations

from contextlib import suppress

from ingestion.zip_directory import ZIP, entries

MOST_UNPACKED = 256 << 20  # a sheet of a million cells unpacks to some 50 MB
_MOST_PACKED = 1032  # how many bytes deflate makes of one at most
_OLE, _LOCKED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
_READ = (b".xml", b".bin")  # what a workbook consists of; pictures and whatever else is packed with it are not read


def unpacked_bytes(content: bytes) -> int:
    """How many bytes a workbook says that its parts unpack to; of what is no zip archive, how many it has."""
    total = 0
    if content.startswith(ZIP):
        with suppress(ValueError):  # cut off or damaged: whoever opens it will say so
            for entry in entries(content):
                if content[entry.name_end - 4 : entry.name_end] in _READ:
                    total += entry.unpacked
    return max(total, len(content))


def is_locked(content: bytes) -> bool:
    """Whether a workbook lies encrypted in another file: trying a password takes longer than reading what it hides."""
    return content.startswith(_OLE) and _LOCKED in content


def is_bomb(content: bytes) -> bool:
    """Whether a workbook says itself that it unpacks to more than is ever read."""
    return len(content) > MOST_UNPACKED // _MOST_PACKED and unpacked_bytes(content) > MOST_UNPACKED

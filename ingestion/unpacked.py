"""How large what a file holds is once unpacked, told by its directory before anything is unpacked."""

from __future__ import annotations

from struct import Struct, error, unpack_from

ZIP = b"PK\x03\x04"
MOST_UNPACKED = 256 << 20  # a sheet of a million cells unpacks to some 50 MB
_MOST_PACKED = 1032  # how many bytes deflate makes of one at most
# Of an entry of a zip archive's directory: its mark, unpacked size, lengths of name, extra field and comment.
_ENTRY, _ENTRY_MARK = Struct("<4s20xIHHH"), b"PK\x01\x02"
_NAME_AT, _DIRECTORY_END = 46, b"PK\x05\x06"
_READ = (b".xml", b".bin")  # what a workbook consists of; pictures and whatever else is packed with it are not read


def unpacked_bytes(content: bytes) -> int:
    """How many bytes a workbook says that its parts unpack to; of what is no zip archive, how many it has."""
    if not content.startswith(ZIP):
        return len(content)
    total = 0
    try:
        end = content.rindex(_DIRECTORY_END)
        (count,) = unpack_from("<H", content, end + 10)
        (position,) = unpack_from("<I", content, end + 16)
        for _ in range(count):
            mark, size, name, extra, comment = _ENTRY.unpack_from(content, position)
            if mark != _ENTRY_MARK:
                break
            name_end = position + _NAME_AT + name
            if content[name_end - 4 : name_end] in _READ:
                total += size
            position = name_end + extra + comment
    except (ValueError, error):  # cut off or damaged: whoever opens it will say so
        return max(total, len(content))
    return max(total, len(content))


def is_bomb(content: bytes) -> bool:
    """Whether a workbook says itself that it unpacks to more than is ever read."""
    return len(content) > MOST_UNPACKED // _MOST_PACKED and unpacked_bytes(content) > MOST_UNPACKED

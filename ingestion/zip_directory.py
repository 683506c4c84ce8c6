"""The directory of a zip archive, read by hand: it costs half of what zipfile does, and nothing is unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct, error, unpack_from
from typing import NamedTuple

ZIP = b"PK\x03\x04"
_END, _MARK = b"PK\x05\x06", b"PK\x01\x02"
# Mark, method, packed and unpacked size, lengths of name, extra field and comment, where the entry begins.
_ENTRY = Struct("<4s6xH8xIIHHH8xI")


class Entry(NamedTuple):
    """An entry as the directory tells of it: where its name stands, and sizes in bytes."""

    name_begin: int
    name_end: int
    method: int
    packed: int
    unpacked: int
    begin: int


def entries(content: bytes) -> Iterator[Entry]:
    """The entries of an archive, in order; raises ValueError where its directory is cut off or damaged."""
    try:
        end = content.rindex(_END)
        (count,) = unpack_from("<H", content, end + 10)
        (position,) = unpack_from("<I", content, end + 16)
        for _ in range(count):
            mark, method, packed, unpacked, name, extra, comment, begin = _ENTRY.unpack_from(content, position)
            if mark != _MARK:
                raise ValueError(position)
            name_begin = position + _ENTRY.size
            position = name_begin + name + extra + comment
            yield Entry(name_begin, name_begin + name, method, packed, unpacked, begin)
    except error as cut_off:
        raise ValueError(str(cut_off)) from cut_off

"""An xls workbook encrypted with a password, as Excel does it: RC4 CryptoAPI ([MS-OFFCRYPTO] 2.3.5)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from hashlib import sha1
from struct import pack, pack_into, unpack_from

import olefile
from xlwt.CompoundDoc import XlsDoc

_BOUND_SHEET, _FILE_PASS = 0x0085, 0x002F
_NEVER_ENCRYPTED = (0x0809, _FILE_PASS, 0x00E1)
_SALT, _VERIFIER = bytes(range(16)), bytes(range(16, 32))
_BLOCK = 1024
_KEY_BYTES = 16


def locked_xls(content: bytes, password: str) -> bytes:
    """The workbook, which xlwt wrote, encrypted."""
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        stream = container.openstream("Workbook").read()
    begun = sha1(_SALT + password.encode("utf-16-le")).digest()
    header = pack("<8I", 4, 0, 0x6801, 0x8004, _KEY_BYTES * 8, 1, 0, 0) + "RC4\0".encode("utf-16-le")
    proof = bytes(map(int.__xor__, _VERIFIER + sha1(_VERIFIER).digest(), _key_stream(begun, 0)))
    info = pack("<3HII", 1, 2, 2, 4, len(header)) + header + pack("<I", 16) + _SALT + proof[:16] + pack("<I", 20)
    added = pack("<HH", _FILE_PASS, len(info) + 20) + info + proof[16:]
    first = 4 + unpack_from("<H", stream, 2)[0]
    locked = bytearray(stream[:first] + added + stream[first:])
    keys: dict[int, bytes] = {}
    for kind, begin, end in _records(locked):
        if kind == _BOUND_SHEET:  # where the sheet begins stays readable
            pack_into("<I", locked, begin, unpack_from("<I", locked, begin)[0] + len(added))
            begin += 4
        for place in range(begin, begin if kind in _NEVER_ENCRYPTED else end):
            block = place // _BLOCK
            if block not in keys:
                stream_of_block = _key_stream(begun, block)
                keys[block] = bytes(next(stream_of_block) for _ in range(_BLOCK))
            locked[place] ^= keys[block][place % _BLOCK]
    buffer = io.BytesIO()
    XlsDoc().save(buffer, bytes(locked))
    return buffer.getvalue()


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    place = 0
    while place + 4 <= len(stream) and any(stream[place : place + 4]):
        kind, size = unpack_from("<HH", stream, place)
        yield kind, place + 4, place + 4 + size
        place += 4 + size


def _key_stream(begun: bytes, block: int) -> Iterator[int]:
    key = sha1(begun + pack("<I", block)).digest()[:_KEY_BYTES]
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % _KEY_BYTES]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = 0
    while True:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        yield state[(state[i] + state[j]) & 255]

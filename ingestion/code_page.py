"""In which code page the texts of an .xls workbook are, where calamine goes by one that they are not in.

From Excel 97 on they are Unicode whatever code page the workbook names, and writers of that time for Java and Perl name
the Western one ([MS-XLS] 2.5.294). Before, Chinese ones take two bytes a character: calamine reads each as one, and a
writer for PHP named the Western code page, or none, for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from struct import pack_into, unpack_from

from ingestion.text_files import damaged_cells
from ingestion.workbook import Sheet

# The first record of a workbook: its version, which is 6 from Excel 97 on and 5 before, and 5 for what begins there.
_BEGIN = re.compile(rb"\x09\x08..\x00([\x05\x06])\x05\x00", re.DOTALL)
_SINCE_97 = b"\x06"
_CODE_PAGE, _FILE_PASS, _FIRST_SHEET = 0x0042, 0x002F, 0x0085
_FIRST_BLOCK = 512  # what a container keeps in one piece
_MOST_WORKBOOKS = 20  # the one that is read, and those within it
_UNICODE, _WESTERN = 1200, 1252
_CODECS = {936: "gb18030", 950: "big5hkscs", 54936: "gb18030"}
_CHINESE, _PERHAPS_CHINESE = "gb18030", "gb2312"
_NEARLY_ALL = 0.9
# Which byte each Western character stands for; five bytes stand for none and are taken for control characters.
_BYTES = {ord(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(256)}


def with_readable_code_page(content: bytes) -> tuple[bytes, str]:
    """The workbook naming a code page by which calamine loses nothing, and the codec that its texts are to be read by.

    The codec is empty where calamine reads the texts right; see `read_by`.
    """
    codec, is_since_97 = "", False
    renamed: list[tuple[int, int]] = []
    for begin in islice(_BEGIN.finditer(content), _MOST_WORKBOOKS):
        is_since_97 = is_since_97 or begin[1] == _SINCE_97
        place = _place(content, begin.start())
        named = unpack_from("<H", content, place)[0] if place else _UNICODE
        if place and begin[1] == _SINCE_97 and named != _UNICODE:
            renamed.append((place, _UNICODE))
        elif place and begin[1] != _SINCE_97 and named in _CODECS:
            renamed.append((place, _WESTERN))
            codec = codec or _CODECS[named]
        elif begin[1] != _SINCE_97 and named in (_UNICODE, _WESTERN):
            codec = codec or _PERHAPS_CHINESE
    if renamed:
        changed = bytearray(content)
        for place, code_page in renamed:
            pack_into("<H", changed, place, code_page)
        content = bytes(changed)
    return content, "" if is_since_97 else codec


def _place(content: bytes, begin: int) -> int | None:
    """Where a workbook names its code page; None where it names none, or is encrypted."""
    position, end = begin, min(begin + _FIRST_BLOCK, len(content)) - 6
    while position <= end:
        kind, size = unpack_from("<HH", content, position)
        position += 4
        if kind == _CODE_PAGE and size == 2:
            return position
        if kind == _FIRST_SHEET or (kind == _FILE_PASS and any(content[position : position + size])):
            return None
        position += size
    return None


def read_by(codec: str, sheets: list[Sheet]) -> list[Sheet]:
    """The sheets with their texts, which were taken for Western ones, read by the codec.

    Where it is that of common Chinese characters alone, texts are Chinese if all can be and nearly all are common.
    """
    if codec == _PERHAPS_CHINESE:
        if not _are_chinese(sheets):
            return sheets
        codec = _CHINESE
    for sheet in sheets:
        for row in sheet.rows:
            row[:] = [_bytes(cell).decode(codec, "replace") if type(cell) is str and cell else cell for cell in row]
    return [
        sheet._replace(name=_bytes(sheet.name).decode(codec, "replace"), damaged=tuple(damaged_cells(sheet.rows)))
        for sheet in sheets
    ]


def _are_chinese(sheets: Sequence[Sheet]) -> bool:
    texts = [sheet.name for sheet in sheets]
    texts.extend(cell for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str))
    try:
        read = "".join(_bytes(text).decode(_CHINESE) for text in texts if not text.isascii())
    except UnicodeDecodeError:
        return False
    beyond = [character for character in read if not character.isascii()]
    common = len("".join(beyond).encode(_PERHAPS_CHINESE, "ignore")) // 2
    return common > _NEARLY_ALL * len(beyond)


def _bytes(text: str) -> bytes:
    return text.translate(_BYTES).encode("latin-1", "replace")

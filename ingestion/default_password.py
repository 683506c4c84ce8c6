"""Workbooks that Excel opens without asking: it encrypts with a password of its own what only has protected sheets."""

from __future__ import annotations

import io
from struct import pack_into, unpack_from

_PASSWORD = "VelvetSweatshop"  # noqa: S105 - known to everyone

_MOST_FILLING = 0xFFFF


def decrypted(content: bytes) -> bytes:
    """The workbook as Excel opens it; raises ValueError where Excel would ask for a password."""
    import msoffcrypto
    from msoffcrypto.format.xls97 import Xls97File

    opened = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        if isinstance(file, Xls97File):  # always verifies the password, and takes no word to do so
            file = Xls97File(io.BytesIO(_with_whole_records(content)))
            file.load_key(password=_PASSWORD)
        else:
            file.load_key(password=_PASSWORD, verify_password=True)
        file.decrypt(opened)
    except Exception as error:  # a wrong password and a broken file come as many kinds
        raise ValueError(str(error)) from error
    return opened.getvalue()


def _with_whole_records(content: bytes) -> bytes:
    """An xls workbook whose last block is filled with one record of zeros: the decryption gives up at half a record."""
    import olefile  # type: ignore[import-untyped]

    file = io.BytesIO(content)
    with olefile.OleFileIO(file, write_mode=True) as container:
        stream = bytearray(container.openstream("Workbook").read())
        end = 0
        while end + 4 <= len(stream) and any(stream[end : end + 4]):
            end += 4 + unpack_from("<H", stream, end + 2)[0]
        filling = len(stream) - end - 4
        if 0 <= filling <= _MOST_FILLING:
            pack_into("<H", stream, end + 2, filling)
            container.write_stream("Workbook", bytes(stream))
    return file.getvalue()

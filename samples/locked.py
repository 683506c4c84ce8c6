"""A workbook that is protected by a password.

Encrypting draws random salts, and the sample must be the same bytes on every run; so the file is kept beside
this module. It was made with msoffcrypto-tool (password: jiceng-sample) from an empty leadership return.
"""

from __future__ import annotations

from pathlib import Path


def locked_workbook() -> bytes:
    """The bytes of an encrypted .xlsx file."""
    return Path(__file__).with_name("locked.xlsx").read_bytes()

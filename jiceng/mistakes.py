"""What goes wrong in a command, told in a line or two; what nobody expected leaves a log."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

UNEXPECTED = 70
_TO_OWN_FILE = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC  # no link that others planted
# The exception families whose texts are written for people. A module that was never imported raised nothing.
_EXPECTED = (
    ("jiceng.settings", "SettingsError"),
    ("jiceng.step", "NightError"),
    ("jiceng.one_night", "NightIsRunning"),
    ("jiceng.mart_tables", "NoSuchMart"),
    ("jiceng.query", "QueryError"),
    ("jiceng.query_limits", "OverLimitError"),
    ("jiceng.register_tables", "NoSuchArea"),
    ("jiceng.closing", "ClosingError"),
    ("ingestion.forms", "FormError"),
    ("ingestion.ledger_tables", "LedgerError"),
    ("ingestion.lake_errors", "LakeError"),
    ("ingestion.register_files", "RegisterError"),
    ("warehouse.build_results", "WarehouseError"),
    ("warehouse.versions", "SnapshotError"),
    ("expectations.checkpoint", "ChecksError"),
    ("delivery.alerts", "AlertError"),
)


class CannotDo(Exception):  # noqa: N818 - what a command says, not a mistake of the program
    """What a command was asked for does not go: says why and what to do."""


def told(error: Exception) -> int:
    """Tell an error on standard error; the exit code that says of which kind it was."""
    from ingestion.texts import visible
    from jiceng.told_errors import explain_error, mask_error

    explain_error(error)
    mask_error(error)
    loaded = [(sys.modules.get(module), name) for module, name in _EXPECTED]
    families = (CannotDo, *(getattr(module, name) for module, name in loaded if hasattr(module, name)))
    lines = [visible(line) for line in (str(error), *getattr(error, "__notes__", []))]
    if isinstance(error, families):
        print("错误 Error:", *lines, sep="\n  " if len(lines) > 1 else " ", file=sys.stderr)
        return 1
    if isinstance(error, OSError):
        told = f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
        print(f"错误 Error: {visible(told)}", file=sys.stderr)
        return 1
    print(f"程序意外出错 Unexpected error: {type(error).__name__}: {lines[0]}", file=sys.stderr)
    print(f"详见日志 See the log: {_log(error)}", file=sys.stderr)
    return UNEXPECTED


def _log(error: Exception) -> Path:
    import tempfile
    import traceback

    from ingestion.moments import CHINA
    from ingestion.personal import shown_lines

    text = f"{datetime.now(CHINA):%Y-%m-%d %H:%M:%S%z} {sys.argv}\n{''.join(traceback.format_exception(error))}\n"
    text = shown_lines(text)
    for folder in (_logs(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(folder / "jiceng.log", _TO_OWN_FILE, 0o600), "a", encoding="utf-8") as log:
                log.write(text)
            return folder / "jiceng.log"
        except OSError:
            continue
    return Path("-")


def _logs() -> Path:
    from jiceng.settings import PROJECT, SettingsError, load_settings

    try:
        return load_settings().logs
    except SettingsError:
        return PROJECT / "data" / "logs"

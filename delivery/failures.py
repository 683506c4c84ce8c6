"""Checks of a night that did not pass, and the rows that broke them, as the build holds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class FailedRow:
    """A row of a return that broke a check, and where it stands; a text that is not known is empty."""

    file_name: str
    sheet_name: str
    cell: str
    branch_name: str
    period: str
    value: str
    zh: str
    en: str


@dataclass(frozen=True)
class FailedCheck:
    """A check that did not pass; `could_run` is false where it could not be judged at all."""

    check_id: str
    severity: str
    owner: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    could_run: bool
    rows_failed: int
    rows: tuple[FailedRow, ...] = ()


def failed_checks(database: Path, run_id: str, *, rows_each: int) -> tuple[FailedCheck, ...]:
    """The gravest first, each with its first rows. Empty where the build cannot be read.

    That something is wrong has to be told even then.
    """
    try:
        with duckdb.connect(database, read_only=True) as build:
            checks = build.execute(_CHECKS, [run_id]).fetchall()
            return tuple(_failed_check(build, run_id, check, rows_each) for check in checks)
    except duckdb.Error:
        return ()


_CHECKS = """
    select
        check_id, severity, owner, text_zh, text_en, remedy_zh, remedy_en,
        status <> 'error' as could_run, coalesce(rows_failed, 0) as rows_failed
    from quality.check_result
    where run_id = ? and status in ('fail', 'error')
    order by
        case severity when 'critical' then 0 when 'error' then 1 when 'warning' then 2 else 3 end,
        rows_failed desc,
        check_id
"""
_ROWS = """
    select file_name, sheet_name, cell, branch_name, period, value, text_zh, text_en
    from quality.check_failure
    where run_id = ? and check_id = ?
    order by file_name, sheet_name, row_number, cell
    limit ?
"""


def _failed_check(
    build: duckdb.DuckDBPyConnection, run_id: str, check: tuple[object, ...], rows_each: int
) -> FailedCheck:
    *texts, could_run, rows_failed = check
    check_id, severity, owner, zh, en, remedy_zh, remedy_en = (one_line(text) for text in texts)
    found = build.execute(_ROWS, [run_id, check_id, rows_each]).fetchall()
    rows = tuple(FailedRow(*(one_line(text) for text in row)) for row in found)
    failed = int(str(rows_failed))
    return FailedCheck(check_id, severity, owner, zh, en, remedy_zh, remedy_en, bool(could_run), failed, rows)


def one_line(value: object, width: int = 120) -> str:
    """What stood in a workbook, as one short line of what can be seen."""
    if value is None:
        return ""
    seen = "".join(character if character.isprintable() else " " for character in str(value))
    text = " ".join(seen.split())
    return text if len(text) <= width else f"{text[: width - 1]}…"

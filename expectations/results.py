"""Results of a night's checks, and the tables of schema `quality` that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ingestion.findings import Severity

if TYPE_CHECKING:
    import duckdb


class Status(StrEnum):
    """What became of a check."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NO_DATA = "no_data"  # there was no row to judge
    ERROR = "error"  # the check itself broke


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that broke a rule, and the cell that shows it; what is no return's row (a county, a night) has no cell."""

    run_id: str
    check_id: str
    form: str | None
    severity: Severity
    owner: str
    period: str | None
    reporting_unit_code: str | None
    branch_code: str | None
    branch_name: str | None
    field: str | None
    value: str
    file_sha256: str | None
    file_name: str | None
    sheet_name: str | None
    row_number: int | None
    cell: str | None
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One rule and what became of it. `rows_waived` broke it, but are known exceptions."""

    run_id: str
    check_id: str
    form: str | None
    severity: Severity
    owner: str
    text_zh: str
    text_en: str
    remedy_zh: str
    remedy_en: str
    status: Status
    rows_checked: int
    rows_failed: int
    rows_waived: int
    checked_at: datetime

    @property
    def passed(self) -> bool:
        return self.status in (Status.PASS, Status.NO_DATA)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What became of every rule; the counts are rules that did not pass."""

    results: tuple[CheckResult, ...]

    @property
    def critical(self) -> int:
        return self._not_passed(Severity.CRITICAL)

    @property
    def errors(self) -> int:
        return self._not_passed(Severity.ERROR)

    @property
    def warnings(self) -> int:
        return self._not_passed(Severity.WARNING)

    @property
    def infos(self) -> int:
        return self._not_passed(Severity.INFO)

    @property
    def blocks(self) -> bool:
        """Nothing may be published."""
        return self.critical > 0

    def _not_passed(self, severity: Severity) -> int:
        return sum(result.severity is severity and not result.passed for result in self.results)


_RESULT_COLUMNS = """
    run_id varchar not null, check_id varchar not null, form varchar, severity varchar not null, owner varchar not null,
    text_zh varchar not null, text_en varchar not null, remedy_zh varchar not null, remedy_en varchar not null,
    status varchar not null, rows_checked bigint not null, rows_failed bigint not null, rows_waived bigint not null,
    checked_at timestamptz not null
"""
_FAILURE_COLUMNS = """
    run_id varchar not null, check_id varchar not null, form varchar, severity varchar not null, owner varchar not null,
    period varchar, reporting_unit_code varchar, branch_code varchar, branch_name varchar,
    field varchar, value varchar not null,
    file_sha256 varchar, file_name varchar, sheet_name varchar, row_number integer, cell varchar,
    text_zh varchar not null, text_en varchar not null
"""


def write_results(
    connection: duckdb.DuckDBPyConnection, results: Sequence[CheckResult], failures: Sequence[Failure]
) -> None:
    """Replace both tables in one transaction: they tell of the night that was checked last, like the build itself."""
    connection.execute("begin")
    try:
        connection.execute("create schema if not exists quality")
        for table, columns, rows in (
            ("check_result", _RESULT_COLUMNS, results),
            ("check_failure", _FAILURE_COLUMNS, failures),
        ):
            connection.execute(f"create or replace table quality.{table} ({columns})")
            _insert(connection, f"quality.{table}", rows)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[CheckResult] | Iterable[Failure]) -> None:
    import pyarrow as pa

    values = [{name: str(it) if isinstance(it, StrEnum) else it for name, it in asdict(row).items()} for row in rows]
    if values:
        connection.register("rows_to_write", pa.Table.from_pylist(values))
        connection.execute(f"insert into {table} by name select * from rows_to_write")  # noqa: S608 - a name of our own
        connection.unregister("rows_to_write")

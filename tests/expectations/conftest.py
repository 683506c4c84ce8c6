"""A small build: staging tables of literal rows, as dbt would leave them."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from expectations.checkpoint import CheckReport, run_checks
from ingestion.forms import load_forms
from ingestion.lake_schemas import BRANCHES, FILES, FINDINGS, QUARANTINE, SHEETS, TABLES, raw_schema
from ingestion.texts import column_letter

PROJECT = Path(__file__).resolve().parents[2]
SUITES = PROJECT / "expectations" / "suites"
FORMS = load_forms()
MORNING = datetime(2015, 2, 2, 1, tzinfo=UTC)
_OF_FILE = ("file_sha256", "file_name", "received_at")
_TEXTS = (
    "form, form_zh, field, field_zh, unit, period, reporting_unit_code, branch_code, branch_name, old_value,"
    " old_file_name, old_sheet_name, old_cell, file_sha256, file_name, sheet_name, cell"
)
REVISIONS = pa.schema(
    [
        *((name, pa.string()) for name in _TEXTS.split(", ")),
        ("old_row_number", pa.int32()),
        ("row_number", pa.int32()),
        ("is_withdrawn", pa.bool_()),
        ("counts_now", pa.bool_()),
    ]
)


def end_of(period: str) -> date:
    year, part = int(period[:4]), period[5:]
    if not part:
        return date(year, 12, 31)
    month = 3 * int(part[1]) if part[0] == "Q" else 6 * int(part[1]) if part[0] == "H" else int(part)
    return date(year, month, calendar.monthrange(year, month)[1])


def _state(value: object, nil: bool) -> str:
    if value is None:
        return "nil" if nil else "missing"
    return "zero" if value == 0 and value is not False else "reported"


@dataclass
class Build:
    """Rows by table; `write` makes the database."""

    database: Path
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def report(
        self,
        form: str,
        period: str,
        branch_code: str,
        *,
        nil: tuple[str, ...] = (),
        exempt: tuple[str, ...] = (),
        at: datetime = MORNING,
        unread: tuple[str, ...] = (),
        **values: Any,
    ) -> None:
        """A row of a return; money in yuan by the field's name, what is not named is missing."""
        spec, unit = FORMS.by_name[form], branch_code[:9]
        rows = self.rows.setdefault(f"stg_returns__{form}", [])
        sha256 = f"{form}-{period}-{unit}" + ("" if at == MORNING else f"-{at:%m%d}")
        row: dict[str, Any] = {
            "batch_id": "b1",
            "file_sha256": sha256,
            "file_name": f"{unit}/{period}.xlsx",
            "sheet_name": spec.titles[0],
            "table_number": 1,
            "row_number": 5 + sum(other["file_sha256"] == sha256 for other in rows),
            "reporting_unit_code": unit,
            "branch_code": branch_code,
            "branch_name": f"村{branch_code[-3:]}",
            "period": period,
            "period_end": end_of(period),
            "received_at": at,
            "form_version": 1,
        }
        assert set(values) | set(nil) | set(exempt) <= set(spec.by_name)
        for column in spec.columns:
            value = values.get(column.name)
            row[column.lake_name] = value
            noted = "exempt" if column.name in exempt else "unread" if column.name in unread else None
            row[column.state_name] = noted or _state(value, column.name in nil)
        rows.append(row)

    def branch(self, branch_code: str, households: int) -> None:
        self.rows.setdefault("stg_register__branches", []).append(
            {"branch_code": branch_code, "kind": "village", "households": households}
        )

    def revise(self, **row: Any) -> None:
        """A row of the mart of what later files changed."""
        self.rows.setdefault("return_revision", []).append(row)

    def quarantine(
        self, form: str, period: str | None, file_name: str, *, unit: str | None = None, at: datetime = MORNING
    ) -> None:
        """A row that could not be assigned."""
        file = {"file_sha256": f"sha-{file_name}", "file_name": file_name, "received_at": at}
        row = {"form": form, "period": period, "reporting_unit_code": unit, **file}
        self.rows.setdefault("stg_lake__quarantine", []).append(row)

    def no_header(self, form: str, file_name: str, at: datetime = MORNING) -> None:
        """A file that names the form and in which no table of it was found."""
        file = {"file_sha256": f"sha-{file_name}", "file_name": file_name, "received_at": at}
        self.rows.setdefault("stg_lake__findings", []).append({"form": form, "code": "header_missing", **file})

    def write(self) -> None:
        with duckdb.connect(self.database) as connection:
            connection.execute("create schema staging")
            for form in FORMS.forms:
                schema = raw_schema(form)
                for index, name in enumerate(schema.names):
                    if name.endswith("_state"):
                        schema = schema.set(index, pa.field(name, pa.string()))
                extra = ", row_number() over (partition by period, branch_code order by received_at desc) = 1"
                self._table(connection, f"stg_returns__{form.form}", schema, f"*{extra} as is_latest_for_branch")
            sheets = {
                (row["file_sha256"], row["sheet_name"], column.name): {
                    **{name: row[name] for name in ("batch_id", "file_sha256", "sheet_name", "table_number")},
                    "form": form.form,
                    "field": column.name,
                    "column_letter": column_letter(2 + index),
                }
                for form in FORMS.forms
                for row in self.rows.get(f"stg_returns__{form.form}", [])
                for index, column in enumerate(form.columns)
            }
            self.rows["stg_lake__sheets"] = list(sheets.values())
            returns = [row for form in FORMS.forms for row in self.rows.get(f"stg_returns__{form.form}", [])]
            lost = self.rows.get("stg_lake__quarantine", []) + self.rows.get("stg_lake__findings", [])
            files = {row["file_sha256"]: {name: row[name] for name in _OF_FILE} for row in (*returns, *lost)}
            self.rows["stg_lake__files"] = list(files.values()) or [{"received_at": MORNING}]
            self.rows["stg_lake__tables"] = self._tables()
            received = "cast(received_at as date) as received_on"
            self._table(connection, "stg_lake__sheets", SHEETS)
            self._table(connection, "stg_lake__files", FILES, f"*, {received}")
            self._table(connection, "stg_lake__quarantine", QUARANTINE.append(FILES.field("received_at")))
            self._table(connection, "stg_lake__findings", FINDINGS.append(FILES.field("received_at")))
            of_tables = TABLES.append(FILES.field("received_at"))
            self._table(connection, "stg_lake__tables", of_tables, f"* exclude (rows), rows as table_rows, {received}")
            self._table(connection, "stg_register__branches", BRANCHES, "* exclude (kind), kind as branch_kind")
            connection.execute("create schema marts")
            self._table(connection, "return_revision", REVISIONS, schema_name="marts")

    def _tables(self) -> list[dict[str, Any]]:
        """The table that each return stood in."""
        of_table = ("file_sha256", "file_name", "period", "reporting_unit_code", "received_at")
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for form in FORMS.forms:
            for row in self.rows.get(f"stg_returns__{form.form}", []):
                table = found.setdefault(
                    (form.form, row["file_sha256"]),
                    {"form": form.form, "outcome": "landed", "rows": 0, **{name: row[name] for name in of_table}},
                )
                table["rows"] += 1
        return list(found.values())

    def _table(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        schema: pa.Schema,
        select: str = "*",
        schema_name: str = "staging",
    ) -> None:
        connection.register("rows_of_table", pa.Table.from_pylist(self.rows.get(name, []), schema=schema))
        connection.execute(f"create table {schema_name}.{name} as select {select} from rows_of_table")
        connection.unregister("rows_of_table")

    def check(self, suites: Path = SUITES, run_id: str = "20150201T170000Z", at: datetime = MORNING) -> CheckReport:
        return run_checks(self.database, suites, run_id=run_id, checked_at=at)

    def failures(self, columns: str = "check_id, branch_code, period, field") -> list[tuple[Any, ...]]:
        with duckdb.connect(self.database, read_only=True) as connection:
            return connection.execute(f"select {columns} from quality.check_failure order by all").fetchall()


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return Build(tmp_path / "jiceng.duckdb")


@pytest.fixture(scope="module")
def new_build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Build]:
    return lambda: Build(tmp_path_factory.mktemp("build") / "jiceng.duckdb")

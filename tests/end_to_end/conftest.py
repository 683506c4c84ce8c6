"""Whole nights over two townships and half a year: small enough to be run often, with every form in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingestion.ledger import Ledger
from ingestion.ledger_records import Night
from jiceng.settings import Settings
from samples.city import SampleWriter
from samples.grids import SheetGrid, TableGrid
from samples.registers import register_workbooks
from samples.writing import write_workbook

PROJECT = Path(__file__).resolve().parents[2]
TOWNSHIPS = 2
MONTHS = 6
# When and in which night a thing happened; everything else has to be the same whatever happened on the way.
_OF_THE_RUN = {"run_id", "batch_id", "received_at", "read_at", "checked_at", "published_at", "built_at", "previous"}


@pytest.fixture(scope="session")
def small_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The inbox of a county's first two townships, January to June 2013, and its register."""
    inbox = tmp_path_factory.mktemp("sample") / "inbox"
    write_returns(inbox, range(MONTHS), townships=TOWNSHIPS)
    write_register(inbox)
    return inbox


def write_returns(inbox: Path, months: range, *, townships: int) -> None:
    """What the first townships of the sample report for some of its months, counted from the first."""
    sample = SampleWriter(2014)
    first = next(sample.jobs())[1]
    for month in months:
        for township in sample.truth.places.townships[:townships]:
            for workbook in sample.workbooks(township, first + month):
                write_workbook(workbook, inbox)


def write_register(inbox: Path) -> None:
    """The register of the first county."""
    sample = SampleWriter(2014)
    for workbook, errors in register_workbooks(sample.truth, sample.forms):
        if workbook.path.startswith(sample.truth.places.townships[0].county_name) and not errors:
            write_workbook(workbook, inbox)


@pytest.fixture(scope="session")
def empty_returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same townships' returns for July, in which nobody has filled in anything: what nobody would publish."""
    inbox = tmp_path_factory.mktemp("empty") / "inbox"
    sample = SampleWriter(2014)
    first = next(sample.jobs())[1]
    for township in sample.truth.places.townships[:TOWNSHIPS]:
        for workbook in sample.workbooks(township, first + MONTHS):
            for sheet in workbook.sheets:
                for table in sheet.tables:
                    _empty(sheet, table, {column.name for column in sample.forms.by_name[table.form].columns})
            write_workbook(workbook, inbox)
    return inbox


def _empty(sheet: SheetGrid, table: TableGrid, fields: set[str]) -> None:
    for code, row in table.rows.items():
        for field, column in table.columns.items():
            if field in fields:
                sheet.put(row, column + table.shifts.get(code, 0), None)


@dataclass(frozen=True)
class House:
    """A data folder of its own, and what people do with it."""

    data: Path
    quiet_seconds: float = 5

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.data, quiet_seconds=self.quiet_seconds)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("JICENG_", "AIRFLOW", "PYTEST"))
        }
        return {**inherited, "JICENG_DATA_DIR": str(self.data), "JICENG_QUIET_SECONDS": "0", "PYTHONUTF8": "1"}

    def put(self, inbox: Path) -> None:
        """Put every file of another inbox into this one, with the times they have."""
        shutil.copytree(inbox, self.settings.inbox, dirs_exist_ok=True)

    def jiceng(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "jiceng.cli", *arguments],
            cwd=PROJECT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def nights(self) -> tuple[Night, ...]:
        with Ledger.open(self.settings.ledger_url) as ledger:
            return ledger.nights()

    @property
    def serving(self) -> Path:
        return (self.settings.published / "marts_current.duckdb").resolve()

    def marts(self) -> dict[str, list[tuple[object, ...]]]:
        return content(self.settings.published / "marts_current.duckdb")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


@pytest.fixture(scope="session")
def finished(small_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house after one night that nothing disturbed: to be looked at, not to be changed."""
    house = House(tmp_path_factory.mktemp("finished") / "data")
    house.put(small_inbox)
    done = house.jiceng("run")
    assert done.returncode == 0, done.stderr
    yield house


def content(snapshot: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's columns and rows, but for what names a run or a moment."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with duckdb.connect(str(snapshot.resolve()), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall()
        for (table,) in sorted(tables):
            described = connection.execute(f'describe "{table}"').fetchall()
            columns = [name for name, *_ in described if name not in _OF_THE_RUN]
            rows = connection.table(table).select(*(f'"{name}"' for name in columns)).fetchall() if columns else []
            found[table] = [tuple(columns), *sorted(rows, key=repr)]
    return found

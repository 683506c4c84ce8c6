"""The rows of a batch of files, gathered column by column until they become Parquet."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion import lake
from ingestion.cells import State
from ingestion.findings import Finding
from ingestion.forms import Column, ColumnType, Forms, FormSpec
from ingestion.records import FieldPlace, IgnoredRows, Reading, Records

_STATES = tuple(State)
_CODES = {state: code for code, state in enumerate(_STATES)}
_STATE_TEXTS = pa.array([state.value for state in _STATES])
_NONE = float("nan")  # in the place of a figure that is not there; no cell that is read holds it
_NONE_BYTES = array("d", [_NONE]).tobytes()
_FIGURES = (ColumnType.MONEY, ColumnType.COUNT, ColumnType.NUMBER)


class FileRead(NamedTuple):
    """Which file of a batch was read, and with what."""

    sha256: str
    file_name: str
    received_at: datetime
    modified_at: datetime
    other_names: tuple[str, ...] = ()


class FormRows:
    """The rows of one form: what a table's rows share is kept once a table, and repeated at the end."""

    def __init__(self, form: FormSpec) -> None:
        self._form = form
        self._counts: list[int] = []
        self._shared: dict[str, list[Any]] = {name: [] for name in lake.SHARED_BY_TABLE}
        self._constants: dict[str, list[str | None]] = {field.name: [] for field in lake.constant_fields(form)}
        # Numbers are kept as such and names once only: cells that stay alive would scatter over memory those to come.
        self._rows = array("i")
        self._codes: list[str | None] = []
        self._names: list[str] = []
        self._same_names: dict[str, str] = {}
        self._figures = {column.name: array("d") for column in form.columns if column.type in _FIGURES}
        self._values: dict[str, list[Any]] = {c.name: [] for c in form.columns if c.type not in _FIGURES}
        self._states = {column.name: (array("i"), array("b")) for column in form.columns}

    def add(self, file: FileRead, records: Records) -> None:
        count, before = len(records.row_numbers), len(self._rows)
        period = records.period
        shared = self._shared
        self._counts.append(count)
        shared["file_sha256"].append(file.sha256)
        shared["file_name"].append(file.file_name)
        shared["sheet_name"].append(records.sheet_name)
        shared["table_number"].append(records.table_number)
        shared["reporting_unit_code"].append(records.reporting_unit_code)
        shared["period"].append(period.name if period else None)
        shared["period_end"].append(period.end if period else None)
        shared["received_at"].append(file.received_at)
        for name, constants in self._constants.items():
            constants.append(records.constants.get(name))
        self._rows.extend(records.row_numbers)
        self._codes.extend(records.branch_codes)
        self._names.extend(map(self._same_names.setdefault, records.branch_names, records.branch_names))
        for name, figures in self._figures.items():
            found = records.values.get(name)
            if found is None:
                figures.frombytes(_NONE_BYTES * count)
                continue
            try:
                figures.fromlist(found)  # type: ignore[arg-type]
            except TypeError:  # None is no figure; the array is as before
                figures.fromlist([_NONE if figure is None else figure for figure in found])  # type: ignore[misc]
        for name, values in self._values.items():
            values.extend(records.values.get(name) or (None,) * count)
        for name, states in records.states.items():
            places, codes = self._states[name]
            if states:
                places.fromlist([before + position for position in states])
                codes.fromlist([_CODES[state] for state in states.values()])

    def take(self, other: FormRows) -> None:
        """Take in the rows of other files of the same form, after one's own."""
        before = len(self._rows)
        for own, added in ((self._shared, other._shared), (self._constants, other._constants)):
            for name, values in own.items():
                values.extend(added[name])
        self._counts.extend(other._counts)
        self._rows.extend(other._rows)
        self._codes.extend(other._codes)
        self._names.extend(map(self._same_names.setdefault, other._names, other._names))
        for name, figures in self._figures.items():
            figures.extend(other._figures[name])
        for name, column in self._values.items():
            column.extend(other._values[name])
        for name, (places, codes) in self._states.items():
            added_places, added_codes = other._states[name]
            if added_places:
                places.frombytes((np.frombuffer(added_places, np.int32) + np.int32(before)).tobytes())
                codes.extend(added_codes)

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process, which knows the form."""
        return {name: value for name, value in vars(self).items() if name not in ("_form", "_same_names")}

    def table(self, batch_id: str) -> pa.Table:
        """The rows as they are landed."""
        of_table = pa.array(np.repeat(np.arange(len(self._counts)), self._counts))
        schema = lake.raw_schema(self._form)
        columns: dict[str, pa.Array] = {
            name: pa.array(values, schema.field(name).type).take(of_table)
            for name, values in {**self._shared, **self._constants}.items()
        }
        columns["batch_id"] = _constant(batch_id, pa.string(), len(self._rows))
        columns["form_version"] = _constant(self._form.version, pa.int32(), len(self._rows))
        columns["row_number"] = pa.array(np.frombuffer(self._rows, np.int32))
        columns["branch_code"] = pa.array(self._codes, pa.string())
        columns["branch_name"] = pa.array(self._names, pa.string())
        for column in self._form.columns:
            figures = self._figures.get(column.name)
            if figures is None:
                values = pa.array(self._values[column.name], lake.value_type(column))
            else:  # money is rounded to the fen here
                numbers = pa.array(np.frombuffer(figures, np.float64), from_pandas=True)
                values = pc.cast(numbers, lake.value_type(column))
            columns[column.lake_name] = values
            columns[column.state_name] = _as_states(column, values, self._states[column.name])
        return pa.table([columns[name] for name in schema.names], schema=schema)


class Batch:
    """Everything read from the files of a batch."""

    def __init__(self, batch_id: str, forms: Forms) -> None:
        self.batch_id = batch_id
        self._forms = forms
        self.forms = {form.form: FormRows(form) for form in forms.forms}
        self._filled: set[str] = set()
        self.findings: list[tuple[FileRead, Finding, str]] = []
        # Plain tuples instead of named ones: they go from process to process in half the time.
        self._folders: dict[str, list[tuple[Any, ...]]] = {folder: [] for folder in ("quarantine", "tables", "files")}
        self._ignored: list[tuple[Any, ...]] = []
        self._ignored_of: list[tuple[str, int]] = []
        self._places: list[tuple[Any, ...]] = []
        self._plain_places: dict[tuple[FieldPlace, ...], tuple[tuple[Any, ...], ...]] = {}
        self.rows = 0
        self.quarantined_rows = 0

    def add(self, file: FileRead, reading: Reading, versions: tuple[str, str], read_at: datetime) -> None:
        """Take in what one file says; `versions` are those of the forms and the register."""
        for records in reading.records:
            self.forms[records.form.form].add(file, records)
            self._filled.add(records.form.form)
        sha256, name, batch_id = file.sha256, file.file_name, self.batch_id
        self.findings.extend((file, finding, name) for finding in reading.findings)
        for other in file.other_names:
            copy = Finding("same_file_elsewhere", details={"other": name})
            self.findings.append((file, reading.other_returns.get(other, copy), other))
        folders = self._folders
        folders["quarantine"].extend((batch_id, sha256, name, *row) for row in reading.quarantine)
        self._ignored.extend(map(tuple, reading.ignored))
        self._ignored_of.append((sha256, len(reading.ignored)))
        for *table, places in reading.places:
            plain = self._plain_places.get(places)
            if plain is None:
                plain = self._plain_places[places] = tuple(map(tuple, places))
            self._places.append((sha256, *table, plain))
        folders["tables"].extend(
            (batch_id, sha256, name, sheet, number, form, *_named(period), *rest)
            for sheet, number, form, period, *rest in reading.tables
        )
        self.rows += reading.rows
        self.quarantined_rows += len(reading.quarantine)
        counts = (reading.rows, len(reading.quarantine), len(reading.findings) + len(file.other_names))
        folders["files"].append(
            (
                *(batch_id, sha256, name, file.received_at, read_at, file.modified_at),
                *(reading.outcome, reading.reason, *counts, *versions),
            )
        )

    def take(self, other: Batch) -> None:
        """Take in what was read from other files, after one's own."""
        for name in other._filled:
            self.forms[name].take(other.forms[name])
        self._filled |= other._filled
        self.findings.extend(other.findings)
        for folder, rows in self._folders.items():
            rows.extend(other._folders[folder])
        self._ignored.extend(other._ignored)
        self._ignored_of.extend(other._ignored_of)
        self._places.extend(other._places)
        self.rows += other.rows
        self.quarantined_rows += other.quarantined_rows

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process, which knows the forms."""
        filled = {name: self.forms[name] for name in sorted(self._filled)}
        left = ("_forms", "_plain_places")
        return {**{name: value for name, value in vars(self).items() if name not in left}, "forms": filled}

    def tables(self) -> Iterable[tuple[str, pa.Table]]:
        """What goes into which folder of the lake; the files' own table comes last."""
        for form in sorted(self._filled):
            yield f"raw/{form}", self.forms[form].table(self.batch_id)
        if self.findings:
            yield "findings", _as_table(self._finding_rows(), lake.FINDINGS)
        if self._places:
            yield "sheets", self._sheets()
        for folder, schema in (
            ("quarantine", lake.QUARANTINE),
            ("tables", lake.TABLES),
            ("ignored", lake.IGNORED),
            ("files", lake.FILES),
        ):
            if folder == "ignored":
                if self._ignored:
                    yield folder, self._ignored_rows()
                continue
            if self._folders[folder]:
                yield folder, _as_table(self._folders[folder], schema)

    def _sheets(self) -> pa.Table:
        """Where every field stood; what the fields of a table share is repeated only now."""
        *shared, places = zip(*self._places, strict=True)
        counts = list(map(len, places))
        of_table = pa.array(np.repeat(np.arange(len(counts)), counts))
        names = ("file_sha256", "sheet_name", "table_number", "form")
        schema = lake.SHEETS
        columns = {
            name: pa.array(values, schema.field(name).type).take(of_table)
            for name, values in zip(names, shared, strict=True)
        }
        columns["batch_id"] = _constant(self.batch_id, pa.string(), len(of_table))
        of_fields = zip(*chain.from_iterable(places), strict=True)
        for name, values in zip(FieldPlace._fields, of_fields, strict=True):
            columns[name] = pa.array(values, schema.field(name).type)
        return pa.table([columns[name] for name in schema.names], schema=schema)

    def _ignored_rows(self) -> pa.Table:
        hashes, counts = zip(*self._ignored_of, strict=True)
        of_file = pa.array(np.repeat(np.arange(len(counts)), counts))
        schema = lake.IGNORED
        columns = [
            _constant(self.batch_id, pa.string(), len(of_file)),
            pa.array(hashes, pa.string()).take(of_file),
            *(
                pa.array(values, schema.field(name).type)
                for name, values in zip(IgnoredRows._fields, zip(*self._ignored, strict=True), strict=True)
            ),
        ]
        return pa.table(columns, schema=schema)

    def _finding_rows(self) -> list[tuple[Any, ...]]:
        owners = {form.form: form.owner for form in self._forms.forms}
        return [
            (
                self.batch_id,
                file.sha256,
                name,
                finding.sheet_name,
                finding.cell,
                finding.row_number,
                finding.form,
                finding.field,
                finding.period,
                finding.reporting_unit_code,
                finding.branch_code,
                finding.branch_name,
                finding.code,
                finding.severity.value,
                owners.get(finding.form or ""),
                finding.original,
                finding.text_zh(),
                finding.text_en(),
                finding.remedy_zh(),
                finding.remedy_en(),
            )
            for file, finding, name in self.findings
        ]


def _named(period: Any) -> tuple[str | None, date | None]:
    return (period.name, period.end) if period else (None, None)


def _constant(value: Any, kind: pa.DataType, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, kind), count)


def _as_table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def _as_states(column: Column, values: pa.Array, noted: tuple[array[int], array[int]]) -> pa.Array:
    """The state of every value: reported or zero where there is one, else missing unless noted otherwise."""
    codes = np.full(len(values), _CODES[State.REPORTED], np.int32)
    if column.type in _FIGURES:
        zero = pc.equal(values, pa.scalar(Decimal(0) if column.type is ColumnType.MONEY else 0, values.type))
        codes[np.asarray(pc.fill_null(zero, False))] = _CODES[State.ZERO]
    if values.null_count:
        codes[np.asarray(values.is_null())] = _CODES[State.MISSING]
    places, states = noted
    if places:
        codes[np.frombuffer(places, np.int32)] = np.frombuffer(states, np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(codes), _STATE_TEXTS)

"""The rows of one form in a batch, gathered column by column until they become a Parquet file."""

from __future__ import annotations

from array import array
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion import lake_schemas
from ingestion.cells import State
from ingestion.forms import Column, ColumnType, FormSpec
from ingestion.records import Records

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
        self._shared: dict[str, list[Any]] = {name: [] for name in lake_schemas.SHARED_BY_TABLE}
        self._constants: dict[str, list[str | None]] = {field.name: [] for field in lake_schemas.constant_fields(form)}
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
        schema = lake_schemas.raw_schema(self._form)
        columns: dict[str, pa.Array] = {
            name: pa.array(values, schema.field(name).type).take(of_table)
            for name, values in {**self._shared, **self._constants}.items()
        }
        columns["batch_id"] = constant(batch_id, pa.string(), len(self._rows))
        columns["form_version"] = constant(self._form.version, pa.int32(), len(self._rows))
        columns["row_number"] = pa.array(np.frombuffer(self._rows, np.int32))
        columns["branch_code"] = pa.array(self._codes, pa.string())
        columns["branch_name"] = pa.array(self._names, pa.string())
        for column in self._form.columns:
            figures = self._figures.get(column.name)
            if figures is None:
                values = pa.array(self._values[column.name], lake_schemas.value_type(column))
            else:  # money is rounded to the fen here
                numbers = pa.array(np.frombuffer(figures, np.float64), from_pandas=True)
                values = pc.cast(numbers, lake_schemas.value_type(column))
            columns[column.lake_name] = values
            columns[column.state_name] = _as_states(column, values, self._states[column.name])
        return pa.table([columns[name] for name in schema.names], schema=schema)


def constant(value: Any, kind: pa.DataType, count: int) -> pa.Array:
    """A column that says the same on every row."""
    return pa.repeat(pa.scalar(value, kind), count)


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

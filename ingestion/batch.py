"""What was read from the files of a batch, gathered until it becomes the Parquet files of the lake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from ingestion import lake_schemas
from ingestion.findings import Finding
from ingestion.form_rows import FileRead, FormRows, constant
from ingestion.forms import Forms
from ingestion.records import FieldPlace, IgnoredRows, Reading


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
            yield "findings", _as_table(self._finding_rows(), lake_schemas.FINDINGS)
        if self._places:
            yield "sheets", self._sheets()
        for folder, schema in (
            ("quarantine", lake_schemas.QUARANTINE),
            ("tables", lake_schemas.TABLES),
            ("ignored", lake_schemas.IGNORED),
            ("files", lake_schemas.FILES),
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
        schema = lake_schemas.SHEETS
        columns = {
            name: pa.array(values, schema.field(name).type).take(of_table)
            for name, values in zip(names, shared, strict=True)
        }
        columns["batch_id"] = constant(self.batch_id, pa.string(), len(of_table))
        of_fields = zip(*chain.from_iterable(places), strict=True)
        for name, values in zip(FieldPlace._fields, of_fields, strict=True):
            columns[name] = pa.array(values, schema.field(name).type)
        return pa.table([columns[name] for name in schema.names], schema=schema)

    def _ignored_rows(self) -> pa.Table:
        hashes, counts = zip(*self._ignored_of, strict=True)
        of_file = pa.array(np.repeat(np.arange(len(counts)), counts))
        schema = lake_schemas.IGNORED
        columns = [
            constant(self.batch_id, pa.string(), len(of_file)),
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


def _as_table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)

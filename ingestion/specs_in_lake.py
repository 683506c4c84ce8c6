"""The form specs as tables of the lake: what models know of a form and its fields without naming them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.forms import ColumnType, Forms
from ingestion.lake import write_table

FORMS = pa.schema(
    [
        ("form", pa.string()),
        ("label_zh", pa.string()),
        ("label_en", pa.string()),
        ("frequency", pa.string()),
        ("grain", pa.string()),
        ("coverage", pa.string()),
        ("reporting_level", pa.string()),
        ("deadline_days", pa.int32()),
        ("owner", pa.string()),
    ]
)

FORM_REPORTERS = pa.schema([("form", pa.string()), ("branch_kind", pa.string())])

FORM_FIELDS = pa.schema(
    [
        ("form", pa.string()),
        ("field", pa.string()),
        ("label_zh", pa.string()),
        ("unit", pa.string()),
        ("blank_means", pa.string()),
        ("lowest", pa.float64()),
        ("highest", pa.float64()),
        ("is_required", pa.bool_()),
        ("is_additive", pa.bool_()),
    ]
)

# What can be summed over branches: measures of extent. Shares, scores, years and ages cannot.
_SUMMED_UNITS = frozenset({"公里", "米", "平方米", "立方米", "亩", "公顷", "吨", "小时", "学时", "课时"})


def write_specs(lake: Path, forms: Forms) -> None:
    """Write `forms`, `form_reporters` and `form_fields` where they differ: an unchanged lake stays as it is."""
    for folder, rows, schema in (
        ("forms", _forms(forms), FORMS),
        ("form_reporters", _reporters(forms), FORM_REPORTERS),
        ("form_fields", _fields(forms), FORM_FIELDS),
    ):
        path = lake / folder / f"{folder}.parquet"
        table = pa.Table.from_pylist(list(rows), schema=schema)
        if not path.exists() or not pq.ParquetFile(path).read().equals(table):
            write_table(path, table)


def _forms(forms: Forms) -> Iterator[dict[str, object]]:
    for form in forms.forms:
        yield {
            "form": form.form,
            "label_zh": form.label.zh,
            "label_en": form.label.en,
            "frequency": str(form.frequency),
            "grain": str(form.grain),
            "coverage": str(form.reporters.coverage),
            "reporting_level": str(form.reporters.level),
            "deadline_days": form.deadline_days,
            "owner": form.owner,
        }


def _reporters(forms: Forms) -> Iterator[dict[str, object]]:
    for form in forms.forms:
        for kind in form.reporters.kinds:
            yield {"form": form.form, "branch_kind": kind}


def _fields(forms: Forms) -> Iterator[dict[str, object]]:
    for form in forms.forms:
        for column in form.columns:
            is_money = column.type is ColumnType.MONEY
            landed = 10_000 if is_money and column.unit == "万元" else 1
            is_extent = column.type is ColumnType.NUMBER and column.unit in _SUMMED_UNITS
            yield {
                "form": form.form,
                "field": column.name,
                "label_zh": column.label,
                "unit": "元" if is_money else column.unit,  # as landed
                "blank_means": str(column.blank),
                "lowest": None if column.min is None else column.min * landed,
                "highest": None if column.max is None else column.max * landed,
                "is_required": column.required,
                "is_additive": is_money or is_extent or column.type is ColumnType.COUNT,
            }

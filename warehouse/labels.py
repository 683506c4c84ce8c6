"""Chinese labels and units: read from dbt's manifest and labels.yml, written into what is published."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import yaml

from warehouse.lineage import codes_of_models, forms_of_models, keys_of_models

CHINESE = "中文"
"""Schema of the views whose names, columns included, are Chinese labels."""

WRITTEN_HERE = Path(__file__).with_name("labels.yml")
"""Labels of the published tables that are no dbt model."""


@dataclass(frozen=True)
class Label:
    """What people call a table or column; `unit` as they write it (万元, 人, 个).

    `direction` says of a measure whether more of it is better: higher_is_worse, higher_is_better or neutral.
    `codes` is the name under which the seed `codes` has the labels of a column's codes, or weak_type for those of the
    seed `weak_types`; of a list several stand in a value, joined by |.
    """

    zh: str
    unit: str | None = None
    description: str | None = None
    owner: str | None = None
    direction: str | None = None
    codes: str | None = None
    is_list: bool = False

    @property
    def with_unit(self) -> str:
        return f"{self.zh}({self.unit})" if self.unit else self.zh


@dataclass(frozen=True)
class TableLabels:
    """A table's label and those of its columns, by column name.

    `key` are the columns that tell its rows apart, `forms` the returns that they are made of.
    """

    table: Label
    columns: Mapping[str, Label]
    key: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


def load_labels(manifest: Path | None = None) -> dict[str, TableLabels]:
    """Labels by table name; `manifest` is dbt's manifest.json, whose models and seeds carry theirs in `config.meta`."""
    entries = yaml.safe_load(WRITTEN_HERE.read_text(encoding="utf-8"))
    if manifest is None:
        return {name: _table_labels(name, entry) for name, entry in entries.items()}
    content = json.loads(manifest.read_text(encoding="utf-8"))
    nodes = content["nodes"].values()
    entries |= {node["name"]: node for node in nodes if node["resource_type"] in ("model", "seed")}
    keys, forms, codes = keys_of_models(content), forms_of_models(content), codes_of_models(content)
    return {
        name: replace(
            _table_labels(name, entry, codes.get(name, {})), key=keys.get(name, ()), forms=forms.get(name, ())
        )
        for name, entry in entries.items()
    }


def _table_labels(name: str, entry: Mapping[str, Any], codes: Mapping[str, str] | None = None) -> TableLabels:
    lists = codes or {}
    columns = {
        column: replace(_label(column, facts), codes=lists.get(column)) for column, facts in entry["columns"].items()
    }
    return TableLabels(_label(name, entry), columns)


def _label(name: str, entry: Mapping[str, Any]) -> Label:
    meta = entry.get("config", {}).get("meta") or entry.get("meta") or entry
    description = " ".join((entry.get("description") or "").split())
    return Label(
        meta.get("label_zh") or name,
        meta.get("unit") or None,
        description or None,
        meta.get("owner") or None,
        meta.get("direction") or None,
        is_list="list_of" in meta,
    )


def headings(columns: Sequence[str], labels: Mapping[str, Label]) -> list[str]:
    """A Chinese heading with unit for each column, no two alike: the column's own name is added where they would be."""
    wanted = [labels[column].with_unit if column in labels else column for column in columns]
    folded = [heading.casefold() for heading in wanted]  # DuckDB does not tell upper from lower case
    return [
        heading if folded.count(heading.casefold()) == 1 else f"{heading}[{column}]"
        for heading, column in zip(wanted, columns, strict=True)
    ]


def write_labels(snapshot: duckdb.DuckDBPyConnection, labels: Mapping[str, TableLabels]) -> None:
    """Write them where tools look: comments, the tables `column_label` and `mart_form`, a view of each in 中文."""
    snapshot.execute(
        "create table column_label (table_name varchar, column_name varchar, label_zh varchar, unit varchar,"
        " owner varchar, direction varchar, is_key boolean, description varchar, codes varchar)"
    )
    snapshot.execute("create table mart_form (table_name varchar, form varchar)")
    snapshot.execute(f"create schema {CHINESE}")
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in snapshot.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database() and schema_name = 'main' and not internal"
        " order by table_name, column_index"
    ).fetchall():
        tables.setdefault(table, {})[column] = kind
    known = {table: labels.get(table, TableLabels(Label(table), {})) for table in tables}
    views = headings(list(tables), {table: known[table].table for table in tables})
    codes = _labels_of_codes(snapshot, tables)
    for (table, columns), view in zip(tables.items(), views, strict=True):
        _write_view(snapshot, table, columns, known[table], view, codes)
        _write_comments(snapshot, table, list(columns), known[table])


def _labels_of_codes(snapshot: duckdb.DuckDBPyConnection, tables: Collection[str]) -> dict[str, dict[str, str]]:
    """Labels by code, by the name of the list that they stand in."""
    lists: dict[str, dict[str, str]] = {}
    for table, columns in (("codes", "column_name, code"), ("weak_types", "'weak_type', weak_type")):
        if table in tables:
            rows = snapshot.execute(f"select {columns}, label_zh from main.{table}").fetchall()  # noqa: S608
            for name, code, label in rows:
                lists.setdefault(name, {})[code] = label
    return lists


def _write_view(
    snapshot: duckdb.DuckDBPyConnection,
    table: str,
    kinds: Mapping[str, str],
    known: TableLabels,
    view: str,
    codes: Mapping[str, Mapping[str, str]],
) -> None:
    shown = zip(kinds.items(), headings(list(kinds), known.columns), strict=True)
    lists = {column: codes.get(label.codes or "", {}) for column, label in known.columns.items()}
    joined = {column for column, label in known.columns.items() if label.is_list}
    selected = ", ".join(
        f"{_as_people_read(column, kind, lists.get(column, {}), is_list=column in joined)} as {sql_name(heading)}"
        for (column, kind), heading in shown
    )
    snapshot.execute(f"create view {CHINESE}.{sql_name(view)} as select {selected} from main.{sql_name(table)}")  # noqa: S608
    snapshot.execute(f"comment on view {CHINESE}.{sql_name(view)} is {sql_text(table)}")


def _as_people_read(column: str, kind: str, codes: Mapping[str, str], *, is_list: bool) -> str:
    """A moment as clocks in China showed it, a code by its label; a code that has none stays as it is."""
    name = sql_name(column)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"{name} at time zone 'Asia/Shanghai'"
    if not codes:
        return name
    labelled = " ".join(f"when {sql_text(code)} then {sql_text(label)}" for code, label in codes.items())
    if is_list:
        return f"array_to_string([case code {labelled} else code end for code in string_split({name}, '|')], '；')"
    return f"case {name} {labelled} else {name} end"


def _write_comments(
    snapshot: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], known: TableLabels
) -> None:
    rows: list[tuple[str, str | None, Label]] = [(table, None, known.table)]
    rows += [(table, column, known.columns.get(column, Label(column))) for column in columns]
    values = ", ".join(_row_of(table, column, label, known.key) for table, column, label in rows)
    snapshot.execute(f"insert into column_label values {values}")  # noqa: S608
    if known.forms:
        values = ", ".join(f"({sql_text(table)}, {sql_text(form)})" for form in known.forms)
        snapshot.execute(f"insert into mart_form values {values}")  # noqa: S608
    snapshot.execute(f"comment on {_kind(snapshot, table)} {sql_name(table)} is {sql_text(known.table.with_unit)}")
    for _, column, label in rows[1:]:
        snapshot.execute(f"comment on column {sql_name(table)}.{sql_name(str(column))} is {sql_text(label.with_unit)}")


def _kind(snapshot: duckdb.DuckDBPyConnection, table: str) -> str:
    """A version holds tables; of a build that is only read they are views."""
    views = "select 1 from duckdb_views() where not internal and schema_name = 'main' and view_name ="
    return "view" if snapshot.execute(f"{views} {sql_text(table)}").fetchall() else "table"


def _row_of(table: str, column: str | None, label: Label, key: Sequence[str]) -> str:
    texts = map(sql_text, (table, column, label.zh, label.unit, label.owner, label.direction))
    is_key = "null" if column is None else str(column in key).lower()
    return f"({', '.join(texts)}, {is_key}, {sql_text(label.description)}, {sql_text(label.codes)})"


def sql_name(identifier: str) -> str:
    """An identifier as SQL quotes it."""
    return '"' + identifier.replace('"', '""') + '"'


def sql_text(value: str | None) -> str:
    """A text as SQL quotes it. DuckDB's parameters would cost the import of pandas, and some statements take none."""
    return "null" if value is None else "'" + value.replace("'", "''") + "'"

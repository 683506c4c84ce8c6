"""`jiceng describe`: what a published mart says, column by column, and the rules its returns are held to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jiceng import screen
from warehouse.snapshot import connect

_DIRECTIONS = {
    "higher_is_better": "↑ 越高越好 better",
    "higher_is_worse": "↓ 越高越差 worse",
    "neutral": "— 中性 neutral",
}


class NoSuchMart(Exception):  # noqa: N818 - what a person asked for that is not there
    """No mart of that name is published; says which there are."""


@dataclass(frozen=True)
class Column:
    name: str
    label_zh: str
    type: str
    unit: str | None
    direction: str | None
    owner: str | None
    is_key: bool
    description: str | None


@dataclass(frozen=True)
class Rule:
    """A check of one of the returns that the mart is made of."""

    check_id: str
    form: str
    severity: str
    text_zh: str
    text_en: str


@dataclass(frozen=True)
class Mart:
    """`description` states the grain; `key` are the columns that tell the rows apart."""

    name: str
    label_zh: str
    owner: str | None
    description: str | None
    forms: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_key)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "key": self.key}


def describe(published: Path, name: str) -> Mart:
    """What the version that serves says of a table, by its name or its Chinese one.

    Raises NoSuchMart, and SnapshotError before the first publish.
    """
    with connect(published) as reader:
        tables = reader.execute(
            "select table_name, label_zh, owner, description from column_label where column_name is null order by 1"
        ).fetchall()
        found = next((table for table in tables if name in table[:2]), None)
        if found is None:
            near = [table for table in tables if name and any(name in text for text in table[:2])]
            names = "、".join(f"{table}（{label}）" for table, label, _, _ in near or tables)
            asked = "是否为 is it one of" if near else "有 there are"
            raise NoSuchMart(f"没有名为“{name}”的表 · there is no table of that name: {name}\n{asked}: {names}")
        columns = reader.execute(
            """
            select labels.column_name, labels.label_zh, lower(columns.data_type), labels.unit, labels.direction,
                labels.owner, coalesce(labels.is_key, false), labels.description
            from column_label as labels
            inner join duckdb_columns() as columns
                on labels.table_name = columns.table_name and labels.column_name = columns.column_name
            where labels.table_name = ? and columns.schema_name = 'main'
            order by columns.column_index
            """,
            [found[0]],
        ).fetchall()
        forms = reader.execute("select form from mart_form where table_name = ? order by 1", [found[0]]).fetchall()
        checked = reader.execute("select 1 from duckdb_tables() where table_name = 'check_result'").fetchall()
        rules = (
            reader.execute(
                """
                select check_id, form, severity, text_zh, text_en from check_result
                where form in (select form from mart_form where table_name = ?)
                order by form, array_position(['critical', 'error', 'warning', 'info'], severity), check_id
                """,
                [found[0]],
            ).fetchall()
            if checked
            else []
        )
    table, label_zh, owner, description = found
    return Mart(
        name=table,
        label_zh=label_zh,
        owner=owner,
        description=description,
        forms=tuple(form for (form,) in forms),
        columns=tuple(Column(*row) for row in columns),
        rules=tuple(Rule(*row) for row in rules),
    )


def show(mart: Mart) -> None:
    """The mart on the screen: its grain, its columns, its rules."""
    screen.out.print(f"{mart.name} {mart.label_zh}\n{mart.description or ''}", markup=False)
    screen.out.print(f"主键 key: {'、'.join(mart.key) or '—'}", markup=False)
    screen.out.print(f"来源报表 made of: {'、'.join(mart.forms) or '—'}", markup=False)
    made = screen.table(
        "栏 Columns",
        "栏 column",
        "中文",
        "类型 type",
        "单位 unit",
        "方向 more is",
        "责任部门 owner",
        "说明 description",
    )
    for column in mart.columns:
        direction = _DIRECTIONS.get(column.direction or "", "")
        screen.add_row(
            made,
            *(column.name, column.label_zh, column.type, column.unit, direction, column.owner, column.description),
        )
    screen.show(made)
    if mart.rules:
        made = screen.table("检核规则 Rules", "规则 check", "报表 form", "级别 severity", "要求 what it asks")
        for rule in mart.rules:
            screen.add_row(made, rule.check_id, rule.form, rule.severity, rule.text_zh)
        screen.show(made)

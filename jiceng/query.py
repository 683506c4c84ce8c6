"""`jiceng query`: SQL over the published snapshot or the last build: none changes it, and none reaches out of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.texts import visible
from jiceng import screen
from jiceng.query_limits import Limits, OverLimitError, in_time

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, Statement

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*")
TABLES = """
    select table_name as "表 table", comment as "说明 what it holds", estimated_size as "行 rows"
    from duckdb_tables() where database_name = current_database() and schema_name = 'main'
    union all
    select view_name, comment, null from duckdb_views() where schema_name = 'main' and not internal
    order by 1
"""


class QueryError(Exception):
    """A query that cannot be answered, with what the database said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns, which of them are numbers, and rows; `more` when there are rows beyond those asked for."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: list[tuple[Any, ...]]
    more: bool


def ask(published: Path, sql: str, *, limit: int | None = None, within: Limits | None = None) -> Answer:
    """Raises SnapshotError before the first publish, QueryError for SQL that cannot be answered.

    With `within` also OverLimitError; that is for a process made for this question: what does not heed the time
    ends it.
    """
    from warehouse.snapshot import connect

    return _answered(connect(published, memory_mib=within.database_mib if within else None), sql, limit, within)


def ask_build(database: Path, sql: str, *, limit: int | None = None, within: Limits | None = None) -> Answer:
    """Put a question to the last build, published or not; raises as `ask` does."""
    from warehouse.build_reading import connect_build

    return _answered(connect_build(database, memory_mib=within.database_mib if within else None), sql, limit, within)


def _answered(connected: DuckDBPyConnection, sql: str, limit: int | None, within: Limits | None) -> Answer:
    import duckdb

    with connected as connection:
        try:
            with in_time(connection, within):
                _refuse_what_does_not_ask(connection.extract_statements(sql))
                found = connection.execute(sql)
                described = found.description or []
                rows = found.fetchall() if limit is None else found.fetchmany(limit + 1)
        except duckdb.Error as error:
            if within and isinstance(error, duckdb.InterruptException | duckdb.OutOfMemoryException):
                is_late = isinstance(error, duckdb.InterruptException)
                raise OverLimitError(within.out_of_time() if is_late else within.out_of_memory()) from error
            raise QueryError(f"查询有误 · the query cannot be answered: {error}") from error
    return Answer(
        columns=tuple(column[0] for column in described),
        numeric=tuple(_NUMBERS.fullmatch(str(column[1])) is not None for column in described),
        rows=rows if limit is None else rows[:limit],
        more=limit is not None and len(rows) > limit,
    )


def _refuse_what_does_not_ask(statements: Sequence[Statement]) -> None:
    """The database refuses what writes or reaches out, but some calls bring its process down before it can."""
    import duckdb

    if not statements:
        raise QueryError("没有 SQL 语句 · there is no SQL statement")
    asking = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
    for statement in statements:
        if statement.type not in asking and statement.query:  # a pivot is prepared by one without a text of its own
            kind = str(statement.type).rpartition(".")[2]
            raise QueryError(f"查询有误：只能查询，不能执行 {kind} · only questions are answered, this is {kind}")
    if (number := sum(statement.type in asking for statement in statements)) > 1:
        raise QueryError(
            f"一次只能查一句，这里有 {number} 句，请分开查 · "
            f"one question at a time, these are {number}: ask each by itself"
        )


def as_csv(answer: Answer) -> Iterator[str]:
    """Lines of CSV that a spreadsheet can open: a text never becomes a formula there."""
    for row in (answer.columns, *answer.rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow([_safe(value) for value in row])
        yield line.getvalue()


def as_json(answer: Answer) -> str:
    """A list of objects; of two columns with one name the later counts."""
    rows = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
    return screen.as_json(rows)


def _safe(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = visible(value, keep="\n\r\t")
    return f"'{text}" if text.startswith(_DANGEROUS) or text.lstrip().startswith(_DANGEROUS) else text


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case Sequence():
            return [_plain(item) for item in value]
        case _:
            return str(value)


def _as_shown(value: object) -> object:
    """A decimal without the zeros its type adds, a moment to the second: 7.25, not 7.250000. CSV keeps all digits."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if not isinstance(value, Decimal) or not value.is_finite():
        return value
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def show(answer: Answer) -> None:
    """The answer as a table on the screen, or row by row when it is too wide for that."""
    if not answer.columns:
        screen.out.print("没有返回行 no rows")
        return
    made = screen.table(None, *answer.columns)
    for column, numeric in zip(made.columns, answer.numeric, strict=True):
        column.justify = "right" if numeric else "left"
    for row in answer.rows:
        screen.add_row(made, *map(_as_shown, row))
    if screen.fits(made):
        screen.show(made)
    else:
        _show_rows(answer)
    if answer.more:
        screen.err.print(f"只显示前 {len(answer.rows)} 行 the first rows only；全部 all of them: --csv")


def _show_rows(answer: Answer) -> None:
    for number, row in enumerate(answer.rows, 1):
        made = screen.table(f"第 {number} 行 row {number}", "列 column", "值 value")
        for pair in zip(answer.columns, row, strict=True):
            screen.add_row(made, *map(_as_shown, pair))
        screen.show(made)

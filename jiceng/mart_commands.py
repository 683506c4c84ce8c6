"""The commands that query, describe and take back what is published; `jiceng.cli` puts them among its own."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jiceng.mistakes import CannotDo
from jiceng.options import AsJson
from jiceng.query_limits import LEAST_MEMORY_MIB

if TYPE_CHECKING:
    from jiceng.settings import Settings


def query(
    sql: Annotated[
        str | None,
        typer.Argument(
            help="SQL 语句；“-”从标准输入读；不写则列出各表 · “-” reads standard input; none lists the tables"
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="屏幕上最多几行 · rows shown on the screen")] = 100,
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV，全部行 · print CSV, every row")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，全部行 · print JSON, every row")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="写入 CSV 文件（Excel 可直接打开）· write a CSV file that Excel opens"),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="查询按当日所知另存的集市 · the marts of `jiceng run --as-of DATE`"),
    ] = None,
    closed: Annotated[
        str | None, typer.Option(help="查询某期关账时的集市 · the marts as they were when a period was closed")
    ] = None,
    build: Annotated[
        bool, typer.Option("--build", help="查询最近一次构建，未发布的也可 · the last build, published or not")
    ] = False,
    seconds: Annotated[int, typer.Option(min=1, help="最多查多少秒 · seconds that the query may take")] = 600,
    memory: Annotated[
        int | None,
        typer.Option(
            min=LEAST_MEMORY_MIB,
            help="最多用多少 MiB 内存；不写为 4096，内存不足 8 GiB 的为其一半 · MiB of memory that the query may "
            "take; unless said 4096, or half of what there is if that is less",
        ),
    ] = None,
) -> None:
    """查询已发布的集市（只读） Query the published marts, read-only.

    例 Example: jiceng query 'select * from "中文"."运转经费与标准差额" limit 5'
    """
    from jiceng.query_limits import held_to, limits

    if output is not None and output.suffix.lower() != ".csv":  # a slip of the hand must not replace a database
        raise typer.BadParameter("-o 的文件名须以 .csv 结尾 · the file of -o must end in .csv")
    if (as_of is not None) + (closed is not None) + build > 1:
        raise typer.BadParameter("--as-of、--closed 与 --build 只能选一个 · choose one of these")
    within = limits(seconds, memory)
    with held_to(within):  # nothing is loaded before, so that there is little to carry over
        from jiceng import query as queries
        from jiceng import screen
        from jiceng.settings import load_settings

        settings = load_settings()
        published = _asked_of(settings, as_of, closed)
        sql = queries.TABLES if sql is None else _text(sql)
        everything = as_csv or as_json or output is not None
        shown = None if everything else limit
        answer = (
            queries.ask_build(settings.build_database, sql, limit=shown, within=within)
            if build
            else queries.ask(published, sql, limit=shown, within=within)
        )
        if output is not None:
            with output.open("w", encoding="utf-8-sig", newline="") as file:  # the mark by which Excel knows UTF-8
                file.writelines(queries.as_csv(answer))
            screen.err.print(f"{len(answer.rows)} 行 rows → {output}", markup=False)
        elif as_csv:
            sys.stdout.writelines(queries.as_csv(answer))
        elif as_json:
            print(queries.as_json(answer))
        else:
            queries.show(answer)


def _asked_of(settings: Settings, as_of: datetime | None, closed: str | None) -> Path:
    """The folder of the marts that are asked: what serves, or what was known or closed once."""
    from warehouse.versions import current, place_of

    if closed:
        from jiceng import closing

        return closing.place_of(settings, closed)
    if as_of is None:
        return settings.published
    published = place_of(settings.published, as_of.date())
    if current(published) is None:
        raise CannotDo(
            f"还没有截至 {as_of:%Y-%m-%d} 的集市，请先 jiceng run --as-of {as_of:%Y-%m-%d} · "
            "there are no marts as of that day yet: run that first"
        )
    return published


def _text(sql: str) -> str:
    """The SQL that was written, or comes on standard input."""
    try:
        text = sys.stdin.read() if sql == "-" else sql
        text.encode()  # bytes that are no text may have come through as halves of characters
    except UnicodeError as error:
        raise CannotDo("SQL 语句不是文字，或不是 UTF-8 编码 · the SQL is not text, or not in UTF-8") from error
    if not text.strip().strip(";").strip():
        raise typer.BadParameter("SQL 语句是空的 · the SQL is empty")
    return text


def describe(
    mart: Annotated[str, typer.Argument(help="集市名或中文名 · a mart, by its name or its Chinese one")],
    as_json: AsJson = False,
) -> None:
    """一张集市：一行是什么、各栏含义和单位、来源报表及其规则 A mart: its grain, columns, units, and rules."""

    from jiceng import mart_tables, screen
    from jiceng.settings import load_settings

    found = mart_tables.describe(load_settings().published, mart)
    if as_json:
        print(screen.as_json(found.to_json()))
    else:
        mart_tables.show(found)


def publish(
    rollback: Annotated[bool, typer.Option("--rollback", help="回退一版 · let the version before serve again")] = False,
    as_list: Annotated[bool, typer.Option("--list", help="列出各版本（默认） · list the versions (default)")] = False,
) -> None:
    """已发布的版本：列出、回退 Published versions: list them, go back to the one before."""
    from jiceng import screen, versions
    from jiceng.settings import load_settings

    if rollback and as_list:
        raise typer.BadParameter("--rollback 与 --list 只能选一个 · choose one of the two")
    settings = load_settings()
    if rollback:
        from warehouse.snapshot import rollback as take_back

        screen.out.print(f"现由 {take_back(settings.published).name} 提供查询 · serves now", markup=False)
    versions.show(settings)

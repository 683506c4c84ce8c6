"""`jiceng bench`: what reading costs, as a table or as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from jiceng import screen

if TYPE_CHECKING:
    from benchmarks.reading_cost import Measured

_WHAT = {
    "calamine": "python-calamine 只打开、取出各格 opens and takes the cells, nothing else",
    "jiceng": "基层：识别、核对、落盘 Jiceng: recognised, matched, checked, landed as Parquet",
    "pandas-calamine": "pandas.read_excel, engine=calamine",
    "pandas-openpyxl": "pandas.read_excel, engine=openpyxl",
}


def as_json(measured: Measured) -> str:
    return screen.as_json(asdict(measured))


def show(measured: Measured) -> None:
    made = screen.table(
        f"读 {measured.files} 个表格（{measured.megabytes:.1f} MB），单核，{measured.repeat} 遍取中位数 · "
        f"{measured.files} workbooks, one core, median of {measured.repeat} · {measured.processor}",
        "",
        "做什么 what it does",
        "秒 seconds",
        "毫秒/个 ms a file",
        "倍数 × calamine",
        "处理器时间倍数 × CPU",
        "内存 peak MB",
    )
    for column in made.columns[2:]:
        column.justify = "right"
    for cost in measured.costs:
        screen.add_row(
            made,
            cost.name,
            _WHAT[cost.name],
            f"{cost.seconds:.2f}",
            f"{cost.milliseconds_per_file:.2f}",
            f"{cost.ratio:.2f} ({cost.lowest_ratio:.2f}–{cost.highest_ratio:.2f})",
            f"{cost.cpu_ratio:.2f}",
            f"{cost.peak_mb:.0f}",
            style="bold" if cost.name == "jiceng" else None,
        )
    screen.show(made)

"""The benchmark measures what it says; how fast anything is is no matter of tests."""

from __future__ import annotations

import json

import pytest

from benchmarks.reading_cost import Measured, measure
from jiceng import bench_table


@pytest.fixture(scope="module")
def measured() -> Measured:
    return measure(4, 2)


def test_every_contender_reads_the_same_files_and_calamine_is_the_measure(measured: Measured) -> None:
    assert (measured.files, measured.repeat) == (4, 2)
    names = ["calamine", "jiceng", "pandas-calamine", "pandas-openpyxl"]
    assert [cost.name for cost in measured.costs] == names
    assert (measured.costs[0].ratio, measured.costs[0].cpu_ratio) == (1, 1)
    for cost in measured.costs:
        assert cost.seconds > 0
        assert cost.lowest_ratio <= cost.ratio <= cost.highest_ratio
        assert 5 < cost.peak_mb < 1000


def test_json_says_the_same_as_the_table(measured: Measured, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(bench_table.as_json(measured))
    bench_table.show(measured)
    shown = capsys.readouterr().out
    for cost in found["costs"]:
        assert f"{cost['ratio']:.2f} ({cost['lowest_ratio']:.2f}–{cost['highest_ratio']:.2f})" in shown

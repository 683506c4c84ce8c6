"""No silent loss: a cell of a sheet with a table is a value, in quarantine, in a finding, or left out for a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingestion.cells import State
from ingestion.findings import Finding
from ingestion.records import IgnoredRows, Reading
from ingestion.texts import cell_address, column_letter

Row = Sequence[object]
Layout = tuple[list[str], list[Row]]

# What the account says of a whole row, and what of one of its columns only.
_OF_A_COLUMN = {"serial": ("序号",), "remark": ("备注",)}
_OF_THE_TABLE = ("unit_unknown", "unit_suspect", "column_unknown", "column_personal", "column_duplicate")
_OF_THE_ROW = ("row_not_understood", "part_not_recognised", "branch_repeated")

FIELDS = ["财政转移支付", "党建工作经费", "其他补助", "合计", "村集体经济收入", "财政转移支付（美元）", "年末负债余额"]
OTHERS = ["", "人均纯收入", "联系电话", "备注", "备注", "所属乡镇", "转移支付资金"]
NAMES = [
    "李家村",
    "王家村",
    "张家村",
    "李佳村",
    "王家村（含社区）",
    "",
    "合计",
    "小计",
    "其中：东片",
    "无",
    "一、东片",
    "注：略",
]
VALUES = [
    0,
    1.5,
    -3,
    15_000,
    1e16,
    "",
    " ",
    "无",
    "—",
    "约3",
    "3万元",
    "0.3元",
    "abc",
    "#REF!",
    "１．２",
    "青石镇",
    True,
    "13912345678",
    "合计",
    "单位：元",
]


def test_every_row_of_a_sheet_is_in_the_account(read_rows: Callable[..., Reading]) -> None:
    reading = read_rows(
        [
            ["青石镇2014年第一季度村级组织运转经费统计表"],
            [7],
            ["序号", "村名", "财政转移支付", "党建工作经费"],
            [1, "李家村", 1.5, 0.5],
            [2, "", "", ""],
            [3, "王家村", 1.2, 0.4],
            [4, "张家村", 1.1, 0.3],
            [8.25],
        ]
    )
    assert reading.findings == []
    assert [(rows.first_row, rows.last_row, rows.reason) for rows in reading.ignored] == [
        (3, 3, "header"),
        (1, 1, "title"),
        (4, 7, "serial"),
        (2, 2, "outside"),
        (5, 5, "no_content"),
        (8, 8, "outside"),
    ]


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """A header in any order, with what may stand beside and among the rows of a table."""
    fields = draw(st.lists(st.sampled_from(FIELDS), min_size=2, max_size=5, unique=True))
    others = draw(st.lists(st.sampled_from(OTHERS), max_size=3))
    header = draw(st.permutations(["村名", *draw(st.sampled_from([[], ["序号"]])), *fields, *others]))
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 6))):
        named = {"村名": draw(st.sampled_from(NAMES)), "序号": draw(st.sampled_from([number + 1, ""]))}
        rows.append([named.get(label, draw(st.sampled_from(VALUES))) for label in header])
    stray: list[Row] = draw(st.lists(st.lists(st.sampled_from(VALUES), max_size=3), max_size=2))
    title = draw(st.sampled_from(["青石镇2014年第一季度村级组织运转经费统计表", "青石镇村级组织运转经费"]))
    unit = draw(st.sampled_from(["", "单位：万元", "单位：元", "单位：美元"]))
    return header, [[title], [unit], *stray[:1], header, *rows, *stray[1:]]


@settings(
    max_examples=150,
    derandomize=True,  # the same layouts on every run; by hand with --hypothesis-seed and more of them
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(layout=layouts())
@example(
    layout=(
        ["村名", "财政转移支付", "其他补助", "人均纯收入"],
        [
            ["青石镇2014年第一季度村级组织运转经费统计表"],
            [""],
            ["村名", "财政转移支付", "其他补助", "人均纯收入"],
            ["李家村", 0, 0, 0],
        ],
    )
)
@example(
    layout=(["村名", "合计"], [["青石镇2014年第一季度村级组织运转经费"], ["村名", "合计"], ["", 3], ["李家村", "abc"]])
)
def test_no_cell_of_a_sheet_with_a_table_is_lost_without_a_word(
    read_rows: Callable[..., Reading], layout: Layout
) -> None:
    header, rows = layout
    reading = read_rows(rows)
    if not reading.tables:
        assert reading.findings
        return
    lost = [
        (cell_address(r, c), cell)
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if str(cell).strip() and not _is_accounted_for(reading, header, r, c)
    ]
    assert lost == []


def _is_accounted_for(reading: Reading, header: list[str], row: int, column: int) -> bool:
    return (
        any(_is_left_out(rows.reason, header, column) for rows in reading.ignored if _holds(rows, row))
        or any(_speaks_of(finding, _fields(reading), row, column) for finding in reading.findings)
        or any(q.row_number == row + 1 and column_letter(column) in json.loads(q.cells) for q in reading.quarantine)
        or _is_landed(reading, header, row, column)
    )


def _holds(rows: IgnoredRows, row: int) -> bool:
    return rows.first_row <= row + 1 <= rows.last_row


def _is_left_out(reason: str, header: list[str], column: int) -> bool:
    labels = _OF_A_COLUMN.get(reason)
    return labels is None or (column < len(header) and header[column] in labels)


def _speaks_of(finding: Finding, fields: dict[str, str], row: int, column: int) -> bool:
    """Whether a finding stands at the cell; one about rows speaks of its row, one about columns of its columns."""
    places = [(int(digits) - 1, letters) for letters, digits in re.findall(r"([A-Z]+)(\d+)", finding.cell or "")]
    letters = {letters for _, letters in places} | set(str(finding.details.get("columns", "")).split("、"))
    letters |= {letter for letter, field in fields.items() if field == finding.field}
    if finding.code in _OF_THE_ROW:
        return bool(places) and places[0][0] <= row <= places[-1][0]
    if finding.code in _OF_THE_TABLE or finding.details.get("renamed"):  # a column that may be a missing one
        return column_letter(column) in letters
    return (row, column_letter(column)) in places


def _fields(reading: Reading) -> dict[str, str]:
    """Which column holds which field."""
    return {place.column_letter: place.field for places in reading.places for place in places.places}


def _is_landed(reading: Reading, header: list[str], row: int, column: int) -> bool:
    fields = _fields(reading)
    for records in reading.records:
        if row + 1 not in records.row_numbers:
            continue
        if column < len(header) and header[column] in ("村名", "所属乡镇"):
            return True
        field = fields.get(column_letter(column))
        position = records.row_numbers.index(row + 1)
        if field is None or field not in records.values:
            continue
        state = records.states.get(field, {}).get(position)
        if records.values[field][position] is not None or state in (State.NIL, State.EXEMPT):
            return True
    return False


@pytest.mark.parametrize("reason", ["serial", "remark"])
def test_a_column_left_out_does_not_excuse_the_others(reason: str) -> None:
    assert not _is_left_out(reason, ["村名", "合计"], 1)

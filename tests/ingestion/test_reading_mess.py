"""The shapes that real returns come in: each is read as what it means, without a finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ingestion.cells import State
from ingestion.records import Reading

ReadRows = Callable[..., Reading]
Xlsx = Callable[..., bytes]
Rows = list[Sequence[object]]

TITLE = "青石镇2014年第一季度村级组织运转经费统计表"
HEADER = ("序号", "村名", "财政转移支付", "党建工作经费", "其他补助", "合计")
LI, WANG, ZHANG = (1, "李家村", 1.5, 0.5, 0.2, 2.2), (2, "王家村", 1.2, 0.4, 0, 1.6), (3, "张家村", 1.1, 0.3, 0.1, 1.5)
TOTAL = ("合计", "", 3.8, 1.2, 0.3, 5.3)
BLANK: tuple[object, ...] = ("",) * 6
FUNDING = {
    "李家村": (15_000, 5_000, 2_000, 22_000),
    "王家村": (12_000, 4_000, 0, 16_000),
    "张家村": (11_000, 3_000, 1_000, 15_000),
}
NAMES = {"219801100201": "李家村", "219801100202": "王家村", "219801100203": "张家村"}


def landed(reading: Reading) -> dict[str, tuple[object, ...]]:
    """Funding by the register's name of the branch."""
    found: dict[str, tuple[object, ...]] = {}
    for records in reading.records:
        fields = ("fiscal_transfer", "party_work_subsidy", "other_subsidy", "total")
        for code, *values in zip(records.branch_codes, *(records.values[field] for field in fields), strict=True):
            found[NAMES[str(code)]] = tuple(round(float(str(value)), 2) for value in values)
    return found


def ignored(reading: Reading, *reasons: str) -> list[tuple[int, int, str]]:
    return [(rows.first_row, rows.last_row, rows.reason) for rows in reading.ignored if rows.reason in reasons]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([[TITLE], HEADER, LI, WANG, ZHANG, TOTAL], id="plain"),
        pytest.param([[TITLE], HEADER, TOTAL, LI, WANG, ZHANG], id="total on top"),
        pytest.param([[TITLE], HEADER, LI, WANG, ZHANG, ("", " 合   计 ", 3.8, 1.2, 0.3, 5.3)], id="spaced total"),
        pytest.param([[], [], [TITLE], [], HEADER, LI, WANG, ZHANG], id="blank rows above"),
        pytest.param([[TITLE], HEADER, LI, BLANK, WANG, BLANK, ZHANG], id="blank rows between"),
        pytest.param([[TITLE], HEADER, LI, WANG, (4, *BLANK[1:]), ("", "", 0, 0, 0, 0), ZHANG], id="prepared rows"),
        pytest.param([[TITLE], HEADER, ("甲", "乙", 1, 2, 3, 4), LI, WANG, ZHANG], id="numbered columns"),
        pytest.param([[TITLE], HEADER, LI, WANG, HEADER, ZHANG], id="header repeated on a page"),
        pytest.param([[TITLE], HEADER, LI, WANG, ZHANG, ["注：1.截至季末"], ["　　2.保留两位小数"]], id="notes"),
        pytest.param(
            [[TITLE], HEADER, LI, WANG, ZHANG, ["填表人：某某    审核：某某    2014年4月3日"]], id="signature"
        ),
        pytest.param([["附件1"], [TITLE], HEADER, LI, WANG, ZHANG], id="attachment line"),
        pytest.param([[TITLE], [c and " ".join(str(c)) for c in HEADER], LI, WANG, ZHANG], id="spaced header"),
        pytest.param(
            [[TITLE], [str(c).replace("转移", "\n转移") for c in HEADER], LI, WANG, ZHANG], id="broken header"
        ),
        pytest.param(
            [[TITLE], [f"{c}（万元）" if n > 1 else c for n, c in enumerate(HEADER)], LI, WANG, ZHANG], id="units"
        ),
        pytest.param([[TITLE], HEADER, ("", "", *["（万元）"] * 4), LI, WANG, ZHANG], id="row of units"),
        pytest.param(
            [
                [TITLE],
                ["单位：元"],
                HEADER,
                *[(*r[:2], *(float(str(v)) * 10_000 for v in r[2:])) for r in (LI, WANG, ZHANG)],
            ],
            id="yuan",
        ),
        pytest.param(
            [[TITLE], HEADER, *[(*r[:2], *(f" {v} " for v in r[2:])) for r in (LI, WANG, ZHANG)]], id="numbers as text"
        ),
        pytest.param(
            [[TITLE], HEADER, (1, "李家村", "１．５", "０.５", "０．２", "２．２"), WANG, ZHANG], id="full-width digits"
        ),
        pytest.param(
            [[TITLE], HEADER, (1, "李 家 村", *LI[2:]), (2, "　王家村\u00a0", *WANG[2:]), (3, "3.张家村", *ZHANG[2:])],
            id="spaced and indented names",
        ),
        pytest.param(
            [
                [TITLE],
                HEADER,
                (1, "青石镇李家村", *LI[2:]),
                (2, "王家村村民委员会", *WANG[2:]),
                (3, "张家村党支部", *ZHANG[2:]),
            ],
            id="names with township and committee",
        ),
        pytest.param(
            [
                [TITLE],
                HEADER,
                ["一、行政村"],
                LI,
                WANG,
                ("", "小计", 2.7, 0.9, 0.2, 3.8),
                ["二、其他"],
                ZHANG,
                ("", "总计", 3.8, 1.2, 0.3, 5.3),
            ],
            id="sections and subtotals",
        ),
        pytest.param(
            [[TITLE], [*HEADER, *HEADER], [*LI, *WANG], [*ZHANG, *BLANK], [*TOTAL, *BLANK]],
            id="side by side, one total",
        ),
        pytest.param(
            [
                [TITLE],
                [*HEADER, *HEADER],
                [*LI, *WANG],
                [*ZHANG, *BLANK],
                ["合计", "", 2.6, 0.8, 0.3, 3.7, "合计", "", 1.2, 0.4, 0, 1.6],
            ],
            id="side by side, two totals",
        ),
        pytest.param([[TITLE], HEADER, LI, WANG, [], [f"{TITLE}（续表）"], HEADER, ZHANG, TOTAL], id="continued below"),
        pytest.param(
            [["", "", TITLE], ["", "", *HEADER], ["", "", *LI], ["", "", *WANG], ["", "", *ZHANG]], id="empty columns"
        ),
        pytest.param([[TITLE], (*HEADER, "备注"), (*LI, "已核实"), (*WANG, ""), (*ZHANG, "")], id="remarks"),
        pytest.param(
            [
                [TITLE],
                ("统一代码", *HEADER[1:]),
                (219801100201, *LI[1:]),
                ("219801100202", *WANG[1:]),
                ("", *ZHANG[1:]),
            ],
            id="codes",
        ),
        pytest.param(
            [[TITLE], ("序号", "乡镇", *HEADER[1:]), (1, "青石镇", *LI[1:]), (2, "", *WANG[1:]), (3, "", *ZHANG[1:])],
            id="township merged downwards",
        ),
        pytest.param(
            [
                [TITLE],
                ["填报单位（盖章）：青石镇党委          单位：万元"],
                HEADER,
                LI,
                WANG,
                ZHANG,
            ],
            id="one cell for unit and reporter",
        ),
    ],
)
def test_shape_is_read(read_rows: ReadRows, rows: Rows) -> None:
    reading = read_rows(rows)
    assert reading.findings == []
    assert landed(reading) == FUNDING


def test_merged_groups_over_two_header_rows(read_rows: ReadRows) -> None:
    header: Rows = [["序号", "村名", "收入", "", "", "合计"], ["", "", "财政转移支付", "党建工作经费", "其他补助", ""]]
    reading = read_rows([[TITLE], *header, LI, WANG, ZHANG], merges=("A2:A3", "B2:B3", "C2:E2", "F2:F3"))
    assert reading.findings == []
    assert landed(reading) == FUNDING
    (places,) = reading.places
    assert [(place.field, place.column_letter, place.header_text, place.unit) for place in places.places] == [
        ("fiscal_transfer", "C", "收入财政转移支付", "万元"),
        ("party_work_subsidy", "D", "收入党建工作经费", "万元"),
        ("other_subsidy", "E", "收入其他补助", "万元"),
        ("total", "F", "合计", "万元"),
    ]


def test_group_tells_fields_of_one_label_apart(read_rows: ReadRows) -> None:
    rows: Rows = [
        ["青石镇2014年上半年村屯道路情况"],
        ["村名", "道路总里程", "未硬化里程", "未通屯数", "路况", "", ""],
        ["", "", "", "", "村路", "巷路", "田间作业路"],
        ["李家村", 12.5, 3, 0, "好", "一般", "差"],
        ["王家村", 8, "—", "无", "较好", "差", ""],
        ["张家村", "5公里", 0, 2, "中", "", "好"],
    ]
    reading = read_rows(rows, merges=("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:G2"))
    (records,) = reading.records
    assert [(f.code, f.cell) for f in reading.findings] == [("value_unit_in_cell", "B6")]
    assert records.values["road_km"] == [12.5, 8, 5]
    assert records.values["condition_village_road"] == ["good", "good", "fair"]
    assert records.values["condition_lane"] == ["fair", "poor", None]
    assert records.values["condition_field_road"] == ["poor", None, "good"]
    assert records.states == {"unpaved_km": {1: State.NIL}, "hamlets_unconnected": {1: State.NIL}}


def test_stacked_tables_are_read_each_as_its_own_return(read_rows: ReadRows) -> None:
    members: Rows = [
        ["青石镇2014年第一季度党员队伍统计表"],
        ["序号", "单位名称", "党员总数", "本年发展党员"],
        *[[n, name, 20 + n, 1] for n, name in enumerate(("李家村", "王家村", "张家村", "和平社区", "绿源公司党支部"))],
    ]
    reading = read_rows([[TITLE], HEADER, LI, WANG, ZHANG, TOTAL, ["注：截至季末"], [], *members, ["填表人：某某"]])
    assert reading.findings == []
    assert [(r.form.form, r.table_number, r.row_numbers) for r in reading.records] == [
        ("operating_funding", 1, [3, 4, 5]),
        ("membership", 2, [11, 12, 13, 14, 15]),
    ]
    assert [(t.form, t.header_row, t.first_row, t.last_row, t.rows) for t in reading.tables] == [
        ("operating_funding", 2, 3, 6, 3),
        ("membership", 10, 11, 15, 5),
    ]
    assert ignored(reading, "title", "note", "total", "header") == [
        (2, 2, "header"), (7, 7, "note"), (10, 10, "header"), (16, 16, "note"),
        (1, 1, "title"), (9, 9, "title"), (6, 6, "total"),
    ]  # fmt: skip


def test_figures_under_a_header_nobody_knows_are_reported(read_rows: ReadRows) -> None:
    reading = read_rows(
        [[TITLE], HEADER, LI, WANG, ZHANG, [], ["单位", "甲数", "乙数"], ["某部门", 1, 2], ["某处", 3, 4]]
    )
    unread = [(f.code, f.cell) for f in reading.findings if f.code != "branch_unknown"]
    quarantined = [row.row_number for row in reading.quarantine]
    assert unread == [("part_not_recognised", "A8:F9")] or quarantined == [7, 8, 9]


def test_branch_that_stands_alone_on_its_row_has_not_reported_its_figures(read_rows: ReadRows) -> None:
    reading = read_rows([[TITLE], HEADER[1:], LI[1:], WANG[1:], ["张家村"], ["镇直单位"]])
    (records,) = reading.records
    assert [(f.code, f.cell) for f in reading.findings] == [("value_missing", "B5"), ("value_missing", "C5")]
    assert records.values["fiscal_transfer"] == [15_000, 12_000, None]
    assert ignored(reading, "section") == [(6, 6, "section")]


def test_signed_empty_return_is_nil(read_rows: ReadRows) -> None:
    rows: Rows = [
        ["青石镇2014年3月软弱涣散党组织整顿台账"],
        ["序号", "村名", "列入时间", "软弱涣散类型"],
        ["", "无", "", ""],
    ]
    reading = read_rows(rows)
    assert (reading.findings, reading.records) == ([], [])
    assert [(t.form, t.period and t.period.name, t.rows, t.outcome) for t in reading.tables] == [
        ("rectification", "2014-03", 0, "landed")
    ]
    assert ignored(reading, "nil") == [(3, 3, "nil")]


def test_cover_and_empty_sheets_are_ignored_by_name(read_file: Callable[..., Reading], xlsx: Xlsx) -> None:
    cover: Rows = [[], ["基层组织建设情况报表"], ["青石镇"]]
    reading = read_file(xlsx(("封面", cover), ("运转经费", [[TITLE], HEADER, LI, WANG, ZHANG]), ("Sheet3", [])))
    assert reading.findings == []
    assert [(rows.sheet_name, rows.reason) for rows in reading.ignored if rows.sheet_name != "运转经费"] == [
        ("封面", "cover"),
        ("Sheet3", "empty_sheet"),
    ]


def test_workbook_whose_sheets_are_all_empty_is_told_as_such(read_file: Callable[..., Reading], xlsx: Xlsx) -> None:
    reading = read_file(xlsx(("运转经费", []), ("Sheet2", [])))
    assert [
        (f.code, f.severity, f.sheet_name, f.reporting_unit_code, f.text_zh(), f.text_en(), f.remedy_zh())
        for f in reading.findings
    ] == [
        (
            "workbook_empty",
            "error",
            "运转经费",
            "219801100",
            "工作表“运转经费”、“Sheet2”是空的，文件中没有任何内容",
            "The file holds nothing: its sheets are empty “运转经费”、“Sheet2”",
            "请填写后重新报送；如已填写，请核对是否保存、是否选错了文件",
        )
    ]
    assert reading.reason == f"{reading.findings[0].text_zh()} · {reading.findings[0].text_en()}"


def test_empty_sheet_that_names_a_form_is_told_beside_one_that_is_no_return(
    read_file: Callable[..., Reading], xlsx: Xlsx
) -> None:
    reading = read_file(xlsx(("运转经费", []), ("附件", [["本月情况"], ["另报"]])))
    assert [(f.code, f.sheet_name) for f in reading.findings] == [
        ("sheet_empty", "运转经费"),
        ("sheet_not_recognised", "附件"),
        ("no_return_found", None),
    ]


def test_empty_sheet_that_names_a_form_is_told_beside_a_good_one(read_file: Callable[..., Reading], xlsx: Xlsx) -> None:
    reading = read_file(xlsx(("运转经费", [[TITLE], HEADER, LI, WANG, ZHANG]), ("党员队伍", []), ("Sheet3", [])))
    assert [
        (f.code, f.severity, f.sheet_name, f.form, f.text_zh(), f.text_en(), f.remedy_zh()) for f in reading.findings
    ] == [
        (
            "sheet_empty",
            "warning",
            "党员队伍",
            "membership",
            "工作表名是“党员队伍及发展党员”，表却是空的",
            "The sheet is called “Party membership and recruitment” but is empty",
            "应报的请填写后重新报送；不用报的请删除该工作表",
        )
    ]
    assert reading.rows == 3


def test_five_states_are_kept_apart(read_rows: ReadRows) -> None:
    rows: Rows = [
        ["青石镇2014年3月领导班子配备统计表"],
        [
            "单位名称",
            "应配职数",
            "实配职数",
            "书记是否空缺",
            "书记空缺起始时间",
            "书记产生方式",
            "主任是否空缺",
            "本月是否调整班子",
        ],
        ["李家村", 5, 0, "√", "2014.3", "无", "×", ""],
        ["王家村", 5, 5, "否", "—", "选举", "是", "是"],
        ["张家村", 5, 5, "否", "", "下派干部", "否", "否"],
        ["和平社区", 5, 5, "否", "/", "其它", "否", "否"],
        ["绿源公司党支部", 3, 3, "否", "", "选举", "", "否"],
    ]
    (records,) = read_rows(rows).records
    assert records.values["filled"] == [0, 5, 5, 5, 3]
    assert records.values["secretary_vacant"] == [True, False, False, False, False]
    assert [str(day) for day in records.values["secretary_vacant_since"]] == [
        "2014-03-01",
        "None",
        "None",
        "None",
        "None",
    ]
    assert records.values["secretary_origin"] == [None, "elected", "dispatched", "other", "elected"]
    assert records.states["secretary_vacant_since"] == dict.fromkeys((1, 2, 3, 4), State.NIL)
    assert records.states["secretary_origin"] == {0: State.NIL}
    assert records.states["director_vacant"] == {4: State.EXEMPT}
    assert "team_adjusted" not in records.states  # an empty cell there is missing


def test_several_types_in_one_cell(read_rows: ReadRows) -> None:
    rows: Rows = [
        ["青石镇2014年3月整顿台账"],
        ["村名", "列入时间", "软弱涣散类型"],
        ["李家村", "2014年3月5日", "无活动场所、治安问题和信访矛盾集中"],
        ["王家村", "20140305", "班子不团结和服务意识差"],
    ]
    (records,) = read_rows(rows).records
    assert records.values["weak_types"] == ["no_venue|public_order_petitions", "team_discord|weak_service"]
    assert [str(day) for day in records.values["listed_on"]] == ["2014-03-05", "2014-03-05"]


def test_shortest_header_unit_in_the_title_and_decorated_totals(read_rows: ReadRows) -> None:
    """A column that holds a figure nobody could read is not held against its total."""
    rows: Rows = [
        ["青石镇2014年第一季度村级组织运转经费（单位：元）"],
        ["村", "财政转移支付", "党建工作经费"],
        ["李家村", 25000, 3000],
        ["王家村", "两万", 3000],
        ["张家村", 20000, 3000],
        ["合计（3个村）：", 65000, 9000],
        ["平均", 22500, 3000],
    ]
    reading = read_rows(rows)
    (records,) = reading.records
    assert records.values["fiscal_transfer"] == [25000, None, 20000]
    assert records.values["party_work_subsidy"] == [3000, 3000, 3000]
    assert [(finding.code, finding.cell) for finding in reading.findings] == [("value_not_number", "B4")]
    assert ignored(reading, "total", "subtotal") == [(6, 6, "total"), (7, 7, "subtotal")]

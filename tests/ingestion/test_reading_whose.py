"""Whose return it is, and which branch a row is about; contradictions wait in quarantine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.records import Reading
from ingestion.register import Register
from tests.ingestion.team_return import HEADER, TEAM, Rows, decided, team

ReadRows = Callable[..., Reading]


def told(reading: Reading) -> list[tuple[str, str | None, str | None, str]]:
    return [(f.code, f.cell, f.original, f.text_zh()) for f in reading.findings]


@pytest.mark.parametrize(
    ("rows", "file_name"),
    [
        pytest.param(team(), "云溪县/青石镇/报表.xlsx", id="folder"),
        pytest.param(team(), "云溪县/青石镇/一季度/补报/报表.xlsx", id="deeper folder"),
        pytest.param(
            team("2014年3月班子", ["填报单位：党建办"]), "云溪县/青石镇/报表.xlsx", id="an office as 填报单位"
        ),
        pytest.param(
            team("2014年3月班子", ["填报单位：云溪县青石镇"]), "云溪县/青石镇/报表.xlsx", id="county before it"
        ),
    ],
)
def test_reporting_unit_is_found(read_rows: ReadRows, rows: Rows, file_name: str) -> None:
    reading = read_rows(rows, file_name=file_name)
    assert reading.findings == []
    assert decided(reading) == [("219801100", "2014-03", 5)]


@pytest.mark.parametrize(
    ("rows", "folders", "place"),
    [
        pytest.param(
            team("2014年3月班子", ["填报单位：青石镇人民政府"]), "云溪县", "放在“云溪县”", id="填报单位, in the county"
        ),
        pytest.param(
            team("2014年3月班子", ["单位：青石镇"]), "云溪县/一季度", "放在“云溪县/一季度”", id="单位, deeper"
        ),
        pytest.param(team(), "", "直接放在收件箱里", id="title, in the inbox itself"),
    ],
)
def test_township_that_only_the_sheet_names_is_taken_and_said(
    read_rows: ReadRows, rows: Rows, folders: str, place: str
) -> None:
    reading = read_rows(rows, file_name=f"{folders}/报表.xlsx".lstrip("/"))
    (finding,) = reading.findings
    assert (finding.code, finding.severity, finding.original, finding.reporting_unit_code, finding.text_zh()) == (
        "reporter_by_sheet",
        "info",
        folders or None,
        "219801100",
        f"本文件{place}，没有放进乡镇文件夹，按表中写明的“青石镇”入库",
    )
    assert finding.remedy_zh().startswith("若确由“青石镇”报送，不用重报；以后请放入“云溪县/青石镇”文件夹")
    assert decided(reading) == [("219801100", "2014-03", 5)]


def test_codes_tell_the_reporting_unit(read_rows: ReadRows) -> None:
    rows: Rows = [
        ["2014年3月班子"],
        ("统一代码", *HEADER),
        *[(code, *row) for code, row in zip(("219801100001", "219801100201"), TEAM, strict=False)],
    ]
    assert decided(read_rows(rows, file_name="报表.xlsx")) == [("219801100", "2014-03", 2)]


@pytest.mark.parametrize(
    ("rows", "cell", "text"),
    [
        pytest.param(
            team("2014年3月班子", ["填报单位：白水乡人民政府"]),
            "A2",
            "填报单位不一致：文件夹为青石镇，填报单位为白水乡，本表进入待处理区",
            id="folder and 填报单位",
        ),
        pytest.param(
            team("白水乡2014年3月领导班子配备统计表"),
            "A1",
            "填报单位不一致：文件夹为青石镇，标题为白水乡，本表进入待处理区",
            id="folder and title",
        ),
        pytest.param(
            team("2014年3月班子", ["填报单位：清石镇"]),
            "A2",
            "填报单位不一致：文件夹为青石镇，填报单位为“清石镇”，本表进入待处理区",
            id="folder and a township nobody knows",
        ),
        pytest.param(
            [["2014年3月班子"], ("统一代码", *HEADER), ("219801200201", *TEAM[1]), ("219801200202", *TEAM[2])],
            None,
            "填报单位不一致：文件夹为青石镇，代码为白水乡，本表进入待处理区",
            id="folder and codes",
        ),
    ],
)
def test_contradicting_reporters_are_a_finding_not_a_choice(
    read_rows: ReadRows, rows: Rows, cell: str | None, text: str
) -> None:
    reading = read_rows(rows)
    assert [(f.code, f.cell, f.text_zh()) for f in reading.findings] == [("reporter_conflict", cell, text)]
    assert reading.records == []
    assert {row.code for row in reading.quarantine} == {"reporter_conflict"}
    assert [table.outcome for table in reading.tables] == ["quarantined"]


@pytest.mark.parametrize(
    ("file_name", "reason"),
    [
        ("某处/报表.xlsx", "文件夹和表中都没有名册里的单位"),
        ("云溪县/报表.xlsx", "只知道属于云溪县"),
        ("云溪县/清石镇/报表.xlsx", "只知道属于云溪县；文件夹“清石镇”不在名册中，可能是青石镇"),
        ("清石镇/报表.xlsx", "文件夹和表中都没有名册里的单位；文件夹“清石镇”不在名册中，可能是青石镇"),
    ],
)
def test_reporter_that_nothing_tells_is_a_finding(read_rows: ReadRows, file_name: str, reason: str) -> None:
    reading = read_rows(team("2014年3月领导班子配备统计表"), file_name=file_name)
    assert [(f.code, f.text_zh()) for f in reading.findings] == [
        ("reporter_unknown", f"无法确定填报单位（{reason}），本表进入待处理区")
    ]
    assert [row.code for row in reading.quarantine] == ["reporter_unknown"] * 5


@pytest.mark.parametrize(
    ("folders", "folder", "nearest"),
    [
        pytest.param("蓝田镇", "蓝田镇", "（没有相近的）", id="a township nobody knows"),
        pytest.param("组织部发来", "组织部发来", "（没有相近的）", id="no area at all"),
        pytest.param("云溪县/清石镇", "清石镇", "青石镇", id="a name that is nearly right"),
        pytest.param("云溪县/青石真/一季度", "青石真", "青石镇", id="a name that is nearly right, without 镇"),
    ],
)
def test_folder_that_is_no_area_is_said_and_the_sheet_counts(
    read_rows: ReadRows, folders: str, folder: str, nearest: str
) -> None:
    rows = team("2014年3月班子", ["填报单位：青石镇人民政府"])
    reading = read_rows(rows, file_name=f"{folders}/报表.xlsx")
    nearest_en = "(none is close)" if nearest.startswith("（") else nearest
    (finding,) = reading.findings
    assert (finding.code, finding.cell, finding.original, finding.severity, finding.reporting_unit_code) == (
        "reporter_folder_unknown",
        None,
        folders,
        "warning",
        "219801100",
    )
    assert finding.text_zh() == f"文件夹“{folder}”不是名册里的县或乡镇，本文件按表中写明的“青石镇”入库"
    assert finding.text_en() == (
        f"The folder “{folder}” is no county or township of the register; "
        "the file was landed as 青石镇, which its sheets state"
    )
    assert finding.remedy_zh() == (
        f"请核对是否确由“青石镇”报送，以后放入“云溪县/青石镇”文件夹（与“{folder}”相近的名称：{nearest}）；"
        "新设的单位请先更新党组织名册"
    )
    assert finding.remedy_en() == (
        "Confirm that 青石镇 sent it and use the folder 云溪县/青石镇 from now on "
        f"(names close to “{folder}”: {nearest_en}); a new unit must first be entered in the register"
    )
    assert decided(reading) == [("219801100", "2014-03", 5)]


@pytest.mark.parametrize(
    "folders", ["云溪县", "云溪县/一季度", "云溪县/汇总/补报", "报送/云溪县/青石镇/一季度", "青石镇"]
)
def test_folder_that_need_not_be_an_area_is_passed_over(read_rows: ReadRows, folders: str) -> None:
    rows = team("2014年3月班子", ["填报单位：青石镇人民政府"])
    reading = read_rows(rows, file_name=f"{folders}/报表.xlsx")
    assert "reporter_folder_unknown" not in {finding.code for finding in reading.findings}
    assert decided(reading) == [("219801100", "2014-03", 5)]


def test_without_a_register_every_return_waits(read_file: Callable[..., Reading], xlsx: Callable[..., bytes]) -> None:
    rows = team("2014年3月班子", ["填报单位：青石镇人民政府"])
    reading = read_file(xlsx(("班子", rows), ("班子2", rows)), "云溪县/青石镇/a.xlsx", Register())
    said = "还没有读入过党组织名册，认不出是哪个单位填报，本文件各表进入待处理区"
    assert told(reading) == [("register_missing", None, None, said)]
    assert [row.code for row in reading.quarantine] == ["register_missing"] * 10


def test_county_reports_for_its_townships(read_rows: ReadRows) -> None:
    rows: Rows = [
        ["2014年3月领导班子配备统计表"],
        ["填报单位：云溪县委组织部"],
        ("乡镇", *HEADER),
        ("青石镇", *TEAM[0]),
        *[("", *row) for row in TEAM[1:]],
        ("白水乡", "李家村", 5, 5, "否", "否"),
        ("", "赵家村", 5, 5, "否", "否"),
        ("", "新立村", 5, 5, "否", "否"),
    ]
    reading = read_rows(rows, file_name="云溪县/汇总.xlsx")
    (records,) = reading.records
    assert [(f.code, f.cell) for f in reading.findings] == [("branch_unknown", "B11")]
    assert records.reporting_unit_code == "219801"
    assert records.branch_codes[1] == "219801100201"
    assert records.branch_codes[5:] == ["219801200201", "219801200202"]


def test_name_that_two_branches_have_needs_its_code(read_rows: ReadRows) -> None:
    rows: Rows = [["2014年3月班子"], ["填报单位：云溪县"], HEADER, ("李家村", 5, 5, "否", "否")]
    reading = read_rows(rows, file_name="云溪县/汇总.xlsx")
    (finding,) = (f for f in reading.findings if f.code != "branch_missing")
    assert (finding.code, finding.cell, finding.original) == ("branch_ambiguous", "A4", "李家村")
    assert finding.remedy_zh() == "请加上统一代码：青石镇李家村 219801100201、白水乡李家村 219801200201"


def test_branch_counts_from_the_day_it_exists(read_rows: ReadRows) -> None:
    rows: Rows = [HEADER, *[(name, 5, 5, "否", "否") for name in ("李家村", "赵家村", "新立村")]]
    before = read_rows([["白水乡2014年6月班子"], *rows], file_name="云溪县/白水乡/a.xlsx")
    after = read_rows([["白水乡2014年7月班子"], *rows], file_name="云溪县/白水乡/a.xlsx")
    assert [(f.code, f.cell) for f in before.findings] == [("branch_unknown", "A5")]
    assert (after.findings, decided(after)) == ([], [("219801200", "2014-07", 3)])


@pytest.mark.parametrize(
    ("code", "name", "by_code"),
    [
        ("219801100203", "王家村", "219801100203（青石镇张家村）"),
        ("219801200202", "王家村", "219801200202（白水乡赵家村）"),
        ("219801100999", "王家村", "219801100999（名册中没有）"),
        ("219801100202", "王家堡", "219801100202（青石镇王家村）"),
    ],
)
def test_code_that_contradicts_the_name_is_a_finding(read_rows: ReadRows, code: str, name: str, by_code: str) -> None:
    rows: Rows = [
        ["青石镇2014年3月班子"],
        ("统一代码", *HEADER),
        ("219801100001", *TEAM[0]),
        ("219801100201", *TEAM[1]),
        (code, name, 5, 5, "否", "否"),
    ]
    (finding,) = (f for f in read_rows(rows).findings if f.code != "branch_missing")
    assert (finding.code, finding.cell, finding.original) == ("branch_code_conflict", "A5", code)
    assert finding.text_zh() == f"代码是“{by_code}”，名称却是“{name}”，该行进入待处理区"


def test_number_that_is_no_code_does_not_get_in_the_way(read_rows: ReadRows) -> None:
    rows: Rows = [["青石镇2014年3月班子"], ("编码", *HEADER), *[(n, *row) for n, row in enumerate(TEAM, 1)]]
    assert decided(read_rows(rows)) == [("219801100", "2014-03", 5)]


REGISTER_HEADER = [
    *("统一代码", "党组织名称", "乡镇", "乡镇代码", "类别", "市", "县(市)区"),
    *("启用日期", "停用日期", "承继代码", "户数", "人口"),
]
STONE = ("青石镇", "219801100", "村", "东平市", "云溪县")


def test_register_declares_its_branches_and_needs_no_register(
    read_file: Callable[..., Reading], xlsx: Callable[..., bytes]
) -> None:
    rows: Rows = [
        ["云溪县党组织名册（2014年1月）"],
        REGISTER_HEADER,
        ("219801100201", "李家村", *STONE, "2013-01-01", "", "", 300, 900),
        (219801100202.0, "王家村", "青石镇", 219801100.0, *STONE[2:], "2013.1", "2014-06-30", "219801100201", "", ""),
        ("12", "坏代码", *STONE, "2013-01-01", "", "", 300, 900),
    ]
    reading = read_file(xlsx(("名册", rows)), "云溪县/党组织名册.xlsx", Register())
    (records,) = reading.records
    assert told(reading) == [("branch_code_invalid", "A5", "12", "代码应为12位数字或18位字母数字，该行进入待处理区")]
    assert records.reporting_unit_code == "219801"
    assert records.branch_codes == ["219801100201", "219801100202"]
    assert records.values["township_code"] == ["219801100", "219801100"]
    assert records.values["township_name"] == ["青石镇", "青石镇"]
    assert [str(day) for day in records.values["valid_to"]] == ["None", "2014-06-30"]
    assert records.values["successor_codes"] == [None, "219801100201"]


def test_register_of_two_counties_is_a_conflict(read_file: Callable[..., Reading], xlsx: Callable[..., bytes]) -> None:
    rows: Rows = [
        ["党组织名册"],
        REGISTER_HEADER,
        ("219801100201", "李家村", "青石镇", "219801100", "村", "东平市", "云溪县", "2013-01-01", "", "", 300, 900),
        ("219802100201", "王家村", "白水乡", "219802100", "村", "东平市", "望溪县", "2013-01-01", "", "", 300, 900),
    ]
    reading = read_file(xlsx(("名册", rows)), "党组织名册.xlsx", Register())
    assert [(f.code, f.details["found"]) for f in reading.findings] == [("reporter_conflict", "219801、219802")]
